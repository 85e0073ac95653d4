import * as z from 'zod';
import { lastLeafSeq } from './audit-leaves.repo';
import type { ReadDb, WriteDb } from './db';
import { getState, putState } from './sync-state.repo';
import { readJsonColumn } from './row';

/** A record that waits for the team database. */
export interface Queued {
  readonly seq: number;
  readonly record_type: string;
  readonly record_id: string;
  /** Its entry in the audit log: every record that a team shares has one. */
  readonly leaf_seq: number;
}

export interface QueuedAside extends Queued {
  readonly reason: string;
  readonly since: string;
}

/**
 * Queues everything that is stored, and from here on every record with its own commit. What is stored is remembered as
 * how far the audit log reached in this transaction, and queued a piece at a time, so that a big store does not stop the app.
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

/** How many records wait, those that are still to be queued included. */
export function countQueued(db: ReadDb): number {
  const queued = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM outbox`).get()?.n ?? 0;
  const left = getBackfill(db);
  return left === null ? queued : queued + left.upTo - left.done;
}

/** The first records after `seq`, in the order of their commits. */
export function nextQueued(db: ReadDb, seq: number, limit: number): Queued[] {
  return db
    .prepare<[number, number], Queued>(`SELECT * FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?`)
    .all(seq, limit);
}

export function deleteQueued(tx: WriteDb, seqs: readonly number[]): void {
  tx.prepare(`DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each(?))`).run(JSON.stringify(seqs));
}

export function putAside(tx: WriteDb, record: Queued, reason: string): void {
  deleteQueued(tx, [record.seq]);
  tx.prepare(
    `INSERT INTO outbox_set_aside (seq, record_type, record_id, leaf_seq, reason, since) VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(record.seq, record.record_type, record.record_id, record.leaf_seq, reason, tx.audit.now());
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

/** The audit log has the records in the order in which they came. UUIDs rest there as bytes. */
const LEAVES = `INSERT INTO outbox (record_type, record_id, leaf_seq)
  SELECT record_type, CASE typeof(record_id) WHEN 'text' THEN record_id ELSE
    lower(substr(hex(record_id), 1, 8) || '-' || substr(hex(record_id), 9, 4) || '-' || substr(hex(record_id), 13, 4)
      || '-' || substr(hex(record_id), 17, 4) || '-' || substr(hex(record_id), 21)) END, seq
  FROM audit_leaves WHERE seq > ? AND seq <= ? ORDER BY seq`;

/** Queues the next records of those that were stored before. @returns whether there were any */
export function queueStored(tx: WriteDb, limit: number): boolean {
  const left = getBackfill(tx);
  if (left === null) return false;
  const done = Math.min(left.done + limit, left.upTo);
  tx.prepare(LEAVES).run(left.done, done);
  putBackfill(tx, { ...left, done });
  return true;
}
