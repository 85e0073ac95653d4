import { getTableColumns, getTableName, type InferSelectModel, type Table } from 'drizzle-orm';
import { isAppError } from '../../../src-shared/domain';
import { damaged } from './column-values';

/** A value as SQLite gives it; bytes are read apart. */
export type StoredValue = string | number | null;
export type StoredRow = Readonly<Record<string, StoredValue>>;

/** Some columns of a table, for SQL that is written by hand: what to select, and what is read from that. */
export interface StoredColumns<Row> {
  /** For `SELECT`, each with its table. */
  readonly list: string;
  /** @throws STORE_CORRUPT naming column and record where a value is none that the column can hold */
  decode(stored: StoredRow): Row;
}

/** @param key the column that names the record in an error */
export function storedColumns<T extends Table, Name extends keyof InferSelectModel<T> & string>(
  table: T,
  names: readonly Name[],
  key: Name,
): StoredColumns<Pick<InferSelectModel<T>, Name>> {
  type Row = Pick<InferSelectModel<T>, Name>;
  const tableName = getTableName(table);
  const declared = getTableColumns(table);
  const columns = names.map((name) => {
    const column = declared[name];
    if (column === undefined) throw new Error(`${tableName} has no column ${name}.`);
    return { name, column };
  });
  /** Each value is what its column's own decoder gave, which TypeScript cannot follow through a loop. */
  const isWhole = (row: Record<string, unknown>): row is Row & Record<string, unknown> =>
    names.every((name) => name in row);
  return {
    list: names.map((name) => selected(tableName, name)).join(', '),
    decode(stored) {
      const row: Record<string, unknown> = {};
      for (const { name, column } of columns) {
        const value = stored[name] ?? null;
        const where = (): string => `${tableName}.${name} of ${String(stored[key])}`;
        if (value === null && column.notNull) throw damaged(where());
        row[name] = value === null ? null : placed(where, () => column.mapFromDriverValue(value));
      }
      if (!isWhole(row)) throw new Error(`A row of ${tableName} lacks a column.`);
      return row;
    },
  };
}

function selected(table: string, name: string): string {
  // SQLite's integers reach 2^63, a JavaScript number only 2^53.
  return name.endsWith('_picodollars') ? `CAST(${table}.${name} AS TEXT) AS ${name}` : `${table}.${name}`;
}

/** A record's fields as its columns store them. */
export function storedValues<T extends Table, Name extends keyof InferSelectModel<T> & string>(
  table: T,
  names: readonly Name[],
  record: Pick<InferSelectModel<T>, Name>,
): StoredRow {
  const declared = getTableColumns(table);
  const stored: Record<string, StoredValue> = {};
  for (const name of names) {
    const value = record[name];
    stored[name] = value === null ? null : storable(declared[name]?.mapToDriverValue(value));
  }
  return stored;
}

function storable(value: unknown): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`SQLite cannot store a value of type ${typeof value}.`);
}

/** Names the place of a damaged value: a column's decoder does not know it. */
function placed<T>(where: () => string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw isAppError(error) ? damaged(where(), error.cause) : error;
  }
}

/** The names of an object's own fields, as its type has them. */
export function keysOf<T extends object>(fields: T): readonly (keyof T & string)[] {
  return Object.keys(fields).filter((name): name is keyof T & string => Object.hasOwn(fields, name));
}
