import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { expect, test } from 'vitest';
import { openTempStore } from '../../test/support/temp-store';
import { schema } from '.';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly primaryKey: boolean;
}

/** Every table as the query builder declares it. */
function declaredTables(): Record<string, Column[]> {
  const tables = Object.values(schema).filter((table) => table instanceof SQLiteTable);
  return Object.fromEntries(
    tables.map((table) => {
      const { name, columns, primaryKeys } = getTableConfig(table);
      const inKey = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
      return [
        name,
        columns
          .map((column) => ({
            name: column.name,
            type: column.getSQLType().toUpperCase(),
            notNull: column.notNull,
            primaryKey: column.primary || inKey.has(column.name),
          }))
          .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      ];
    }),
  );
}

test('the query builder knows exactly the tables and columns that the migrations make', () => {
  const { read } = openTempStore();
  const stored = read
    .prepare<[], { name: string }>(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite_*'
       ORDER BY name`,
    )
    .all();
  const storedTables = Object.fromEntries(
    stored.map(({ name }) => [
      name,
      read
        .prepare<[string], { name: string; type: string; notnull: number; pk: number; hidden: number }>(
          `SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?) ORDER BY name`,
        )
        .all(name)
        .map((column) => ({
          name: column.name,
          type: column.type,
          // An INTEGER PRIMARY KEY and what is worked out are never null, although table_info does not say so.
          notNull: column.notnull === 1 || column.pk > 0 || column.hidden > 0,
          primaryKey: column.pk > 0,
        })),
    ]),
  );
  expect(declaredTables()).toEqual(storedTables);
});
