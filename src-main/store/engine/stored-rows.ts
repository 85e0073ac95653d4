import {
  getTableColumns,
  getTableName,
  type Column,
  type GetColumnData,
  type InferSelectModel,
} from 'drizzle-orm';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { isAppError } from '../../../src-shared/domain';
import { damaged } from './column-values';

/** A value as SQLite gives it. */
export type StoredValue = string | number | null;
export type StoredRow = Readonly<Record<string, StoredValue>>;
/** A row that a list is paged by. */
export type ListedRow = StoredRow & { readonly seq: number };

/** Some columns of a table, for writing by hand-written SQL. */
export interface WrittenColumns<Row> {
  /** The statement that adds a record; it takes what `encode` gives. */
  readonly insert: string;
  /** For `UPDATE … SET`; takes the same. */
  readonly set: string;
  /** For `ON CONFLICT … DO UPDATE SET`: what was to be inserted, but for the key. */
  readonly excluded: string;
  /** A record's fields as their columns store them, in the order of the columns. */
  encode(record: Readonly<Row>): (StoredValue | Uint8Array)[];
  /** The same by name; none of them bytes. */
  values(record: Readonly<Row>): StoredRow;
}

/** The same for reading: what to select, and what is read from that. */
export interface StoredColumns<Row> extends WrittenColumns<Row> {
  /** For `SELECT`, each with its table. */
  readonly list: string;
  /** @throws STORE_CORRUPT naming column and record where a value is none that the column can hold */
  decode(stored: Readonly<Record<string, unknown>>): Row;
}

type NameOf<T extends SQLiteTable> = keyof InferSelectModel<T> & string;

export function writtenColumns<T extends SQLiteTable, Name extends NameOf<T>>(
  table: T,
  names: readonly Name[],
): WrittenColumns<Pick<InferSelectModel<T>, Name>> {
  const columns = declaredColumns(table, names);
  return {
    insert: `INSERT INTO ${getTableName(table)} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    set: names.map((name) => `${name} = ?`).join(', '),
    excluded: names
      .filter((name) => !isKey(table, name))
      .map((name) => `${name} = excluded.${name}`)
      .join(', '),
    encode: (record) => columns.map(({ name, column }) => encoded(column, record[name])),
    values(record) {
      const values: Record<string, StoredValue> = {};
      for (const { name, column } of columns) {
        const value = encoded(column, record[name]);
        if (value instanceof Uint8Array) throw new TypeError(`${name} is bytes.`);
        values[name] = value;
      }
      return values;
    },
  };
}

/** @param key the columns that name the record in an error: a row has them too, whether they are read here or not */
export function storedColumns<T extends SQLiteTable, Name extends NameOf<T>>(
  table: T,
  names: readonly Name[],
  ...key: readonly [NameOf<T>, ...NameOf<T>[]]
): StoredColumns<Pick<InferSelectModel<T>, Name>> {
  type Row = Pick<InferSelectModel<T>, Name>;
  const tableName = getTableName(table);
  const columns = declaredColumns(table, names);
  const last = names.at(-1) ?? key[0];
  /** Each value is what its column's own decoder gave, which TypeScript cannot follow through a loop. */
  const isWhole = (row: Record<string, unknown>): row is Row & Record<string, unknown> => last in row;
  return {
    ...writtenColumns(table, names),
    list: names.map((name) => selected(tableName, name)).join(', '),
    decode(from) {
      const row: Record<string, unknown> = {};
      let reading: string = key[0];
      // Tells where a damaged value is: a column's decoder does not know it.
      const where = (): string =>
        `${tableName}.${reading} of ${key.map((name) => String(from[name])).join('/')}`;
      try {
        for (const { name, column } of columns) {
          reading = name;
          const value = from[name];
          if (value === undefined) throw new Error(`${where()} was not selected.`);
          if (value === null && column.notNull) throw damaged(where());
          row[name] = value === null ? null : column.mapFromDriverValue(value);
        }
      } catch (error) {
        throw isAppError(error) ? damaged(where(), error.cause) : error;
      }
      if (!isWhole(row)) throw new Error(`A row of ${tableName} lacks a column.`);
      return row;
    },
  };
}

function isKey(table: SQLiteTable, name: string): boolean {
  const { columns, primaryKeys } = getTableConfig(table);
  return (
    columns.some((column) => column.name === name && column.primary) ||
    primaryKeys.some((key) => key.columns.some((column) => column.name === name))
  );
}

function declaredColumns<T extends SQLiteTable, Name extends NameOf<T>>(
  table: T,
  names: readonly Name[],
): { name: Name; column: Column }[] {
  const declared: Readonly<Record<string, Column>> = getTableColumns(table);
  return names.map((name) => {
    const column = declared[name];
    if (column === undefined) throw new Error(`${getTableName(table)} has no column ${name}.`);
    return { name, column };
  });
}

function selected(table: string, name: string): string {
  // SQLite's integers reach 2^63, a JavaScript number only 2^53.
  return name.endsWith('_picodollars') ? `CAST(${table}.${name} AS TEXT) AS ${name}` : `${table}.${name}`;
}

function encoded(column: Column, value: unknown): StoredValue | Uint8Array {
  if (value === null) return null;
  const storable = column.mapToDriverValue(value);
  if (typeof storable === 'string' || typeof storable === 'number' || storable instanceof Uint8Array)
    return storable;
  throw new TypeError(`SQLite cannot store a value of type ${typeof storable} in ${column.name}.`);
}

/** One value by itself, of the record that `of` names. @throws STORE_CORRUPT naming column and record */
export function storedValue<C extends Column>(column: C, stored: unknown, of: string): GetColumnData<C> {
  type Value = GetColumnData<C>;
  /** It is what the column's own decoder gave; drizzle's base class does not say so. */
  const isValue = (read: unknown): read is Value => read !== undefined;
  const where = (): string => `${getTableName(column.table)}.${column.name} of ${of}`;
  if (stored === null && column.notNull) throw damaged(where());
  let value: unknown;
  try {
    value = stored === null ? null : column.mapFromDriverValue(stored);
  } catch (error) {
    throw isAppError(error) ? damaged(where(), error.cause) : error;
  }
  if (!isValue(value)) throw new Error(`${where()} was not selected.`);
  return value;
}

/** The names of a table's columns, but for some. */
export function namesOf<T extends SQLiteTable, Left extends NameOf<T> = never>(
  table: T,
  ...without: readonly Left[]
): Exclude<NameOf<T>, Left>[] {
  const left: readonly string[] = without;
  const isWanted = (name: string): name is Exclude<NameOf<T>, Left> =>
    Object.hasOwn(getTableColumns(table), name) && !left.includes(name);
  return Object.keys(getTableColumns(table)).filter(isWanted);
}
