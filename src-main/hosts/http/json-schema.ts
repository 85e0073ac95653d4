import { JSON_SCHEMA_REGISTRY, ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { jsonObjectSchema } from '../../../src-shared/domain';

// Validated by a custom function, which the converter cannot see, so its schema is given here.
JSON_SCHEMA_REGISTRY.add(jsonObjectSchema, { type: 'object', description: 'A JSON object' });

/**
 * Converts the contract's schemas to JSON Schema. What JSON Schema cannot express is left open; by default the
 * converter would forbid it.
 */
export const schemaConverter = new ZodToJsonSchemaConverter({ unsupportedJsonSchema: {} });
