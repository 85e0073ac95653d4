import type { InferSelectModel } from 'drizzle-orm';
import * as z from 'zod';
import { lastLeafSeq, leafFactsAfter, type LeafFacts } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { getState, putState } from './sync-state';
import { readJsonColumn } from '../engine/column-values';
import { namesOf, writtenColumns } from '../engine/stored-rows';
import { outboxSetAside, type outbox } from './tables';

const ASIDE = writtenColumns(outboxSetAside, namesOf(outboxSetAside));

/** A record that waits for the team database. */
export interface Queued {
  /** Its place in the outbox; null where it was stored before the team database was set up, and needs none. */
  readonly seq: number | null;
  readonly record_type: string;
  readonly record_id: string;
  /** Its entry in the audit log: every record that a team shares has one. */
  readonly leaf_seq: number;
}

/** A record that the team database did not take. */
export interface RefusedRecord {
  readonly queued: Queued;
  readonly reason: string;
}

export type QueuedAside = Readonly<InferSelectModel<typeof outboxSetAside>>;

/**
 * Queues everything that is stored, and from here on every record with its own commit. What is stored is remembered as
 * how far the audit log reached in this transaction: the log has the records in the order in which they came, so what
 * waits is told by one number.
 */
export function startOutbox(tx: WriteDb): void {
  emptyOutbox(tx);
  putBackfill(tx, { done: 0, upTo: lastLeafSeq(tx) });
  tx.outbox.turn(true);
}

/** Forgets the team database: nothing is queued any more. The records themselves stay. */
export function stopOutbox(tx: WriteDb): void {
  emptyOutbox(tx);
  tx.outbox.turn(false);
  putState(tx, 'backfill', null);
  putState(tx, 'team_id', null);
  putState(tx, 'paused', null);
}

function emptyOutbox(tx: WriteDb): void {
  tx.prepare(`DELETE FROM outbox`).run();
  tx.prepare(`DELETE FROM outbox_set_aside`).run();
}

export function isOutboxStarted(db: ReadDb): boolean {
  return getState(db, 'outbox') === 'on';
}

/** How many records wait, those included that were stored before. */
export function countQueued(db: ReadDb): number {
  const queued = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM outbox`).get()?.n ?? 0;
  const left = getBackfill(db);
  return left === null ? queued : queued + left.upTo - left.done;
}

/** The first records after `seq`, in the order of their commits. */
export function nextQueued(db: ReadDb, seq: number, limit: number): Queued[] {
  return db
    .prepare<[number, number], InferSelectModel<typeof outbox>>(
      `SELECT * FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?`,
    )
    .all(seq, limit);
}

/** Entries of the audit log after `seq`, in order, whose records were stored before the outbox was started. */
export function nextStored(db: ReadDb, seq: number, limit: number): StoredBefore[] {
  const left = getBackfill(db);
  if (left === null) return [];
  return leafFactsAfter(db, Math.max(seq, left.done), Math.min(limit, left.upTo - left.done))
    .filter((leaf) => leaf.seq <= left.upTo)
    .map(({ seq: leaf_seq, ...leaf }) => ({
      queued: { seq: null, record_type: leaf.record_type, record_id: leaf.record_id, leaf_seq },
      leaf,
    }));
}

export interface StoredBefore {
  readonly queued: Queued;
  readonly leaf: LeafFacts;
}

/** The team database has taken or refused these, and all that were stored before them. */
export function settleQueued(tx: WriteDb, taken: readonly Queued[], refused: readonly RefusedRecord[]): void {
  deleteQueued(
    tx,
    taken.flatMap(({ seq }) => seq ?? []),
  );
  for (const { queued, reason } of refused) setAside(tx, queued, reason);
  const left = getBackfill(tx);
  if (left === null) return;
  const stored = [...taken, ...refused.map(({ queued }) => queued)].filter(({ seq }) => seq === null);
  const done = stored.reduce((last, { leaf_seq }) => Math.max(last, leaf_seq), left.done);
  if (done > left.done) putBackfill(tx, { ...left, done });
}

/** Nothing is left of what was stored before; entries that are missing from the log have nothing to push. */
export function endStored(tx: WriteDb): void {
  putState(tx, 'backfill', null);
}

export function hasStored(db: ReadDb): boolean {
  return getBackfill(db) !== null;
}

function deleteQueued(tx: WriteDb, seqs: readonly number[]): void {
  if (seqs.length === 0) return;
  tx.prepare(`DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each(?))`).run(JSON.stringify(seqs));
}

function setAside(tx: WriteDb, record: Queued, reason: string): void {
  const seq = record.seq ?? newPlace(tx, record);
  deleteQueued(tx, [seq]);
  tx.prepare(ASIDE.insert).run(...ASIDE.encode({ ...record, seq, reason, since: tx.audit.now() }));
}

function newPlace(tx: WriteDb, { record_type, record_id, leaf_seq }: Queued): number {
  const { lastInsertRowid } = tx
    .prepare(`INSERT INTO outbox (record_type, record_id, leaf_seq) VALUES (?, ?, ?)`)
    .run(record_type, record_id, leaf_seq);
  return Number(lastInsertRowid);
}

export function listAside(db: ReadDb, limit: number): QueuedAside[] {
  return db.prepare<[number], QueuedAside>(`SELECT * FROM outbox_set_aside ORDER BY seq LIMIT ?`).all(limit);
}

export function countAside(db: ReadDb): number {
  return db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM outbox_set_aside`).get()?.n ?? 0;
}

/** Queues what was set aside again, in its old place. @returns how many */
export function queueAsideAgain(tx: WriteDb): number {
  const { changes } = tx
    .prepare(
      `INSERT INTO outbox (seq, record_type, record_id, leaf_seq)
       SELECT seq, record_type, record_id, leaf_seq FROM outbox_set_aside`,
    )
    .run();
  tx.prepare(`DELETE FROM outbox_set_aside`).run();
  return changes;
}

const backfillSchema = z.object({ done: z.number(), upTo: z.number() });
type Backfill = z.infer<typeof backfillSchema>;

function getBackfill(db: ReadDb): Backfill | null {
  const text = getState(db, 'backfill');
  return text === null ? null : readJsonColumn(backfillSchema, text, 'sync_state.backfill');
}

function putBackfill(tx: WriteDb, left: Backfill): void {
  putState(tx, 'backfill', left.done >= left.upTo ? null : JSON.stringify(left));
}
