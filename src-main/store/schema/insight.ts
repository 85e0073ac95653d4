import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const rollupSeries = sqliteTable('rollup_series', {
  series_id: integer().primaryKey(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  provider: text().notNull(),
  connection_id: text().notNull(),
  model_id: text().notNull(),
  simulated: integer().notNull(),
});

export const runHourly = sqliteTable(
  'run_hourly',
  {
    series_id: integer().notNull(),
    hour: integer().notNull(),
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
    latency: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.series_id, table.hour] })],
);

export const workspaceSpend = sqliteTable(
  'workspace_spend',
  {
    org_id: text().notNull(),
    workspace_id: text().notNull(),
    month: text().notNull(),
    unpriced: integer().notNull(),
    cost_picodollars: integer().notNull(),
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
    monthly_picodollars: integer().notNull(),
    warn_percent: integer().notNull(),
    updated_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.org_id, table.workspace_id] })],
);
