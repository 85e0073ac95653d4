import { hash } from 'node:crypto';
import { contentOf, getLeaf, leafText, RECORD_TYPES, type Queued, type ReadDb } from '../store';
import type { ColumnType, ColumnValue } from './binary-array';
import { AUDIT_LEAF, RECORD_KINDS, type RecordKind, type Source, type TeamTable } from './kinds';

/** A record as it goes into its table. */
export interface TeamRow {
  readonly table: TeamTable;
  /** In the order of the table's columns, then `record` and `record_sha256`. */
  readonly values: readonly ColumnValue[];
}

/** A queued record with its rows: itself, unless another took its place, and its entry in the audit log. */
export interface Unit {
  readonly queued: Queued;
  readonly rows: readonly TeamRow[];
  readonly bytes: number;
  /** Why the record itself cannot be pushed. */
  readonly problem: string | null;
}

/** Postgres takes values of up to 1 GB, and needs memory several times over to do so. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Reads a queued record and checks that it is what was committed. */
export function loadUnit(db: ReadDb, queued: Queued): Unit {
  const source: Source = { db, id: queued.record_id, leaf_seq: queued.leaf_seq };
  const kind = RECORD_KINDS[queued.record_type];
  const leaf = getLeaf(db, queued.leaf_seq);
  if (!leaf)
    return {
      queued,
      rows: [],
      bytes: 0,
      problem: 'Its entry in the audit log is not in the store any more.',
    };
  const leafRow = rowOf(AUDIT_LEAF, leafText(leaf), source);
  // Connections and the like: the team learns of them from the log alone.
  if (!kind) return { queued, rows: [leafRow], bytes: sizeOf(leafRow), problem: null };
  const record = contentFor(queued, source);
  const isWhatWasStored = record !== null && hash('sha256', record) === leaf.content_sha256;
  if (!isWhatWasStored && kind.superseded)
    return { queued, rows: [leafRow], bytes: sizeOf(leafRow), problem: null };
  if (record !== null && !isWhatWasStored) {
    const problem = 'The record is not what the audit log says was stored, so it was not pushed.';
    return { queued, rows: [leafRow], bytes: sizeOf(leafRow), problem };
  }
  return unitOf(queued, [leafRow], record, kind, source);
}

function unitOf(
  queued: Queued,
  rows: readonly TeamRow[],
  record: string | null,
  kind: RecordKind | undefined,
  source: Source,
): Unit {
  if (record === null || !kind) {
    return { queued, rows, bytes: 0, problem: 'The record is not in the store any more.' };
  }
  const row = rowOf(kind, record, source);
  const bytes = rows.reduce((sum, other) => sum + sizeOf(other), sizeOf(row));
  return bytes > MAX_BYTES
    ? { queued, rows, bytes: 0, problem: `The record is too large to push: ${bytes} bytes.` }
    : { queued, rows: [row, ...rows], bytes, problem: null };
}

function contentFor(queued: Queued, source: Source): string | null {
  const type = RECORD_TYPES.find((known) => known === queued.record_type);
  return type === undefined ? null : contentOf(source.db, type, source.id);
}

function rowOf(kind: RecordKind, record: string, source: Source): TeamRow {
  const body = fieldsOf(record);
  const more = kind.more?.(source) ?? {};
  const values: ColumnValue[] = [];
  for (const name in kind.table.columns) {
    values.push(more[name] ?? columnValue(kind.table.columns[name] ?? 'text', body[name]));
  }
  values.push(record, hash('sha256', record));
  return { table: kind.table, values };
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a record, also of one with its HMAC beside it. The text is canonical JSON of our own making. */
function fieldsOf(record: string): Fields {
  const parsed: unknown = JSON.parse(record);
  if (!isFields(parsed)) throw new Error('A record is not an object.');
  const sealed = parsed['record'];
  return 'record_hmac' in parsed && isFields(sealed) ? sealed : parsed;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field as a column keeps it. `record` is the truth; a column that cannot hold it all is for looking things up. */
function columnValue(type: ColumnType, value: unknown): ColumnValue {
  if (value === undefined || value === null) return null;
  if (type === 'text') {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error(`A ${type} column cannot hold ${JSON.stringify(value)}.`);
}

function sizeOf(row: TeamRow): number {
  let bytes = 0;
  for (const value of row.values) {
    bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8;
  }
  return bytes;
}
