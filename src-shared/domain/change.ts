import * as z from 'zod';
import { runSummarySchema } from './run';
import { batchCountsSchema, batchTargetTotalsSchema } from './batch';
import { batchStatusSchema } from './batch-status';

export const CHANGE_ENTITIES = [
  'templates',
  'runs',
  'batches',
  'connections',
  'providers',
  'versions',
  'reviews',
  'settings',
  'backups',
] as const;

/** Sent after a commit: which kind of record changed, and which ones (empty if there are too many to name). */
export const changeEventSchema = z.object({ entity: z.enum(CHANGE_ENTITIES), ids: z.array(z.string()) });
export type ChangeEvent = z.infer<typeof changeEventSchema>;

/**
 * What a watcher of a batch receives: cells as stored, streamed text as it arrives (not stored, superseded by the cell),
 * and progress. Progress comes first, so that a watcher that connects late starts from the truth.
 */
export const batchEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    status: batchStatusSchema,
    status_reason: z.string().nullable(),
    counts: batchCountsSchema,
    target_totals: z.array(batchTargetTotalsSchema),
  }),
  z.object({ type: z.literal('started'), batch_run_index: z.number().int() }),
  z.object({ type: z.literal('delta'), batch_run_index: z.number().int(), text: z.string() }),
  z.object({ type: z.literal('cell'), cell: runSummarySchema }),
]);
export type BatchEvent = z.infer<typeof batchEventSchema>;
