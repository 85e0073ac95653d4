import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import * as z from 'zod';
import {
  batchCountsSchema,
  batchDriftSchema,
  batchLockSchema,
  batchStatusSchema,
  batchTargetTotalsSchema,
  DRIFT_POLICIES,
  evidenceGradeSchema,
  groundingModeSchema,
  mismatchSchema,
  resolvedTargetSchema,
  variablesSchema,
  versionEvidenceSchema,
} from '../../../src-shared/domain';
import { bool, json, picodollars, word } from '../engine/columns';

/**
 * The columns of a batch in order, then those that were left out, each with why. Batches from before a column had a
 * template of its own say nothing of one.
 */
const storedTargetSchema = resolvedTargetSchema.extend({
  template_id: resolvedTargetSchema.shape.template_id.nullable().default(null),
  label: resolvedTargetSchema.shape.label.default(null),
  grounding_mode: resolvedTargetSchema.shape.grounding_mode.default(null),
  mismatch: mismatchSchema.nullable().default(null),
});

const tallySchema = z.object({ counts: batchCountsSchema, target_totals: z.array(batchTargetTotalsSchema) });

export const batches = sqliteTable('batches', {
  seq: integer().primaryKey(),
  batch_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  name: text(),
  status: word(batchStatusSchema).notNull(),
  status_reason: text(),
  targets: json(z.array(storedTargetSchema)).notNull(),
  inputs_count: integer().notNull(),
  locales: json(z.array(z.string())),
  modes: json(z.array(groundingModeSchema)).notNull(),
  replicates: integer().notNull(),
  total: integer().notNull(),
  drift_policy: word(z.enum(DRIFT_POLICIES)).notNull(),
  concurrency: integer(),
  budget_picodollars: picodollars(),
  stream: bool().notNull(),
  timeout_seconds: real(),
  lock: json(z.array(batchLockSchema)).notNull(),
  simulated: bool().notNull(),
  created_at: text().notNull(),
  started_at: text(),
  finished_at: text(),
  /** Set while no call of the batch is in flight. */
  tally: json(tallySchema),
});

export const batchInputs = sqliteTable(
  'batch_inputs',
  {
    batch_id: text().notNull(),
    input_index: integer().notNull(),
    variables: json(variablesSchema).notNull(),
  },
  (table) => [primaryKey({ columns: [table.batch_id, table.input_index] })],
);

export const batchLocks = sqliteTable('batch_locks', {
  seq: integer().primaryKey(),
  batch_id: text().notNull(),
  target_index: integer().notNull(),
  provider_version_key: text().notNull(),
  evidence_grade: word(evidenceGradeSchema).notNull(),
  evidence: json(versionEvidenceSchema).notNull(),
  run_id: text().notNull(),
  /** Null if the preflight knew no version. */
  expected: json(batchDriftSchema.shape.expected),
  seen_at: text().notNull(),
  accepted_at: text(),
});

export const batchStatusChanges = sqliteTable('batch_status_changes', {
  seq: integer().primaryKey(),
  batch_id: text().notNull(),
  status: word(batchStatusSchema).notNull(),
  reason: text(),
  changed_at: text().notNull(),
  /** The user of this installation, or Prompter itself. */
  changed_by: word(z.enum(['local', 'prompter'])).notNull(),
});
