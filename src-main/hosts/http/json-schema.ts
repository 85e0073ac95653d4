import { JSON_SCHEMA_REGISTRY, ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { jsonObjectSchema } from '../../../src-shared/domain';

// Checked by a function, of which the converter knows nothing: what it has to say is said here.
JSON_SCHEMA_REGISTRY.add(jsonObjectSchema, { type: 'object', description: 'A JSON object' });

/** The contract's schemas as JSON Schema. What it cannot express is open there, and not (its default) forbidden. */
export const schemaConverter = new ZodToJsonSchemaConverter({ unsupportedJsonSchema: {} });
