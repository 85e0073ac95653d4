import type { GroundingMode } from '../template';
import { normalizeTemplateText, trimWhiteSpace } from './text';
import { canonicalJsonOfValue } from './write-json';

/** A change of a rule is a new version, never an edit: stored hashes keep their meaning. */
const CONFIG_VERSION = 1;

/** What of a template makes it a duplicate of another. Anything else it has (name, labels, …) is ignored. */
export interface TemplateConfigInput {
  readonly system_instructions?: string | null;
  readonly user_prompt_template?: string | null;
  readonly country_set?: readonly string[] | null;
  readonly provider?: string | null;
  readonly model_id?: string | null;
  /** JSON values; checked when they are written. */
  readonly inference_params?: Readonly<Record<string, unknown>> | null;
  readonly response_schema?: unknown;
  readonly grounding_mode?: GroundingMode | null;
  readonly als?: boolean | null;
  readonly model_version_constraint?: string | null;
}

/** The text whose SHA-256 is `config_sha256` (docs/canonical.md#template-configuration). */
export function canonicalTemplateConfig(template: TemplateConfigInput): string {
  return canonicalJsonOfValue({
    v: CONFIG_VERSION,
    system_instructions: normalizeTemplateText(template.system_instructions ?? ''),
    user_prompt_template: normalizeTemplateText(template.user_prompt_template ?? ''),
    country_set: canonicalCountries(template.country_set ?? []),
    provider: template.provider ?? null,
    model_id: trimWhiteSpace(template.model_id ?? ''),
    inference_params: withoutNulls(template.inference_params ?? {}),
    response_schema: template.response_schema ?? null,
    grounding_mode: template.grounding_mode ?? 'none',
    als: template.als ?? false,
    model_version_constraint: template.model_version_constraint ?? null,
  });
}

function canonicalCountries(countries: readonly string[]): string[] {
  return [...new Set(countries.map((country) => trimWhiteSpace(country).toUpperCase()))].toSorted();
}

/** Top-level keys only: a null inside a parameter's own value is content. */
function withoutNulls(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null));
}
