import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { bytes } from '../engine/columns';

export const assets = sqliteTable('assets', {
  seq: integer().primaryKey(),
  asset_sha256: text().notNull(),
  media_type: text().notNull(),
  size: integer().notNull(),
  created_at: text().notNull(),
  bytes: bytes().notNull(),
});
