import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { picodollars } from '../engine/columns';

export const rollupSeries = sqliteTable('rollup_series', {
  series_id: integer().primaryKey(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  provider: text().notNull(),
  connection_id: text().notNull(),
  model_id: text().notNull(),
  batch_id: text().notNull(),
  simulated: integer().notNull(),
});

/** Totals of finished runs, by hour and by longer spans. */
const SUMS = {
  runs: integer().notNull(),
  succeeded: integer().notNull(),
  failed: integer().notNull(),
  outcome_unknown: integer().notNull(),
  unpriced: integer().notNull(),
  version_mismatch: integer().notNull(),
  parse_failed: integer().notNull(),
  answered: integer().notNull(),
  fingerprinted: integer().notNull(),
  cost_picodollars: integer().notNull(),
  input_tokens: integer().notNull(),
  cached_input_tokens: integer().notNull(),
  cache_write_tokens: integer().notNull(),
  output_tokens: integer().notNull(),
  reasoning_tokens: integer().notNull(),
  search_requests: integer().notNull(),
};

export const runHourly = sqliteTable(
  'run_hourly',
  {
    hour: integer().notNull(),
    series_id: integer().notNull(),
    ...SUMS,
    latency: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.series_id] })],
);

export const rollupSubjects = sqliteTable('rollup_subjects', {
  subject_id: integer().primaryKey(),
  kind: text().notNull(),
  simulated: integer().notNull(),
  key: text().notNull(),
  provider: text().notNull(),
  workspace_id: text().notNull(),
  org_id: text().notNull(),
});

export const rollupSums = sqliteTable(
  'rollup_sums',
  {
    subject_id: integer().notNull(),
    span: integer().notNull(),
    start: integer().notNull(),
    ...SUMS,
  },
  (table) => [primaryKey({ columns: [table.subject_id, table.span, table.start] })],
);

export const rollupLatencies = sqliteTable(
  'rollup_latencies',
  {
    subject_id: integer().notNull(),
    span: integer().notNull(),
    start: integer().notNull(),
    latency: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.subject_id, table.span, table.start] })],
);

export const rollupFolded = sqliteTable('rollup_folded', {
  one: integer().primaryKey(),
  hour: integer().notNull(),
});

/** The sums of the list of prompts, by template; `prompts` has them by prompt. */
export const templateTotals = sqliteTable('template_totals', {
  template_id: text().primaryKey(),
  runs: integer().notNull(),
  simulated_runs: integer().notNull(),
  unpriced_runs: integer().notNull(),
  cost_picodollars: picodollars().notNull(),
  last_run_at: text().notNull(),
});

export const workspaceSpend = sqliteTable(
  'workspace_spend',
  {
    org_id: text().notNull(),
    workspace_id: text().notNull(),
    month: text().notNull(),
    unpriced: integer().notNull(),
    cost_picodollars: picodollars().notNull(),
  },
  (table) => [primaryKey({ columns: [table.month, table.org_id, table.workspace_id] })],
);

export const storageHourly = sqliteTable('storage_hourly', {
  hour: integer().primaryKey(),
  answers: integer().notNull(),
  bytes: integer().notNull(),
});

export const budgets = sqliteTable(
  'budgets',
  {
    org_id: text().notNull(),
    workspace_id: text().notNull(),
    monthly_picodollars: picodollars().notNull(),
    warn_percent: integer().notNull(),
    updated_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.org_id, table.workspace_id] })],
);
