import type { JsonObject } from '../../src-shared/domain';
import type { ProviderFailure } from '../ports';

const LIMITS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxOutputTokens'];

/**
 * Adjusts a probe's parameters to the server's refusal, whatever the model is called: a parameter that it names is
 * renamed as it says, else dropped. Null if it names none. Every change drops one or renames it once, so this
 * terminates.
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
