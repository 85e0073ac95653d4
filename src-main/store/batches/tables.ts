import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const batches = sqliteTable('batches', {
  seq: integer().primaryKey(),
  batch_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  name: text(),
  status: text().notNull(),
  status_reason: text(),
  targets: text().notNull(),
  inputs_count: integer().notNull(),
  locales: text(),
  modes: text().notNull(),
  replicates: integer().notNull(),
  total: integer().notNull(),
  drift_policy: text().notNull(),
  concurrency: integer(),
  budget_picodollars: integer(),
  stream: integer().notNull(),
  timeout_seconds: real(),
  lock: text().notNull(),
  simulated: integer().notNull(),
  created_at: text().notNull(),
  started_at: text(),
  finished_at: text(),
  tally: text(),
});

export const batchInputs = sqliteTable(
  'batch_inputs',
  {
    batch_id: text().notNull(),
    input_index: integer().notNull(),
    variables: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.batch_id, table.input_index] })],
);

export const batchLocks = sqliteTable('batch_locks', {
  seq: integer().primaryKey(),
  batch_id: text().notNull(),
  target_index: integer().notNull(),
  provider_version_key: text().notNull(),
  evidence_grade: text().notNull(),
  evidence: text().notNull(),
  run_id: text().notNull(),
  expected: text(),
  seen_at: text().notNull(),
  accepted_at: text(),
});

export const batchStatusChanges = sqliteTable('batch_status_changes', {
  seq: integer().primaryKey(),
  batch_id: text().notNull(),
  status: text().notNull(),
  reason: text(),
  changed_at: text().notNull(),
  changed_by: text().notNull(),
});
