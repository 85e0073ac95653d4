import type { JsonObject } from '../../src-shared/domain';
import type { ProviderFailure } from '../ports';

const LIMITS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxOutputTokens'];

/**
 * A probe's parameters as the server wants them, whatever the model is called: what it refuses by name is renamed as it
 * says, else left out. Null where it names none of them. Each change takes something away or renames it once, so it ends.
 */
export function adaptToRefusal(params: JsonObject, failure: ProviderFailure | null): JsonObject | null {
  if (failure === null || failure.code !== 'invalid_request') return null;
  const said = `${failure.param ?? ''} ${failure.message}`;
  const limit = LIMITS.find((name) => name in params);
  const effort =
    'reasoning_effort' in params && /effort|thinking/i.test(said) ? 'reasoning_effort' : undefined;
  const refused =
    Object.keys(params).find((name) => name === failure.param) ??
    effort ??
    (limit !== undefined && LIMITS.some((name) => said.includes(name)) ? limit : undefined) ??
    Object.keys(params).find((name) => said.includes(name));
  if (refused === undefined) return null;
  const { [refused]: value, ...rest } = params;
  const renamed = refused === 'max_tokens' && said.includes('max_completion_tokens');
  return renamed && value !== undefined ? { ...rest, max_completion_tokens: value } : rest;
}
