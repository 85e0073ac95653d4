import type { JsonObject, JsonValue } from '../../../src-shared/domain';
import { isObject } from './json-read';

/** Keywords whose value is one schema, a list of schemas, or schemas by name. */
const ONE = new Set([
  'items',
  'additionalProperties',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'propertyNames',
]);
const MANY = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const NAMED = new Set(['properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas']);

/**
 * Applies `change` to a schema and every subschema, outermost first. `pointer` is the JSON Pointer. Does not mutate its
 * input.
 */
export function mapSchema(
  schema: JsonObject,
  change: (schema: JsonObject, pointer: string) => JsonObject,
  pointer = '',
): JsonObject {
  const changed = { ...change(schema, pointer) };
  const inner = (value: JsonValue, at: string): JsonValue =>
    isObject(value) ? mapSchema(value, change, `${pointer}/${at}`) : value;
  for (const [key, value] of Object.entries(changed)) {
    if (ONE.has(key)) changed[key] = inner(value, key);
    else if (MANY.has(key) && Array.isArray(value))
      changed[key] = value.map((item, index) => inner(item, `${key}/${index}`));
    else if (NAMED.has(key) && isObject(value))
      changed[key] = Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, inner(item, `${key}/${escaped(name)}`)]),
      );
  }
  return changed;
}

/** Visits a schema and every subschema. */
export function visitSchema(schema: JsonObject, look: (schema: JsonObject, pointer: string) => void): void {
  mapSchema(schema, (inner, pointer) => {
    look(inner, pointer);
    return inner;
  });
}

export function isObjectSchema(schema: JsonObject): boolean {
  const { type } = schema;
  return (
    type === 'object' || (Array.isArray(type) && type.includes('object')) || isObject(schema['properties'])
  );
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
