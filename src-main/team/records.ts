import { hash } from 'node:crypto';
import * as z from 'zod';
import { contentOf, getLeaf, leafText, RECORD_TYPES, type Queued, type ReadDb } from '../store';
import type { ColumnType, ColumnValue } from './binary-array';
import { RECORD_KINDS, type RecordKind, type Source, type TeamTable } from './kinds';

/** A record as it goes into its table. */
export interface TeamRow {
  readonly queued: Queued;
  readonly table: TeamTable;
  readonly values: Readonly<Record<string, ColumnValue>>;
  readonly record: string;
  readonly record_sha256: string;
  readonly bytes: number;
}

export type Loaded =
  | { readonly row: TeamRow }
  /** Nothing is left to push: a later record took its place, or it is not shared with the team. */
  | { readonly row: null; readonly problem: null }
  | { readonly row: null; readonly problem: string };

const NOTHING: Loaded = { row: null, problem: null };
/** Postgres takes values of up to 1 GB, and needs memory several times over to do so. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Reads a queued record and checks that it is what was committed. */
export function loadRecord(db: ReadDb, queued: Queued): Loaded {
  const kind = RECORD_KINDS[queued.record_type];
  if (!kind) return NOTHING;
  const leaf = queued.leaf_seq === null ? undefined : getLeaf(db, queued.leaf_seq);
  const source: Source = { db, id: queued.record_id, leaf_seq: queued.leaf_seq };
  const isLeaf = queued.record_type === 'audit_leaf';
  const record = isLeaf ? (leaf ? leafText(leaf) : null) : contentFor(kind, queued.record_type, source);
  if (record === null) {
    return kind.superseded ? NOTHING : { row: null, problem: 'The record is not in the store any more.' };
  }
  const record_sha256 = hash('sha256', record);
  if (queued.leaf_seq !== null && !isLeaf && leaf?.content_sha256 !== record_sha256) {
    return kind.superseded
      ? NOTHING
      : { row: null, problem: 'The record is not what the audit log says was stored: it was not pushed.' };
  }
  const values = columnsOf(kind, record, source);
  const bytes = sizeOf(record, values);
  if (bytes > MAX_BYTES) return { row: null, problem: `The record is too large to push: ${bytes} bytes.` };
  return { row: { queued, table: kind.table, values, record, record_sha256, bytes } };
}

function contentFor(kind: RecordKind, recordType: string, source: Source): string | null {
  if (kind.content) return kind.content(source);
  const type = RECORD_TYPES.find((known) => known === recordType);
  return type === undefined ? null : contentOf(source.db, type, source.id);
}

const bodySchema = z.record(z.string(), z.unknown());
/** A record with its HMAC beside it. */
const sealedSchema = z.object({ record: bodySchema, record_hmac: z.string().nullable() });

function columnsOf(kind: RecordKind, record: string, source: Source): Record<string, ColumnValue> {
  const parsed: unknown = JSON.parse(record);
  const sealed = sealedSchema.safeParse(parsed);
  const body = sealed.success ? sealed.data.record : bodySchema.parse(parsed);
  const more = kind.more?.(source) ?? {};
  const columns = Object.entries(kind.table.columns);
  return Object.fromEntries(
    columns.map(([name, type]) => [name, more[name] ?? columnValue(type, body[name])]),
  );
}

/** A field as a column keeps it. `record` is the truth; a column that cannot hold it all is for looking things up. */
function columnValue(type: ColumnType, value: unknown): ColumnValue {
  if (value === undefined || value === null) return null;
  if (type === 'text') {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.replaceAll('\0', '\uFFFD');
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error(`A ${type} column cannot hold ${JSON.stringify(value)}.`);
}

function sizeOf(record: string, values: Readonly<Record<string, ColumnValue>>): number {
  let bytes = record.length;
  for (const value of Object.values(values)) {
    bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8;
  }
  return bytes;
}
