import * as z from 'zod';
import { idSchema } from '../ids';
import { costUsdSchema } from '../money';
import { strictObject } from '../json/strict-object';

export const INSIGHT_STACKS = ['template', 'model', 'connection', 'provider'] as const;
export const INSIGHT_DIMENSIONS = [...INSIGHT_STACKS, 'batch'] as const;
export const INSIGHT_GROUPS = ['day', 'hour', ...INSIGHT_DIMENSIONS] as const;
export type InsightDimension = (typeof INSIGHT_DIMENSIONS)[number];
export type InsightStack = (typeof INSIGHT_STACKS)[number];

/** Years about which the calendars and time zones of computers agree. */
const dateSchema = z.iso
  .date()
  .refine((date) => date >= '1970' && date < '3000', 'must be a date from 1970 to 2999');
const timeZoneSchema = z.string().max(100).refine(isTimeZone, 'must be a time zone such as Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A question about a range of days of a time zone, both included; the last 30 days where none are named. */
export const insightQuerySchema = strictObject({
  from: dateSchema.optional(),
  to: dateSchema.optional(),
  /** Instead of days: so many hours up to and with the one that is running, by hour. */
  last_hours: z.number().int().min(1).max(336).optional(),
  time_zone: timeZoneSchema.default('UTC'),
  group_by: z.enum(INSIGHT_GROUPS).default('day'),
  /** Splits days and hours further, for a stacked chart. */
  stack_by: z.enum(INSIGHT_STACKS).optional(),
  /** So many are stacked (5 unless given), those with the most over the range; the others share the rows whose `stack` is null. */
  stack_top: z.number().int().min(1).max(8).optional(),
  workspace_id: idSchema.optional(),
  /** Simulated runs are never counted together with real ones: one answer is about either. */
  simulated: z.boolean().default(false),
});
export type InsightQuery = z.output<typeof insightQuerySchema>;

/** Only costs are stacked: a P95 is not the sum of others, and outcomes and tokens are stacks themselves. */
export const unstackedQuerySchema = insightQuerySchema.omit({ stack_by: true, stack_top: true });
/** Nor are latencies by batch: its own page has them. */
export const latencyQuerySchema = unstackedQuerySchema.extend({
  group_by: z.enum(INSIGHT_GROUPS).exclude(['batch']).default('day'),
});
export type LatencyQuery = z.output<typeof latencyQuerySchema>;

const insightRangeSchema = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  time_zone: z.string(),
  /** False where the zone's midnight is not on a full UTC hour: then a day begins at the next full hour. */
  exact_days: z.boolean(),
  simulated: z.boolean(),
  group_by: z.enum(INSIGHT_GROUPS),
  /** Every day or hour of the range in order, also those without a run; empty for other groups. */
  slots: z.array(z.string()),
  /** When each slot begins, and where the last one ends; of the whole range where there are no slots. */
  boundaries: z.array(z.iso.datetime()),
});

const groupKey = {
  key: z.string(),
  label: z.string(),
  stack: z.string().nullable(),
  stack_label: z.string().nullable(),
};

function answerOf<T extends z.ZodRawShape>(measures: T) {
  return insightRangeSchema.extend({
    rows: z.array(z.object({ ...groupKey, ...measures })),
    totals: z.object(measures),
  });
}

const count = z.number().int();

/** `cost_usd` is the sum of what is priced, null where nothing is; `unpriced` runs are in no sum. */
export const costsAnswerSchema = answerOf({
  runs: count,
  unpriced: count,
  cost_usd: costUsdSchema.nullable(),
}).extend({
  /** What asking models for their versions cost over the range: paid for, part of no run and of no sum above. */
  probes: z.object({ calls: count, unpriced: count, cost_usd: costUsdSchema.nullable() }),
});
/** Of answered runs. A P95 of fewer than 20 says nothing and is null. */
export const latencyAnswerSchema = answerOf({
  answered: count,
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
});
export const errorsAnswerSchema = answerOf({
  runs: count,
  succeeded: count,
  failed: count,
  outcome_unknown: count,
  version_mismatch: count,
  parse_failed: count,
  /** Runs with a stored answer, and those of them that named a system fingerprint. */
  answered: count,
  fingerprinted: count,
});
export const tokensAnswerSchema = answerOf({
  runs: count,
  input_tokens: count,
  cached_input_tokens: count,
  cache_write_tokens: count,
  output_tokens: count,
  reasoning_tokens: count,
  search_requests: count,
});
/** Bytes of answers as received, by when they were stored; `store_bytes` is the file now. */
export const storageAnswerSchema = answerOf({ answers: count, bytes: count }).extend({ store_bytes: count });

export type CostsAnswer = z.infer<typeof costsAnswerSchema>;
export type LatencyAnswer = z.infer<typeof latencyAnswerSchema>;
export type ErrorsAnswer = z.infer<typeof errorsAnswerSchema>;
export type TokensAnswer = z.infer<typeof tokensAnswerSchema>;
