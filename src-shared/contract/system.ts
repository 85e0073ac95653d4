import * as z from 'zod';
import { eventIterator } from '@orpc/contract';
import {
  changeEventSchema,
  costUsdSchema,
  idSchema,
  lostLogSchema,
  sampleComparisonSchema,
  timestampSchema,
  variablesSchema,
} from '../domain';
import { route } from './base';

const tag = 'system';

export const statusSchema = z.object({
  version: z.string(),
  store: z.object({
    path: z.string(),
    size_bytes: z.number(),
    schema_version: z.number().int(),
    /** When the file was checked, and found whole, because Prompter had not been closed; null where it had. */
    checked_after_crash_at: timestampSchema.nullable(),
  }),
  keychain: z.object({
    mode: z.enum(['os', 'session']),
    available: z.boolean(),
    message: z.string().nullable(),
  }),
  /** What new records are sealed with, null without a keychain; and the audit entries whose records carry no HMAC. */
  record_hmac: z.object({
    key_id: z.string().nullable(),
    unsealed: z.object({ from: z.number().int(), to: z.number().int().nullable() }).array(),
  }),
  /** What was signed once and is not in the store any more: it was deleted, or an old copy was put in its place. */
  lost_log: lostLogSchema.nullable(),
  probes_enabled: z.boolean(),
  /** Where prices come from, and the day that they are of. */
  price_list: z.object({ source: z.string(), as_of: z.string() }),
  /** False: no charts and no metrics by model; runs, answers and spend are kept all the same. */
  statistics_enabled: z.boolean(),
  templates: z.number().int(),
  runs: z.number().int(),
  /** Runs whose answer may have been lost in a crash: they may have been billed. */
  outcome_unknown: z.number().int(),
  active_batches: z.array(
    z.object({
      batch_id: idSchema,
      template_name: z.string(),
      prompt_name: z.string(),
      done: z.number().int(),
      total: z.number().int(),
    }),
  ),
  /** Spend of this calendar month (UTC) on priced, not simulated runs. */
  month_spend_usd: costUsdSchema,
  month_unpriced_runs: z.number().int(),
  sample_offered: z.boolean(),
});
export type Status = z.infer<typeof statusSchema>;

export const systemContract = {
  health: route('GET', '/health', { summary: 'Check that the process is alive', tag }).output(
    z.object({ status: z.literal('ok'), version: z.string() }),
  ),
  status: route('GET', '/status', { summary: 'Store, keychain, activity and spend at a glance', tag }).output(
    statusSchema,
  ),
  changes: route('GET', '/changes', { summary: 'Stream which records change, as it happens', tag }).output(
    eventIterator(changeEventSchema),
  ),
  installSample: route('POST', '/sample', {
    summary: 'Add the sample templates; existing ones are kept',
    tag,
  }).output(
    z.object({
      created: z.number().int(),
      template_ids: z.array(idSchema),
      /** Rows to try each template on, for a first comparison. */
      samples: z.array(
        z.object({
          template_id: idSchema,
          inputs: z.array(variablesSchema),
          /** How to compare models on it; null where it is up to you. */
          comparison: sampleComparisonSchema.nullable(),
        }),
      ),
    }),
  ),
  dismissSample: route('POST', '/sample/dismiss', {
    summary: 'Stop offering the sample templates',
    tag,
  }).output(z.object({ sample_offered: z.boolean() })),
};
