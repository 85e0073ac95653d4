import { Ajv, MissingRefError, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { FieldProblem, JsonObject, JsonValue } from '../../src-shared/domain';
import { withinTime } from './within-time';

export interface SchemaProblem {
  /** JSON Pointer into the output; empty for the root. */
  readonly pointer: string;
  readonly message: string;
}

export type SchemaCheck =
  { readonly valid: true } | { readonly valid: false; readonly problems: readonly SchemaProblem[] };

/** The first few problems are enough; a list of ten thousand items must not produce ten thousand lines. */
const MAX_PROBLEMS = 20;
/** In a longer output only the first problem is reported: one problem per item of a huge list would exhaust memory. */
const MAX_EXPLAINED = 200_000;
/** A pattern that backtracks endlessly would block everything, again at each start: the answer is stored by then. */
const MAX_MILLISECONDS = 5_000;

/** Checks an output against a template's response schema, whatever the provider enforces (strict JSON). */
export function checkAgainstSchema(schema: JsonObject, value: JsonValue): SchemaCheck {
  const compiled = compiledOf(schema);
  if (!compiled.ok) {
    const message = `the response schema itself cannot be used: ${compiled.problem.message}`;
    return { valid: false, problems: [{ pointer: '', message }] };
  }
  const { validate, explain } = compiled;
  const verdict = checkedInTime(() => validate(value));
  if (verdict !== false) return verdict === true ? { valid: true } : verdict;
  const first = validate.errors ?? [];
  const all = JSON.stringify(value).length <= MAX_EXPLAINED ? checkedInTime(() => explain(value)) : first;
  const problems = ('valid' in all ? first : all).slice(0, MAX_PROBLEMS).map((error) => ({
    pointer: error.instancePath,
    message: `${error.message ?? 'is not valid'}${detailOf(error.params)}`,
  }));
  return {
    valid: false,
    problems: problems.length > 0 ? problems : [{ pointer: '', message: 'is not valid' }],
  };
}

type Unchecked = Extract<SchemaCheck, { valid: false }>;

/** The check's result, or why there is none: what cannot be checked does not pass. */
function checkedInTime<T>(check: () => T): T | Unchecked {
  try {
    const checked = withinTime(MAX_MILLISECONDS, check);
    if (checked.ended) return checked.value;
    return unchecked(`it took longer than ${MAX_MILLISECONDS / 1000} s: a pattern in it may never finish`);
  } catch (error) {
    // Stack overflow: the output nests too deeply, or the schema refers to itself endlessly.
    if (error instanceof RangeError) return unchecked(error.message);
    throw error;
  }
}

function unchecked(why: string): Unchecked {
  const message = `could not be checked against the response schema (${why})`;
  return { valid: false, problems: [{ pointer: '', message }] };
}

/** Problems in one line, each with its location: `/score must be number; / must have required property 'a'`. */
export function problemText(problems: readonly SchemaProblem[]): string {
  const shown = problems.slice(0, 3).map(({ pointer, message }) => `${pointer || '/'} ${message}`);
  const more = problems.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** Ajv names an unknown or wrong value only in its parameters. */
function detailOf(params: Readonly<Record<string, unknown>>): string {
  if (typeof params['additionalProperty'] === 'string')
    return ` (${JSON.stringify(params['additionalProperty'])})`;
  if (Array.isArray(params['allowedValues'])) return `: ${JSON.stringify(params['allowedValues'])}`;
  return '';
}

/** Why a response schema is unusable, with the path in it; null if it is usable. */
export function responseSchemaProblem(schema: JsonObject): FieldProblem | null {
  const compiled = compiledOf(schema);
  return compiled.ok ? null : compiled.problem;
}

type Compiled =
  | {
      readonly ok: true;
      /** Stops at the first problem. */
      readonly validate: ValidateFunction;
      /** Finds all problems: somebody correcting an output wants to see everything at once. */
      readonly explain: (value: JsonValue) => readonly ErrorObject[];
    }
  | { readonly ok: false; readonly problem: FieldProblem };

/** Cached by text: compiling takes milliseconds, and each run reads its template anew. */
const compiled = new Map<string, Compiled>();
const MAX_COMPILED = 200;

function compiledOf(schema: JsonObject): Compiled {
  const key = JSON.stringify(schema);
  const known = compiled.get(key);
  const result = known ?? compile(schema);
  compiled.delete(key);
  compiled.set(key, result);
  const oldest = compiled.size > MAX_COMPILED ? compiled.keys().next().value : undefined;
  if (oldest !== undefined) compiled.delete(oldest);
  return result;
}

const OPTIONS: Options = { strict: false, logger: false };

type MakeAjv = (options: Options) => Ajv;
const draft2020: MakeAjv = (options) => new Ajv2020(options);

/** JSON Schema drafts by their `$schema`; 2020-12 without one. */
const DRAFTS: readonly (readonly [uri: RegExp, make: MakeAjv])[] = [
  [/^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, draft2020],
  [/^https:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/, (options) => new Ajv2019(options)],
  [/^https?:\/\/json-schema\.org\/(draft-0[67]\/)?schema#?$/, (options) => new Ajv(options)],
];

/**
 * Uses its own instance, because Ajv keeps every schema forever and rejects a second one with the same `$id`. Never
 * fetches anything: a `$ref` that leaves the schema is an error.
 */
function compile(schema: JsonObject): Compiled {
  const named = schema['$schema'] ?? null;
  const make =
    named === null ? draft2020 : DRAFTS.find(([uri]) => typeof named === 'string' && uri.test(named))?.[1];
  if (make === undefined) {
    const known = 'draft-06, draft-07, 2019-09 and 2020-12 are supported';
    return refused('$schema', `${JSON.stringify(named)} is not a supported draft: ${known}`);
  }
  // `$schema` may be written with http or without "#", while Ajv matches it literally.
  const { $schema: _, ...body } = schema;
  const ajv = withFormats(make(OPTIONS));
  try {
    if (ajv.validateSchema(body) !== true) {
      const error = ajv.errors?.find(({ keyword }) => keyword !== 'anyOf') ?? ajv.errors?.[0];
      return refused(error?.instancePath ?? '', error?.message ?? 'is not a JSON Schema');
    }
    const validate = ajv.compile(body);
    // Async schemas would return a promise.
    if ('$async' in validate) return refused('$async', 'is not part of JSON Schema');
    let all: ValidateFunction | null = null;
    const explain = (value: JsonValue): readonly ErrorObject[] => {
      all ??= withFormats(make({ ...OPTIONS, allErrors: true })).compile(body);
      all(value);
      return all.errors ?? [];
    };
    return { ok: true, validate, explain };
  } catch (error) {
    if (error instanceof MissingRefError) {
      const place = placeOf(schema, (key, value) => key === '$ref' && isReference(value, error)) ?? '';
      return refused(
        place,
        `"${error.missingRef}" is not in this schema, and external schemas are not fetched`,
      );
    }
    const message = error instanceof Error ? error.message : String(error);
    // Ajv names a bad regular expression but not its location.
    const isBad = (key: string, inner: JsonValue): boolean =>
      message.includes(`/${key === 'pattern' && typeof inner === 'string' ? inner : key}/u`);
    return refused(placeOf(schema, isBad) ?? '', message);
  }
}

function withFormats(ajv: Ajv): Ajv {
  addFormats.default(ajv);
  return ajv;
}

function isReference(value: JsonValue, error: { readonly missingRef: string }): boolean {
  return typeof value === 'string' && (value === error.missingRef || error.missingRef.endsWith(value));
}

/** JSON Pointer of the first member for which `is` holds. */
function placeOf(value: JsonValue, is: (key: string, value: JsonValue) => boolean, at = ''): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const place = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const found = is(key, inner) ? place : placeOf(inner, is, place);
    if (found !== null) return found;
  }
  return null;
}

function refused(pointer: string, message: string): Compiled {
  const place = pointer.replace(/^[#/]+/, '');
  return {
    ok: false,
    problem: { path: place === '' ? 'response_schema' : `response_schema/${place}`, message },
  };
}
