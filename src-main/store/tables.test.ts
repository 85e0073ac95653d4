import { getTableConfig, integer, SQLiteTable, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { expect, test } from 'vitest';
import { openTempStore } from '../../test/support/temp-store';
import { schema } from '.';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly primaryKey: boolean;
}

const lineOf = (table: string, { name, type, notNull, primaryKey }: Column): string =>
  `${table}.${name} ${type}${notNull ? ' NOT NULL' : ''}${primaryKey ? ' PRIMARY KEY' : ''}`;

/** Every column of the tables as the query builder declares them. */
function declaredColumns(tables: readonly SQLiteTable[]): string[] {
  return tables
    .flatMap((table) => {
      const { name, columns, primaryKeys } = getTableConfig(table);
      const inKey = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
      return columns.map((column) =>
        lineOf(name, {
          name: column.name,
          type: column.getSQLType().toUpperCase(),
          notNull: column.notNull,
          primaryKey: column.primary || inKey.has(column.name),
        }),
      );
    })
    .toSorted();
}

/** Every column as the migrations make it. */
function storedColumns(): string[] {
  const { read } = openTempStore();
  return read
    .prepare<[], { table: string; name: string; type: string; notnull: number; pk: number; hidden: number }>(
      `SELECT tables.name AS "table", columns.name, columns.type, columns."notnull", pk, hidden
       FROM pragma_table_list AS tables JOIN pragma_table_xinfo(tables.name) AS columns
       WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.name NOT GLOB 'sqlite_*'`,
    )
    .all()
    .map(({ table, notnull, pk, hidden, ...column }) =>
      // An INTEGER PRIMARY KEY and what is worked out are never null, although table_info does not say so.
      lineOf(table, { ...column, notNull: notnull === 1 || pk > 0 || hidden > 0, primaryKey: pk > 0 }),
    )
    .toSorted();
}

const TABLES = Object.values(schema).filter((table) => table instanceof SQLiteTable);

test('the query builder knows exactly the tables and columns that the migrations make', () => {
  expect(declaredColumns(TABLES)).toEqual(storedColumns());
});

test('a table or column that no migration makes is named', () => {
  const planted = sqliteTable('planted', { id: integer().primaryKey(), word: text().notNull() });
  const stored = new Set(storedColumns());
  expect(declaredColumns([...TABLES, planted]).filter((column) => !stored.has(column))).toEqual([
    'planted.id INTEGER NOT NULL PRIMARY KEY',
    'planted.word TEXT NOT NULL',
  ]);
});
