import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const partials = sqliteTable('partials', {
  seq: integer().primaryKey(),
  partial_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  name: text().notNull(),
  text: text().notNull(),
  text_sha256: text().notNull(),
  created_at: text().notNull(),
  created_by: text(),
});
