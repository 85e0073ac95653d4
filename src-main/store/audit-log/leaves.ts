import { hash, randomFillSync } from 'node:crypto';
import { type RecordType, timestampOf } from '../../../src-shared/domain';
import type { ReadDb, WriteDb } from '../engine/db';
import { createContents } from './content';
import { KINDS, type RowType } from './kinds';
import { createRowReader } from './rows';

export interface AuditLeaf {
  /** Starts at 1; the leaf's index in the tree is one less. */
  readonly seq: number;
  readonly record_type: string;
  readonly record_id: string;
  readonly content_sha256: string;
  readonly salt: string;
  /** Computed from the row's current content. */
  readonly leaf_sha256: string;
  /** Whether the row still matches the `leaf_sha256` it was written with. */
  readonly holds: boolean;
  readonly actor: string;
  readonly created_at: string;
}

/** What a leaf's hash covers. */
export type LeafFacts = Omit<AuditLeaf, 'seq' | 'leaf_sha256' | 'holds'>;

/** The default actor: the user of this installation. */
const LOCAL_ACTOR = 'local';

/**
 * Logs a record in the record's own transaction. Costs one hash and one insert: the tree's root is computed only when a
 * checkpoint is signed.
 */
export function appendLeaf(
  tx: WriteDb,
  record: { type: RecordType; id: string; content: string; actor?: string | null },
): void {
  const salt = newSalt();
  const leaf = {
    record_type: record.type,
    record_id: record.id,
    content_sha256: hash('sha256', record.content),
    salt: salt.toString('hex'),
    actor: record.actor ?? LOCAL_ACTOR,
    created_at: tx.audit.now(),
  };
  const { lastInsertRowid } = tx
    .prepare(
      `INSERT INTO audit_leaves (record_type, record_id, content_sha256, salt, leaf_check, created_at, actor)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      leaf.record_type,
      storedId(leaf.record_id),
      Buffer.from(leaf.content_sha256, 'hex'),
      salt,
      Buffer.from(leafCheck(leafSha256(leaf)), 'hex'),
      Date.parse(leaf.created_at),
      leaf.actor === LOCAL_ACTOR ? null : leaf.actor,
    );
  tx.outbox.leaf({ seq: Number(lastInsertRowid), record_type: record.type, record_id: record.id });
}

const SALT_BYTES = 16;
/** Salts are drawn in bulk: random bytes cost the same per call, however many. */
const pool = Buffer.alloc(256 * SALT_BYTES);
let used = pool.length;

function newSalt(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += SALT_BYTES;
  return pool.subarray(used - SALT_BYTES, used);
}

const CONTENTS = createContents(KINDS);
const ROWS = createRowReader(CONTENTS);

/** Logs the record as currently stored. */
export function appendStored(tx: WriteDb, type: RowType, id: string, actor?: string | null): void {
  const row = ROWS.one(tx, type, id);
  if (row === null) throw new Error(`There is no ${type} ${id} to log.`);
  appendLeaf(tx, { type, id, content: CONTENTS.now(type, row), ...(actor === undefined ? {} : { actor }) });
}

/** The bytes that are hashed into the tree, in canonical JSON. */
export function leafText(leaf: LeafFacts): string {
  const text = JSON.stringify;
  // Sorted keys and RFC 8785 strings: the canonical form without its general machinery.
  return `{"actor":${text(leaf.actor.toWellFormed())},"content_sha256":"${leaf.content_sha256}","created_at":"${leaf.created_at}","record_id":${text(leaf.record_id.toWellFormed())},"record_type":${text(leaf.record_type)},"salt":"${leaf.salt}","v":1}`;
}

/** SHA-256(0x00 ‖ leaf), RFC 9162, 2.1.1. */
export function leafSha256(leaf: LeafFacts): string {
  return hash('sha256', `\0${leafText(leaf)}`);
}

/** As hex text: a small Buffer costs more than the rest of its row, and again at collection. */
const IDS = `CASE typeof(record_id) WHEN 'text' THEN record_id END AS text_id,
  CASE typeof(record_id) WHEN 'text' THEN NULL ELSE lower(hex(record_id)) END AS hex_id`;
const LEAF = `SELECT seq, record_type, ${IDS}, lower(hex(content_sha256)) AS content_sha256, lower(hex(salt)) AS salt, lower(hex(leaf_check)) AS leaf_check,
  created_at, actor FROM audit_leaves`;

interface LeafRow {
  readonly seq: number;
  readonly record_type: string;
  readonly text_id: string | null;
  readonly hex_id: string | null;
  readonly content_sha256: string;
  readonly salt: string;
  readonly leaf_check: string;
  readonly created_at: number;
  readonly actor: string | null;
}

function factsOf(row: LeafRow): LeafFacts {
  return {
    record_type: row.record_type,
    record_id: idOf(row),
    content_sha256: row.content_sha256,
    salt: row.salt,
    actor: row.actor ?? LOCAL_ACTOR,
    // An invalid date was written by somebody else, and the leaf's hash will not match.
    created_at:
      Number.isSafeInteger(row.created_at) && Math.abs(row.created_at) <= 8.64e15
        ? timestampOf(row.created_at)
        : '',
  };
}

function idOf({ text_id, hex_id }: Pick<LeafRow, 'text_id' | 'hex_id'>): string {
  return text_id ?? dashed(hex_id ?? '');
}

function leafOf(row: LeafRow): AuditLeaf {
  const facts = factsOf(row);
  const leaf_sha256 = leafSha256(facts);
  return { seq: row.seq, ...facts, leaf_sha256, holds: leafCheck(leaf_sha256) === row.leaf_check };
}

/** Only locates a changed entry; the tree proves that none was changed. */
function leafCheck(sha256: string): string {
  return sha256.slice(0, 8);
}

/** UUIDs are stored as bytes, other ids as text. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function storedId(id: string): string | Uint8Array {
  return UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : id;
}

/** `storedId` in SQL. */
export function storedIdSql(id: string): string {
  return `CASE WHEN length(${id}) = 36 THEN coalesce(unhex(replace(${id}, '-', '')), ${id}) ELSE ${id} END`;
}

/** Formats hex as a UUID. Other lengths were not written by us and stay as they are. */
function dashed(hex: string): string {
  if (hex.length !== 32) return hex;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function leavesAfter(db: ReadDb, seq: number, limit: number): AuditLeaf[] {
  return db
    .prepare<[number, number], LeafRow>(`${LEAF} WHERE seq > ? ORDER BY seq LIMIT ?`)
    .all(seq, limit)
    .map(leafOf);
}

export function getLeaf(db: ReadDb, seq: number): AuditLeaf | undefined {
  const row = db.prepare<[number], LeafRow>(`${LEAF} WHERE seq = ?`).get(seq);
  return row && leafOf(row);
}

/** Ids with several leaves of these types. Most have one: in a long log, a set of all ids would not fit in memory. */
export function idsWithSeveralLeaves(db: ReadDb, types: readonly RecordType[]): ReadonlySet<string> {
  const rows = db
    .prepare<[string], Pick<LeafRow, 'text_id' | 'hex_id'>>(
      `SELECT ${IDS} FROM audit_leaves WHERE record_type IN (SELECT value FROM json_each(?))
       GROUP BY record_id HAVING count(*) > 1`,
    )
    .all(JSON.stringify(types));
  return new Set(rows.map(idOf));
}

/** Leaves after `seq`, in order, without computing their hashes. */
export function leafFactsAfter(db: ReadDb, seq: number, limit: number): (LeafFacts & { seq: number })[] {
  return db
    .prepare<[number, number], LeafRow>(`${LEAF} WHERE seq > ? ORDER BY seq LIMIT ?`)
    .all(seq, limit)
    .map((row) => ({ seq: row.seq, ...factsOf(row) }));
}

/** The leaves at those `seq`s that exist. */
export function leavesAt(db: ReadDb, seqs: readonly number[]): ReadonlyMap<number, LeafFacts> {
  const rows = db
    .prepare<[string], LeafRow>(`${LEAF} WHERE seq IN (SELECT value FROM json_each(?))`)
    .all(JSON.stringify(seqs));
  return new Map(rows.map((row) => [row.seq, factsOf(row)]));
}

export interface LeafFilter {
  readonly record_type?: string | undefined;
  readonly actor?: string | undefined;
  /** A record's id; for a run, its answers match too. */
  readonly object_id?: string | undefined;
  /** Milliseconds since 1970: `from` inclusive, `to` exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Leaves before `seq`, newest first. Filters yield few distinct queries, so statements are cached. */
export function leavesBefore(db: ReadDb, seq: number, limit: number, filter: LeafFilter): AuditLeaf[] {
  const where = ['seq < ?'];
  const values: (string | number | Uint8Array)[] = [seq];
  if (filter.record_type !== undefined) {
    where.push('record_type = ?');
    values.push(filter.record_type);
  }
  if (filter.actor !== undefined) {
    where.push(`coalesce(actor, '${LOCAL_ACTOR}') = ?`);
    values.push(filter.actor);
  }
  if (filter.object_id !== undefined) {
    where.push(
      `(record_id = ? OR record_id IN (SELECT unhex(replace(attempt_id, '-', '')) FROM attempts WHERE run_id = ?))`,
    );
    values.push(storedId(filter.object_id), filter.object_id);
  }
  if (filter.from !== undefined) {
    where.push('created_at >= ?');
    values.push(filter.from);
  }
  if (filter.to !== undefined) {
    where.push('created_at < ?');
    values.push(filter.to);
  }
  const sql = `${LEAF} WHERE ${where.join(' AND ')} ORDER BY seq DESC LIMIT ?`;
  return db
    .prepare<(string | number | Uint8Array)[], LeafRow>(sql)
    .all(...values, limit)
    .map(leafOf);
}

/** The number of leaves, assuming none is missing. */
export function lastLeafSeq(db: ReadDb): number {
  return db.prepare<[], { seq: number | null }>(`SELECT max(seq) AS seq FROM audit_leaves`).get()?.seq ?? 0;
}

export function countLeaves(db: ReadDb): number {
  return db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM audit_leaves`).get()?.n ?? 0;
}

export interface StoredCheckpoint {
  readonly size: number;
  readonly root: string;
  readonly edge: string;
  readonly note: string;
  readonly verifier_key: string;
  readonly ephemeral: number;
  readonly created_at: string;
}

export function insertCheckpoint(tx: WriteDb, checkpoint: StoredCheckpoint): void {
  tx.prepare(
    `INSERT INTO audit_checkpoints (size, root, edge, note, verifier_key, ephemeral, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    checkpoint.size,
    checkpoint.root,
    checkpoint.edge,
    checkpoint.note,
    checkpoint.verifier_key,
    checkpoint.ephemeral,
    checkpoint.created_at,
  );
}

/** The newest checkpoint that covers at most `upTo` entries. */
export function lastCheckpoint(db: ReadDb, upTo = Number.MAX_SAFE_INTEGER): StoredCheckpoint | null {
  return (
    db
      .prepare<[number], StoredCheckpoint>(
        `SELECT * FROM audit_checkpoints WHERE size <= ? ORDER BY size DESC LIMIT 1`,
      )
      .get(upTo) ?? null
  );
}

export function listCheckpoints(db: ReadDb): StoredCheckpoint[] {
  return db.prepare<[], StoredCheckpoint>(`SELECT * FROM audit_checkpoints ORDER BY size`).all();
}
