import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const settings = sqliteTable('settings', {
  key: text().primaryKey(),
  value: text().notNull(),
});

export const workspaces = sqliteTable(
  'workspaces',
  {
    org_id: text().notNull(),
    workspace_id: text().notNull(),
    name: text().notNull(),
    created_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.org_id, table.workspace_id] })],
);

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    org_id: text().notNull(),
    scope: text().notNull(),
    key: text().notNull(),
    request_sha256: text().notNull(),
    record_id: text().notNull(),
    created_at: text().notNull(),
    expires_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.org_id, table.scope, table.key] })],
);

export const migrationAudit = sqliteTable('migration_audit', {
  version: integer().primaryKey(),
  name: text().notNull(),
  sha256: text().notNull(),
  applied_at: text().notNull(),
  app_version: text().notNull(),
  duration_ms: real().notNull(),
});
