import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const outbox = sqliteTable('outbox', {
  seq: integer().primaryKey({ autoIncrement: true }),
  record_type: text().notNull(),
  record_id: text().notNull(),
  leaf_seq: integer().notNull(),
});

export const outboxSetAside = sqliteTable('outbox_set_aside', {
  seq: integer().primaryKey(),
  record_type: text().notNull(),
  record_id: text().notNull(),
  leaf_seq: integer().notNull(),
  reason: text().notNull(),
  since: text().notNull(),
});

export const syncState = sqliteTable('sync_state', {
  key: text().primaryKey(),
  value: text().notNull(),
});
