import * as z from 'zod';
import { eventIterator } from '@orpc/contract';
import {
  batchEstimateSchema,
  batchEventSchema,
  batchLockSchema,
  batchRequestSchema,
  batchSchema,
  batchSummarySchema,
  idSchema,
  leftOutColumnSchema,
  runSummarySchema,
  targetSummarySchema,
  variablesSchema,
  strictObject,
} from '../domain';
import { pageInput, pageOf, route } from './base';

const tag = 'batches';
const batchIdInput = strictObject({ batch_id: idSchema });

export const batchesContract = {
  start: route('POST', '/templates/{template_id}/batch-run', {
    summary: 'Run templates over inputs × columns × replicates as a batch (a comparison)',
    tag,
    successStatus: 202,
  })
    .input(batchRequestSchema.extend({ template_id: idSchema }))
    .output(
      z.object({
        batch_id: idSchema,
        total: z.number().int(),
        lock: z.array(batchLockSchema),
        estimate: batchEstimateSchema,
        /** Columns whose models answer as another version than they are held to: they do not run. */
        left_out: z.array(leftOutColumnSchema),
      }),
    ),
  estimate: route('POST', '/templates/{template_id}/batch-estimate', {
    summary: 'Estimate the calls and cost of a batch, and which columns would be left out; sends nothing',
    tag,
  })
    .input(batchRequestSchema.extend({ template_id: idSchema }))
    .output(batchEstimateSchema),
  list: route('GET', '/batches', { summary: 'Batches, newest first', tag })
    .input(strictObject({ template_id: idSchema.optional(), ...pageInput }))
    .output(pageOf(batchSummarySchema)),
  get: route('GET', '/batches/{batch_id}', { summary: 'One batch with its counts and totals', tag })
    .input(batchIdInput)
    .output(batchSchema),
  runs: route('GET', '/batches/{batch_id}/runs', { summary: 'Finished cells of a batch in plan order', tag })
    .input(batchIdInput.extend(pageInput))
    .output(pageOf(runSummarySchema)),
  /** A window of the grid: the inputs of some rows and every stored cell of those rows. */
  rows: route('GET', '/batches/{batch_id}/rows', { summary: "A window of a comparison's rows", tag })
    .input(
      batchIdInput.extend({ from: z.number().int().nonnegative(), count: z.number().int().min(1).max(200) }),
    )
    .output(
      z.object({
        rows: z.array(
          z.object({
            input_index: z.number().int(),
            variables: variablesSchema,
            cells: z.array(runSummarySchema),
          }),
        ),
      }),
    ),
  summary: route('GET', '/batches/{batch_id}/summary', {
    summary: 'Sums, latency, outputs and versions of each target of a batch',
    tag,
  })
    .input(batchIdInput)
    .output(z.object({ targets: z.array(targetSummarySchema) })),
  events: route('GET', '/batches/{batch_id}/events', {
    summary: 'Live progress, streamed text and stored cells of a batch',
    tag,
  })
    .input(
      batchIdInput.extend({
        /** Also the cells stored since the batch was last started or resumed, before this call. */
        from_start: z.boolean().default(false),
      }),
    )
    .output(eventIterator(batchEventSchema)),
  pause: route('POST', '/batches/{batch_id}/pause', { summary: 'Pause; cells in progress finish', tag })
    .input(batchIdInput)
    .output(batchSchema),
  resume: route('POST', '/batches/{batch_id}/resume', {
    summary: 'Resume every cell that has no run; cells in doubt only on request',
    tag,
  })
    .input(strictObject({ batch_id: idSchema, retry_unknown: z.boolean().default(false) }))
    .output(batchSchema),
  cancel: route('POST', '/batches/{batch_id}/cancel', { summary: 'Cancel cells that have not started', tag })
    .input(batchIdInput)
    .output(batchSchema),
  retryFailed: route('POST', '/batches/{batch_id}/retry-failed', {
    summary: 'Retry the failed cells as new attempts',
    tag,
  })
    .input(batchIdInput)
    .output(batchSchema),
};
