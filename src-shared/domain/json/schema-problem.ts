import type { JsonObject, JsonValue } from './json-value';

/** Where a JSON Schema cannot mean what it says. */
export interface SchemaFault {
  /** JSON Pointer into the schema; empty for the root. */
  readonly pointer: string;
  readonly message: string;
}

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
/** Keywords whose value is a schema by name, a list of schemas, or one schema. */
const BY_NAME = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const LISTS = new Set(['anyOf', 'allOf', 'oneOf', 'prefixItems']);
const SINGLE = new Set([
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
]);
const NUMBERS = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']);
const COUNTS = new Set(['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties']);

/**
 * The first keyword of a JSON Schema whose value has the wrong shape; null where there is none. Quick enough for every
 * keystroke: the core, which compiles the schema, has the last word.
 */
export function schemaFault(schema: JsonObject, pointer = ''): SchemaFault | null {
  for (const [keyword, value] of Object.entries(schema)) {
    const fault = keywordFault(keyword, value, `${pointer}/${escaped(keyword)}`);
    if (fault !== null) return fault;
  }
  return requiredFault(schema, pointer);
}

/** The same of a tool's parameters, which are always an object. */
export function parametersFault(schema: JsonObject): SchemaFault | null {
  if (schema['type'] !== 'object') {
    return { pointer: '/type', message: 'must be "object": a call gives its arguments as an object' };
  }
  return schemaFault(schema);
}

function keywordFault(keyword: string, value: JsonValue, at: string): SchemaFault | null {
  if (keyword === 'type') return typeFault(value, at);
  if (BY_NAME.has(keyword)) {
    if (!isObject(value)) return { pointer: at, message: 'must be an object of schemas by name' };
    return firstFault(Object.entries(value).map(([name, each]) => [each, `${at}/${escaped(name)}`]));
  }
  if (LISTS.has(keyword)) {
    if (!Array.isArray(value)) return { pointer: at, message: 'must be a list of schemas' };
    return firstFault(value.map((each, index) => [each, `${at}/${String(index)}`]));
  }
  // Older drafts have a list of schemas in `items`.
  if (SINGLE.has(keyword) && !Array.isArray(value)) return firstFault([[value, at]]);
  if (keyword === 'enum' && !Array.isArray(value))
    return { pointer: at, message: 'must be a list of values' };
  if (keyword === 'required' && !isTexts(value)) return { pointer: at, message: 'must be a list of names' };
  if (NUMBERS.has(keyword) && typeof value !== 'number') return { pointer: at, message: 'must be a number' };
  if (COUNTS.has(keyword) && !(Number.isInteger(value) && Number(value) >= 0))
    return { pointer: at, message: 'must be a whole number from 0 on' };
  return null;
}

function typeFault(value: JsonValue, at: string): SchemaFault | null {
  const types = Array.isArray(value) ? value : [value];
  if (types.length > 0 && types.every((type) => typeof type === 'string' && TYPES.has(type))) return null;
  return { pointer: at, message: `must be one of ${[...TYPES].join(', ')}` };
}

function firstFault(schemas: readonly (readonly [JsonValue, string])[]): SchemaFault | null {
  for (const [schema, at] of schemas) {
    if (typeof schema === 'boolean') continue;
    if (!isObject(schema)) return { pointer: at, message: 'must be a schema: an object, true or false' };
    const fault = schemaFault(schema, at);
    if (fault !== null) return fault;
  }
  return null;
}

/** A required name that no property has is nearly always a slip of the pen, and strict modes refuse it. */
function requiredFault(
  { required, properties, patternProperties }: JsonObject,
  pointer: string,
): SchemaFault | null {
  if (!isTexts(required) || !isObject(properties) || patternProperties !== undefined) return null;
  const at = required.findIndex((name) => !Object.hasOwn(properties, name));
  if (at < 0) return null;
  return {
    pointer: `${pointer}/required/${String(at)}`,
    message: `"${required[at] ?? ''}" is no property here`,
  };
}

function isTexts(value: JsonValue | undefined): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** RFC 6901. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
