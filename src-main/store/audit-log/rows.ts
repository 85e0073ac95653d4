import { hash } from 'node:crypto';
import { RECORD_TYPES, type RecordType } from '../../../src-shared/domain';
import type { ReadDb } from '../engine/db';
import { SEAL_COLUMNS, type Contents } from './content';
import type { ContentRow } from './flat-json';
import type { Kind } from './kind';
import type { ComputedType, RowType } from './kinds';

/** Rows larger than this are fetched one at a time. */
const LARGE_BYTES = 64 * 1024;

/** Computes what no column holds, for the record with this id; null if there is none. */
export type Compute = (db: ReadDb, id: string) => ContentRow | null;

const COMPUTED: Readonly<Record<Exclude<ComputedType, 'answer'>, Compute>> = {
  asset: (db, id) => ({ bytes_sha256: assetBytesSha256(db, id) }),
  // The inputs belong to the plan but can be thousands of rows, so their hash represents them.
  batch: (db, id) => ({ inputs_sha256: inputsSha256(db, id) }),
  budget_removed: (db, id) => (hasBudget(db, id) ? null : { budget: null, workspace: id }),
  retry: (_db, id) => ({ run_id: id }),
};

export interface RowReader {
  /** The record's current columns; null if there is no such record. */
  one(db: ReadDb, type: RowType, id: string): ContentRow | null;
  /**
   * Many by id, in a fraction of the time of single reads. Ids missing from the result need `one`: their record is
   * large, is of a kind that is more than one row's columns, or does not exist.
   */
  many(db: ReadDb, type: RecordType, ids: readonly string[]): ReadonlyMap<string, ContentRow>;
}

export function createRowReader({ kinds, columns }: Pick<Contents, 'kinds' | 'columns'>): RowReader {
  const queries = new Map(RECORD_TYPES.map((type) => [type, queriesOf(kinds[type], columns(type))]));
  return {
    one(db, type, id) {
      const query = queries.get(type)?.one;
      const row = query === undefined ? {} : db.prepare<[string], ContentRow>(query).get(id);
      const more = row && (isComputed(type) ? COMPUTED[type](db, id) : {});
      return row && more ? { ...row, ...more } : null;
    },
    many(db, type, ids) {
      const query = queries.get(type)?.many;
      if (query === undefined) return new Map();
      const rows = db.prepare<[string], ContentRow>(query).all(JSON.stringify(ids));
      return new Map(rows.map((row) => [String(row[kinds[type].id]), row]));
    },
  };
}

function isComputed(type: RecordType): type is keyof typeof COMPUTED {
  return Object.hasOwn(COMPUTED, type);
}

/** The queries for a kind, as far as table columns hold it. */
function queriesOf(
  { table, id, find, computed = [], sealed, large = [] }: Kind,
  logged: readonly string[],
): { one?: string; many?: string } {
  const own = logged.filter((column) => !computed.includes(column));
  if (table === null || own.length === 0) return {};
  const read = [...own, ...(sealed ? SEAL_COLUMNS : [])].map(columnOf).join(', ');
  const isColumn = own.includes(id);
  if (!isColumn) {
    const where = [`${id} = wanted`, ...(find === undefined ? [] : [find])].join(' AND ');
    return { one: `SELECT ${read} FROM ${table}, (SELECT ? AS wanted) WHERE ${where}` };
  }
  const one = `SELECT ${read} FROM ${table} WHERE ${id} = ?`;
  if (computed.length > 0) return { one };
  const bytes = large.map((column) => `coalesce(octet_length(${column}), 0)`).join(' + ');
  const small = bytes === '' ? '' : ` AND ${bytes} <= ${LARGE_BYTES}`;
  return {
    one,
    many: `SELECT ${read} FROM ${table} WHERE ${id} IN (SELECT value FROM json_each(?))${small}`,
  };
}

/** Casts money to text: whole picodollars can exceed what a double holds. */
function columnOf(column: string): string {
  return column.endsWith('_picodollars') ? `CAST(${column} AS TEXT) AS ${column}` : column;
}

/** Covers the lines that an export of the inputs would contain, in order. */
function inputsSha256(db: ReadDb, batchId: string): string {
  const inputs = db
    .prepare<[string], { input_index: number; variables: string }>(
      `SELECT input_index, variables FROM batch_inputs WHERE batch_id = ? ORDER BY input_index`,
    )
    .all(batchId);
  return hash('sha256', inputs.map((input) => `${input.input_index} ${input.variables}\n`).join(''));
}

function assetBytesSha256(db: ReadDb, id: string): string {
  const bytes = db
    .prepare<[string], Uint8Array>(`SELECT bytes FROM assets WHERE asset_sha256 = ?`)
    .pluck()
    .get(id);
  return hash('sha256', bytes ?? '');
}

function hasBudget(db: ReadDb, id: string): boolean {
  const sql = `SELECT 1 FROM budgets WHERE org_id || '/' || workspace_id = ?`;
  return db.prepare<[string], unknown>(sql).get(id) !== undefined;
}
