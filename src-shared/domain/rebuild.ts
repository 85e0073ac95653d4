import * as z from 'zod';
import { idSchema, timeSchema } from './ids';
import { jsonValueSchema } from './json/json-value';
import { strictObject } from './json/strict-object';

/** Which stored answers are parsed again; a dry run writes nothing. */
export const rebuildRequestSchema = strictObject({
  dry_run: z.boolean().default(false),
  template_id: idSchema.optional(),
  /** When the runs were started: `from` included, `to` not. */
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(500).default(50),
});
export type RebuildRequest = z.output<typeof rebuildRequestSchema>;

export const rebuildPageSchema = z.object({
  looked_at: z.number().int(),
  /** Runs with a different result: written, or only reported in a dry run. */
  changed: z.number().int(),
  failed: z.number().int(),
  next_cursor: z.string().max(200).nullable(),
  changes: z.array(
    z.object({
      run_id: z.string(),
      columns: z.array(z.object({ name: z.string(), from: jsonValueSchema, to: jsonValueSchema })),
    }),
  ),
  /** Runs whose answer could not be read; they stay unchanged. */
  failures: z.array(z.object({ run_id: z.string(), message: z.string() })),
});
export type RebuildPage = z.output<typeof rebuildPageSchema>;
