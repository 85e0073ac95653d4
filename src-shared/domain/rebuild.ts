import * as z from 'zod';
import { idSchema, timeSchema } from './ids';
import { jsonValueSchema } from './json/json-value';
import { strictObject } from './json/strict-object';

/** Which stored answers are read again; a dry run writes nothing. */
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
  /** Runs that come out differently: written, or in a dry run only told. */
  changed: z.number().int(),
  failed: z.number().int(),
  next_cursor: z.string().max(200).nullable(),
  changes: z.array(
    z.object({
      run_id: z.string(),
      columns: z.array(z.object({ name: z.string(), from: jsonValueSchema, to: jsonValueSchema })),
    }),
  ),
  /** Runs whose answer could not be read, which stay as they are. */
  failures: z.array(z.object({ run_id: z.string(), message: z.string() })),
});
export type RebuildPage = z.output<typeof rebuildPageSchema>;
