import * as z from 'zod';
import { jsonValueSchema } from './json-value';

/** One operation of a JSON Patch (RFC 6902). */
export const jsonPatchOperationSchema = z.object({
  op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
  path: z.string(),
  from: z.string().optional(),
  value: jsonValueSchema.optional(),
});
export type JsonPatchOperation = z.infer<typeof jsonPatchOperationSchema>;
export const jsonPatchSchema = z.array(jsonPatchOperationSchema);
