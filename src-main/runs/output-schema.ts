import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { JsonObject, JsonValue } from '../../src-shared/domain';

export interface SchemaCheck {
  readonly valid: boolean;
  /** What is wrong and where, in words; null where valid. */
  readonly message: string | null;
}

const compiled = new WeakMap<JsonObject, ValidateFunction | string>();

/** Checks an output against a template's response schema, here and not only at the provider (strict JSON). */
export function checkAgainstSchema(schema: JsonObject, value: JsonValue): SchemaCheck {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = compile(schema);
    compiled.set(schema, validate);
  }
  if (typeof validate === 'string') return { valid: false, message: validate };
  if (validate(value)) return { valid: true, message: null };
  const first = validate.errors?.[0];
  return {
    valid: false,
    message: first ? `${first.instancePath || '/'} ${first.message ?? 'is not valid'}` : 'is not valid',
  };
}

/**
 * With an instance of its own, because Ajv keeps every schema for ever and refuses a second one with the same `$id`.
 * Without the meta-schema, which takes 10 ms and refuses schemas that name an older draft; a keyword that is used
 * wrongly is an error either way.
 */
function compile(schema: JsonObject): ValidateFunction | string {
  const ajv = new Ajv2020({ strict: false, logger: false, meta: false, validateSchema: false });
  addFormats.default(ajv);
  try {
    const validate = ajv.compile(schema);
    // Its verdict would be a promise.
    if ('$async' in validate) throw new Error('"$async" is not part of JSON Schema');
    return validate;
  } catch (error) {
    return `The response schema itself cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}
