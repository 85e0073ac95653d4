import { hash } from 'node:crypto';
import { isAppError, recordTypeOf, type AppError, type RecordType } from '../../../src-shared/domain';
import {
  leafText,
  RECORDS,
  type LeafFacts,
  type LoggedRecord,
  type Queued,
  type ReadDb,
  type Records,
} from '../../store';
import type { ColumnType, ColumnValue } from './binary-array';
import { AUDIT_LEAF, RECORD_KINDS, type RecordKind, type Source, type TeamTable } from './kinds';

export interface TeamRow {
  readonly table: TeamTable;
  /** The table's columns in order, then `record` and `record_sha256`. */
  readonly values: readonly ColumnValue[];
}

/** The rows for a queued record: the record, unless another replaced it, and its audit log entry. */
export interface Unit {
  readonly queued: Queued;
  readonly rows: readonly TeamRow[];
  readonly bytes: number;
  /** Why the record cannot be pushed. */
  readonly problem: string | null;
}

/** Postgres accepts values of up to 1 GB, but needs several times the memory. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A queued record with its audit log entry, if that still exists. */
export interface QueuedEntry {
  readonly queued: Queued;
  readonly leaf: LeafFacts | undefined;
}

/** Reads queued records in order and checks that each is what was committed. */
export function* loadUnits(
  db: ReadDb,
  entries: readonly QueuedEntry[],
  records: Records = RECORDS,
): Generator<Unit> {
  const rows = new Map<string, ReturnType<Records['rows']>>();
  for (const [name, ofType] of Map.groupBy(entries, ({ queued }) => queued.record_type)) {
    const type = recordTypeOf(name);
    if (type === undefined || !RECORD_KINDS[type]) continue;
    const ids = ofType.map(({ queued }) => queued.record_id);
    rows.set(type, records.rows(db, type, ids));
  }
  for (const { queued, leaf } of entries) {
    const row = rows.get(queued.record_type)?.get(queued.record_id);
    const find = (type: RecordType, of: LeafFacts): LoggedRecord | null =>
      row ? records.compare(type, row, of) : records.find(db, type, { ...of, record_id: queued.record_id });
    yield unitOf(db, queued, leaf, find);
  }
}

function unitOf(db: ReadDb, queued: Queued, leaf: LeafFacts | undefined, find: FindRecord): Unit {
  const source: Source = { db, id: queued.record_id, leaf_seq: queued.leaf_seq };
  if (!leaf)
    return {
      queued,
      rows: [],
      bytes: 0,
      problem: 'Its entry in the audit log is no longer in the store.',
    };
  const leafRow = leafRowOf(leaf, queued.leaf_seq);
  const leafAlone = (problem: string | null): Unit => ({
    queued,
    rows: [leafRow],
    bytes: sizeOf(leafRow),
    problem,
  });
  const kind = RECORD_KINDS[queued.record_type];
  // Connections and the like reach the team only as audit log entries.
  if (!kind) return leafAlone(null);
  const record = recordFor(queued, leaf, find);
  if (isAppError(record)) return leafAlone(`The record was not pushed. ${record.message}`);
  if (!record?.holds && kind.superseded) return leafAlone(null);
  if (record === null) {
    return { ...leafAlone('The record is no longer in the store.'), bytes: 0 };
  }
  if (!record.holds) {
    return leafAlone('The record does not match the audit log, so it was not pushed.');
  }
  const { content } = record;
  const fields = kind.text ? fieldsOf(content) : record.row;
  const row = rowOf(kind, { text: content, sha256: leaf.content_sha256, fields }, source);
  const bytes = sizeOf(row) + sizeOf(leafRow);
  return bytes > MAX_BYTES
    ? { ...leafAlone(`The record is too large to push: ${bytes} bytes.`), bytes: 0 }
    : { queued, rows: [row, leafRow], bytes, problem: null };
}

type FindRecord = (type: RecordType, leaf: LeafFacts) => LoggedRecord | null;

/** Null if there is no such record. Damaged bytes are returned as an error, not thrown: others wait behind them. */
function recordFor(queued: Queued, leaf: LeafFacts, find: FindRecord): LoggedRecord | AppError | null {
  const type = recordTypeOf(queued.record_type);
  if (type === undefined) return null;
  try {
    return find(type, leaf);
  } catch (error) {
    if (isAppError(error) && error.code === 'STORE_CORRUPT') return error;
    throw error;
  }
}

interface LoadedRecord {
  /** The text as hashed. */
  readonly text: string;
  readonly sha256: string;
  readonly fields: Fields;
}

function rowOf(kind: RecordKind, record: LoadedRecord, source?: Source): TeamRow {
  const more = (source && kind.more?.(source)) ?? {};
  const values: ColumnValue[] = [];
  for (const name in kind.table.columns) {
    values.push(more[name] ?? columnValue(kind.table.columns[name] ?? 'text', record.fields[name]));
  }
  values.push(record.text, record.sha256);
  return { table: kind.table, values };
}

function leafRowOf(leaf: LeafFacts, seq: number): TeamRow {
  const text = leafText(leaf);
  const record = { text, sha256: hash('sha256', text), fields: { ...leaf, seq } };
  return rowOf(AUDIT_LEAF, record);
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a text record, which is canonical JSON of our own. */
function fieldsOf(record: string): Fields {
  const parsed: unknown = JSON.parse(record);
  if (!isFields(parsed)) throw new Error('A record is not an object.');
  return parsed;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Converts a field for its column. `record` is authoritative; columns are for queries, so lossy conversion is fine. */
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
