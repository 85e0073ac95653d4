import { blob, customType, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A column without type conversion. */
const anyValue = customType<{ data: string | Uint8Array }>({ dataType: () => 'any' });

export const auditLeaves = sqliteTable('audit_leaves', {
  seq: integer().primaryKey(),
  record_type: text().notNull(),
  record_id: anyValue().notNull(),
  content_sha256: blob({ mode: 'buffer' }).notNull(),
  salt: blob({ mode: 'buffer' }).notNull(),
  created_at: integer().notNull(),
  actor: text(),
  leaf_check: blob({ mode: 'buffer' }).notNull(),
});

export const auditCheckpoints = sqliteTable('audit_checkpoints', {
  size: integer().primaryKey(),
  root: text().notNull(),
  edge: text().notNull(),
  note: text().notNull(),
  verifier_key: text().notNull(),
  ephemeral: integer().notNull(),
  created_at: text().notNull(),
});
