import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { connectionDialectSchema, keySourceSchema, protocolSchema } from '../../../src-shared/domain';
import { bool, word } from '../engine/columns';

export const providers = sqliteTable('providers', {
  provider_id: text().primaryKey(),
  name: text().notNull(),
  protocol: word(protocolSchema).notNull(),
  base_url: text(),
  needs_key: bool().notNull(),
  is_system: bool().notNull(),
  created_at: text().notNull(),
});

export const connections = sqliteTable('connections', {
  seq: integer().primaryKey(),
  connection_id: text().notNull(),
  org_id: text().notNull(),
  name: text().notNull(),
  provider: text().notNull(),
  base_url: text(),
  key_source: word(keySourceSchema).notNull(),
  key_ref: text(),
  key_env: text(),
  concurrency: integer().notNull(),
  created_at: text().notNull(),
  last_test_at: text(),
  last_test_ok: bool(),
  last_test_message: text(),
  deleted_at: text(),
});

export const connectionChanges = sqliteTable('connection_changes', {
  seq: integer().primaryKey(),
  change_id: text().notNull(),
  connection_id: text().notNull(),
  name: text().notNull(),
  base_url: text(),
  concurrency: integer().notNull(),
  changed_at: text().notNull(),
});

const { shape: dialect } = connectionDialectSchema;
export const connectionDialects = sqliteTable('connection_dialects', {
  connection_id: text().primaryKey(),
  stream_options: word(dialect.stream_options.unwrap()),
  stream_options_found: word(dialect.stream_options_found.unwrap()),
  response_format: word(dialect.response_format.unwrap()),
  response_format_found: word(dialect.response_format_found.unwrap()),
});

export const models = sqliteTable(
  'models',
  {
    connection_id: text().notNull(),
    model_id: text().notNull(),
    display_name: text(),
    created_at: text(),
    retires_at: text(),
    fetched_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.connection_id, table.model_id] })],
);
