import type { FieldProblem, JsonObject, JsonValue } from '../../../src-shared/domain';

/** A request in the provider's format, or why there is none. */
export type BuiltRequest =
  | {
      readonly ok: true;
      readonly body: JsonObject;
      readonly headers?: Readonly<Record<string, string>>;
      /** Facts to store with the answer, as `x-prompter-…` pairs. */
      readonly notes?: readonly (readonly [string, string])[];
    }
  | {
      readonly ok: false;
      readonly message: string;
      /** Set where the protocol or the model has no place for something in messages or tools. */
      readonly untaken?: FieldProblem;
    };

export interface ParamRules {
  /** Fields set by the template and the run; a second source would contradict the record. */
  readonly reserved: ReadonlySet<string>;
  /** Maps neutral names to the provider's own. */
  readonly aliases: ReadonlyMap<string, string>;
}

export type SortedParams =
  { readonly ok: true; readonly params: JsonObject } | { readonly ok: false; readonly message: string };

/**
 * Inference parameters under the provider's names. Anything that is not a known alias is sent unchanged, and so is an
 * alias given alongside its target: the provider's rejection is evidence, a dropped parameter is not. Null means "not
 * given" (docs/canonical.md#template-configuration).
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

/** A parameter that would replace the response schema, and so hold the answer to something else. */
export function decidedBySchema(parameter: string): BuiltRequest {
  return {
    ok: false,
    message: `inference_params.${parameter}: this field is set by the template's response schema. Remove one of the two.`,
  };
}

/** A parameter that would replace the tools' own choice. */
export function decidedByTools(parameter: string): BuiltRequest {
  return {
    ok: false,
    message: `inference_params.${parameter}: this field is set by the template's tools. Remove it here, or the tools.`,
  };
}

function isGiven(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

/** Joins two lists; a value that is not a list stays as given, for the provider to judge. */
export function joinLists(given: JsonValue | undefined, more: readonly JsonValue[]): JsonValue | undefined {
  if (more.length === 0) return given;
  if (given === undefined) return [...more];
  return Array.isArray(given) ? [...given, ...more] : given;
}

/** Sets fields inside an object parameter and keeps those already given. */
export function mergeObject(given: JsonValue | undefined, more: JsonObject): JsonValue {
  if (given === undefined) return more;
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...more, ...given } : given;
}
