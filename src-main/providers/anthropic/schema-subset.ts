import type { JsonObject } from '../../../src-shared/domain';
import type { SchemaLimit } from '../../ports';
import { isObjectSchema, mapSchema } from '../http';

/**
 * Keywords supported by structured outputs (docs/providers.md#response-schemas): those that the SDK's
 * `transformJSONSchema` keeps.
 */
const KEPT = new Set([
  '$ref',
  '$defs',
  'type',
  'title',
  'description',
  'enum',
  'const',
  'default',
  'anyOf',
  'allOf',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'format',
  'minItems',
]);
/** Keywords that do not constrain an answer. */
const SILENT = new Set(['$schema', '$id', '$comment', 'examples', 'deprecated', 'readOnly', 'writeOnly']);
const FORMATS = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);

/**
 * The schema as the API accepts it, and what the API therefore does not enforce. Like the vendor's SDK, this moves such
 * constraints into the description, where the model still reads them. The answer is checked here against the whole
 * schema.
 */
export function enforceable(schema: JsonObject): { schema: JsonObject; limits: SchemaLimit[] } {
  const limits: SchemaLimit[] = [];
  const adapted = mapSchema(schema, (inner, pointer) => {
    const kept: JsonObject = {};
    const spoken: string[] = [];
    for (const [key, value] of Object.entries(inner)) {
      if (isTaken(key, value)) kept[key] = value;
      else if (!SILENT.has(key)) spoken.push(`${key}: ${JSON.stringify(value)}`);
    }
    if (isObjectSchema(inner) && inner['additionalProperties'] !== false) {
      if (inner['additionalProperties'] !== undefined) {
        limits.push({ pointer, message: 'the API closes objects: no additional properties will come' });
      }
      kept['additionalProperties'] = false;
    }
    if (spoken.length > 0) {
      limits.push({ pointer, message: `the API does not enforce ${spoken.join(', ')}` });
      const said = typeof inner['description'] === 'string' ? `${inner['description']}\n\n` : '';
      kept['description'] = `${said}{${spoken.join(', ')}}`;
    }
    return kept;
  });
  return { schema: adapted, limits };
}

function isTaken(key: string, value: unknown): boolean {
  if (key === 'minItems') return value === 0 || value === 1;
  if (key === 'format') return typeof value === 'string' && FORMATS.has(value);
  return KEPT.has(key);
}
