import * as z from 'zod';
import { batchStatusSchema } from './batch-status';
import { batchColumnSchema, batchTargetSchema, leftOutColumnSchema } from './comparison/column';
import { countrySchema } from './country';
import { idSchema, timestampSchema } from './ids';
import { amountUsdSchema, costUsdSchema } from './money';
import { groundingModeSchema, variablesSchema } from './template';
import { evidenceGradeSchema, gradedVersionSchema, versionEvidenceSchema } from './version';
import { strictObject } from './json/strict-object';

export const DRIFT_POLICIES = ['stop', 'pause', 'record'] as const;

export const batchRequestSchema = strictObject({
  name: z.string().max(200).optional(),
  targets: z.array(batchTargetSchema).min(1).max(64),
  inputs: z.array(variablesSchema).min(1).max(1_000_000),
  /** Countries: each input is run once for each of them. */
  locales: z.array(countrySchema).min(1).max(100).optional(),
  modes: z.array(groundingModeSchema).min(1).max(3).optional(),
  replicates: z.number().int().min(1).max(1000).default(1),
  drift_policy: z.enum(DRIFT_POLICIES).default('record'),
  concurrency: z.number().int().min(1).max(512).optional(),
  budget_usd: amountUsdSchema.optional(),
  /** Ask providers to stream, so that cells fill as they are written. */
  stream: z.boolean().default(false),
  timeout_seconds: z.number().positive().max(7200).optional(),
});
export type BatchRequest = z.output<typeof batchRequestSchema>;
export type BatchRequestInput = z.input<typeof batchRequestSchema>;

/** How many cells of a batch are in which state; they add up to `total`. */
export const batchCountsSchema = z.object({
  pending: z.number().int(),
  running: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  outcome_unknown: z.number().int(),
  cancelled: z.number().int(),
});
export type BatchCounts = z.infer<typeof batchCountsSchema>;

/**
 * The version that a target is held to: what answered when the batch was checked, or what was accepted since.
 * `verified` is false where it is only the last known, or nothing is: then the first answer becomes the lock.
 */
export const batchLockSchema = z.object({
  target_index: z.number().int(),
  provider_version_key: z.string().nullable(),
  evidence_grade: evidenceGradeSchema.nullable(),
  evidence: versionEvidenceSchema.nullable().default(null),
  verified: z.boolean(),
});
export type BatchLock = z.infer<typeof batchLockSchema>;

/** A target answered as another version than it is locked to. Resuming the batch accepts the new one as its lock. */
export const batchDriftSchema = z.object({
  target_index: z.number().int(),
  expected: batchLockSchema.omit({ target_index: true, verified: true }),
  actual: gradedVersionSchema,
  run_id: idSchema,
  seen_at: timestampSchema,
  accepted_at: timestampSchema.nullable(),
});
export type BatchDrift = z.infer<typeof batchDriftSchema>;

/** Cost is a sum over all priced calls; `unpriced` runs, which may have been billed, are counted apart, never as 0. */
export const batchTargetTotalsSchema = z.object({
  target_index: z.number().int(),
  finished: z.number().int(),
  failed: z.number().int(),
  unpriced: z.number().int(),
  /** Null where there are only unpriced calls. */
  cost_usd: costUsdSchema.nullable(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  /** Of every cell whose answer was timed, within 1 %; null of none, and a P95 also of fewer than 20. */
  latency_p50_ms: z.number().nullable(),
  latency_p95_ms: z.number().nullable(),
});
export type BatchTargetTotals = z.infer<typeof batchTargetTotalsSchema>;

export const batchSchema = z.object({
  batch_id: idSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  template_id: idSchema,
  /** What the template was frozen under. */
  template_name: z.string(),
  /** What its prompt is called now. */
  prompt_name: z.string(),
  name: z.string().nullable(),
  status: batchStatusSchema,
  /** Why it stopped or paused, in words; null otherwise. */
  status_reason: z.string().nullable(),
  targets: z.array(batchColumnSchema),
  /** Columns that were asked for and did not run. */
  left_out: z.array(leftOutColumnSchema),
  /** Of all columns' templates. */
  variables: z.array(z.string()),
  inputs_count: z.number().int(),
  locales: z.array(z.string()).nullable(),
  modes: z.array(groundingModeSchema),
  replicates: z.number().int(),
  total: z.number().int(),
  drift_policy: z.enum(DRIFT_POLICIES),
  concurrency: z.number().int().nullable(),
  budget_usd: costUsdSchema.nullable(),
  stream: z.boolean(),
  timeout_seconds: z.number().nullable(),
  lock: z.array(batchLockSchema),
  /** Versions that differed from the lock, in the order they were seen. */
  drift: z.array(batchDriftSchema),
  counts: batchCountsSchema,
  target_totals: z.array(batchTargetTotalsSchema),
  simulated: z.boolean(),
  created_at: timestampSchema,
  started_at: timestampSchema.nullable(),
  finished_at: timestampSchema.nullable(),
});
export type Batch = z.infer<typeof batchSchema>;

/** A batch as a row of a list. */
export const batchSummarySchema = batchSchema
  .pick({
    batch_id: true,
    template_id: true,
    template_name: true,
    prompt_name: true,
    name: true,
    status: true,
    total: true,
    counts: true,
    simulated: true,
    created_at: true,
    finished_at: true,
  })
  .extend({
    /** What tells comparisons of one prompt apart: the version and the model of each column that runs. */
    columns: z.array(batchColumnSchema.pick({ version_number: true, model_id: true })),
  });
export type BatchSummary = z.infer<typeof batchSummarySchema>;

/** What a batch would cost, as far as can be known before it runs. Unknown prices make `cost_usd` null. */
export const batchEstimateSchema = z.object({
  calls: z.number().int(),
  cost_usd: costUsdSchema.nullable(),
  unpriced_targets: z.number().int(),
  /**
   * Whether every column has a token limit. Then answers are counted as long as that allows, and few cost as much; of
   * columns without a limit, 500 tokens are assumed, and an answer may cost more.
   */
  bounded: z.boolean(),
  /** Names in the inputs that no column's template uses: their values reach no prompt. */
  unread_variables: z.array(z.string()),
  /** Parameters that a column's model would refuse or ignore, as far as is known: they are sent all the same. */
  parameter_doubts: z.array(z.object({ model_id: z.string(), parameter: z.string(), reason: z.string() })),
  /** Columns that would not run, as far as is known without asking their models. */
  left_out: z.array(leftOutColumnSchema),
});
export type BatchEstimate = z.infer<typeof batchEstimateSchema>;

/**
 * The place of a cell in its batch. Stable order: input, then locale, then mode, then target, then replicate;
 * the same request gives the same plan on any machine.
 */
export interface CellCoordinates {
  readonly batch_run_index: number;
  readonly input_index: number;
  readonly locale_index: number;
  readonly mode_index: number;
  readonly target_index: number;
  readonly replicate_index: number;
}

export interface BatchShape {
  readonly inputs: number;
  readonly locales: number;
  readonly modes: number;
  readonly targets: number;
  readonly replicates: number;
}

/** The size of a batch along each axis; without locales there is one unnamed locale. */
export function batchShapeOf(batch: {
  readonly inputs_count: number;
  readonly locales: readonly string[] | null;
  readonly modes: readonly unknown[];
  readonly targets: readonly unknown[];
  readonly replicates: number;
}): BatchShape {
  return {
    inputs: batch.inputs_count,
    locales: batch.locales?.length ?? 1,
    modes: batch.modes.length,
    targets: batch.targets.length,
    replicates: batch.replicates,
  };
}

export function cellTotal(shape: BatchShape): number {
  return shape.inputs * shape.locales * shape.modes * shape.targets * shape.replicates;
}

/** The coordinates of cell `index`, by arithmetic alone: a plan of a million cells takes no memory. */
export function cellAt(shape: BatchShape, index: number): CellCoordinates {
  let rest = index;
  const take = (size: number): number => {
    const value = rest % size;
    rest = (rest - value) / size;
    return value;
  };
  const replicate_index = take(shape.replicates);
  const target_index = take(shape.targets);
  const mode_index = take(shape.modes);
  const locale_index = take(shape.locales);
  return {
    batch_run_index: index,
    input_index: rest,
    locale_index,
    mode_index,
    target_index,
    replicate_index,
  };
}
