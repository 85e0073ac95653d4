import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { reviewActionSchema } from '../../../src-shared/domain';
import { word } from '../engine/columns';

export const reviews = sqliteTable('reviews', {
  seq: integer().primaryKey(),
  review_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  run_id: text().notNull(),
  attempt_id: text().notNull(),
  action: word(reviewActionSchema).notNull(),
  corrected_text: text(),
  reason: text(),
  raw_response_sha256: text().notNull(),
  previous_review_id: text(),
  reviewed_by: text(),
  created_at: text().notNull(),
});

export const reviewQueue = sqliteTable('review_queue', {
  run_seq: integer().primaryKey(),
  run_id: text().notNull(),
  template_id: text().notNull(),
});

export const reviewTotals = sqliteTable('review_totals', {
  one: integer().primaryKey(),
  open: integer().notNull(),
  accepted: integer().notNull(),
  corrected: integer().notNull(),
  dismissed: integer().notNull(),
});
