import type { JsonObject, JsonValue } from '../../../src-shared/domain';

/** A request in the provider's own words, or why none can be made. */
export type BuiltRequest =
  | {
      readonly ok: true;
      readonly body: JsonObject;
      readonly headers?: Readonly<Record<string, string>>;
      /** Facts to be kept with the answer, as `x-prompter-…` pairs. */
      readonly notes?: readonly (readonly [string, string])[];
    }
  | { readonly ok: false; readonly message: string };

export interface ParamRules {
  /** Fields that the template and the run decide; a second source for them would break the record. */
  readonly reserved: ReadonlySet<string>;
  /** Neutral names and the provider's own. */
  readonly aliases: ReadonlyMap<string, string>;
}

export type SortedParams =
  { readonly ok: true; readonly params: JsonObject } | { readonly ok: false; readonly message: string };

/**
 * Inference parameters under the provider's own names. Whatever is not a known alias goes out as it is, and so does an
 * alias beside its own target: the provider's refusal is evidence, a dropped parameter is none. Null is "not given"
 * (docs/canonical.md#template-configuration).
 */
export function providerParams(given: JsonObject, rules: ParamRules): SortedParams {
  const params: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(given)) {
    if (value === null) continue;
    if (rules.reserved.has(name)) {
      return {
        ok: false,
        message: `inference_params.${name}: this field is set by the template and the run. Remove it here.`,
      };
    }
    const target = rules.aliases.get(name);
    params.push([target === undefined || isGiven(given[target]) ? name : target, value]);
  }
  return { ok: true, params: Object.fromEntries(params) };
}

/** A parameter that would replace the response schema: with it, the answer would be held to something else. */
export function decidedBySchema(parameter: string): BuiltRequest {
  return {
    ok: false,
    message: `inference_params.${parameter}: this field is set by the template's response schema. Remove one of the two.`,
  };
}

function isGiven(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

/** Two lists as one; a single value that is no list stays as it was given, for the provider to judge. */
export function joinLists(given: JsonValue | undefined, more: readonly JsonValue[]): JsonValue | undefined {
  if (more.length === 0) return given;
  if (given === undefined) return [...more];
  return Array.isArray(given) ? [...given, ...more] : given;
}

/** Sets fields inside an object parameter, leaving those that were given. */
export function mergeObject(given: JsonValue | undefined, more: JsonObject): JsonValue {
  if (given === undefined) return more;
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...more, ...given } : given;
}
