import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { bool, picodollars } from '../engine/columns';

/** Kept by triggers, but for the sums of runs, which `rollups/template-totals.ts` keeps. */
export const prompts = sqliteTable('prompts', {
  seq: integer().primaryKey(),
  prompt_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  name: text().notNull(),
  active: bool().notNull(),
  archived: bool().notNull(),
  versions: integer().notNull(),
  latest_seq: integer(),
  runs: integer().notNull(),
  simulated_runs: integer().notNull(),
  unpriced_runs: integer().notNull(),
  cost_picodollars: picodollars().notNull(),
  last_run_at: text().notNull(),
});

export const promptFacets = sqliteTable(
  'prompt_facets',
  {
    kind: text().notNull(),
    value: text().notNull(),
    prompt_seq: integer().notNull(),
    template_id: text(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.value, table.prompt_seq] })],
);
