import type { JsonObject } from '../../../src-shared/domain';
import type { SchemaLimit } from '../../ports';
import { asList, asObject, isObjectSchema, visitSchema } from '../http';

/** Keywords that strict mode rejects (docs/providers.md#response-schemas, and the vendor's list). */
const UNKNOWN = [
  'allOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'unevaluatedProperties',
  'minProperties',
  'maxProperties',
  'unevaluatedItems',
  'contains',
  'minContains',
  'maxContains',
  'uniqueItems',
];

/** What rules out strict mode, which requires closed objects with every property required. */
export function strictLimits(schema: JsonObject): SchemaLimit[] {
  const limits: SchemaLimit[] = [];
  if (schema['type'] !== 'object')
    limits.push({ pointer: '', message: 'strict mode needs an object at the top' });
  visitSchema(schema, (inner, pointer) => {
    const unknown = UNKNOWN.filter((keyword) => keyword in inner);
    if (unknown.length > 0)
      limits.push({ pointer, message: `strict mode does not know ${unknown.join(', ')}` });
    if (!isObjectSchema(inner)) return;
    if (inner['additionalProperties'] !== false)
      limits.push({ pointer, message: 'strict mode needs "additionalProperties": false' });
    const required = new Set(asList(inner['required']));
    const optional = Object.keys(asObject(inner['properties'])).filter((name) => !required.has(name));
    if (optional.length > 0) {
      limits.push({
        pointer,
        message: `strict mode needs every property in "required": ${optional.join(', ')}`,
      });
    }
  });
  return limits;
}

/**
 * The constraint of both APIs. Strict only if the schema allows it: otherwise the model is merely guided, and checked
 * here.
 */
export function schemaFormat(schema: JsonObject): JsonObject {
  return { name: 'answer', strict: strictLimits(schema).length === 0, schema };
}
