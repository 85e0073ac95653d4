import type { ContentRow } from './flat-json';

/** What is logged of a record, since the first schema with entries about it. */
interface FirstVersion {
  readonly since: number;
  readonly columns: readonly string[];
}

/**
 * What a later schema logs in addition, and what these columns hold in records from before it. Entries about those do
 * not cover these columns, so there they may never hold anything else: a later value needs a new entry.
 */
interface LaterVersion {
  readonly since: number;
  readonly adds: ContentRow;
}

/** A kind of record and everything that depends on it. */
export interface Kind {
  /** The table whose rows are its records; null if an entry records something that is in no row. */
  readonly table: string | null;
  /** The column that identifies a row, or an expression over several. */
  readonly id: string;
  /** For an `id` that is an expression: a condition that finds its row without a full scan. `wanted` is the id. */
  readonly find?: string;
  /** Which rows are records of this kind; default: all. */
  readonly where?: string;
  /** The order in which records came; default: `seq`. */
  readonly order?: string;
  /** Rows without an entry are legitimate: they may predate logging. */
  readonly optional?: true;
  /** What is logged. Other columns may change during a record's life. */
  readonly versions: readonly [FirstVersion, ...LaterVersion[]];
  /** Logged fields that are computed, not columns of the table (`rows.ts`, `read.ts`). */
  readonly computed?: readonly string[];
  /** The single logged column holds canonical JSON, which is the record. */
  readonly text?: true;
  /** The record's HMAC is stored beside it and logged with it. */
  readonly sealed?: true;
  /** For entries about a state: the thing whose state it is. Only the latest entry for each has to hold. */
  readonly state?: string;
  /** The coverage level that introduced this kind. On adopting a store, its existing records of the kind are logged. */
  readonly since: 1 | 2;
  /** Columns that may be long: rows in which they are (`LARGE_BYTES`) are fetched one at a time. */
  readonly large?: readonly string[];
  /** Its table in the team database; the columns are defined there. */
  readonly team?: string;
}

/** A FROM clause for the rows that are records of a kind; null if it has no rows. */
export function rowsOf({ table, where }: Kind): string | null {
  return table === null ? null : where === undefined ? table : `${table} WHERE ${where}`;
}
