import type { JsonObject } from '../../../src-shared/domain';
import type { SchemaLimit } from '../../ports';
import { visitSchema } from '../http';

/** Keywords that `responseJsonSchema` reads; it silently ignores all others. */
const READ = new Set([
  '$id',
  '$defs',
  '$ref',
  '$anchor',
  'type',
  'format',
  'title',
  'description',
  'enum',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'anyOf',
  'oneOf',
  'properties',
  'additionalProperties',
  'required',
  'propertyOrdering',
]);
const SILENT = new Set(['$schema', '$comment', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly']);

/** The constraints that the API does not enforce. They are sent anyway, and the answer is checked here. */
export function schemaLimits(schema: JsonObject): SchemaLimit[] {
  const limits: SchemaLimit[] = [];
  visitSchema(schema, (inner, pointer) => {
    const ignored = Object.keys(inner).filter((key) => !READ.has(key) && !SILENT.has(key));
    if (ignored.length > 0)
      limits.push({ pointer, message: `the API does not enforce ${ignored.join(', ')}` });
  });
  return limits;
}
