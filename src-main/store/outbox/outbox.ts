import type { InferSelectModel } from 'drizzle-orm';
import * as z from 'zod';
import { lastLeafSeq, leafFactsAfter, type LeafFacts } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { getState, putState } from './sync-state';
import { readJsonColumn } from '../engine/column-values';
import { namesOf, writtenColumns } from '../engine/stored-rows';
import { outboxSetAside, type outbox } from './tables';

const ASIDE = writtenColumns(outboxSetAside, namesOf(outboxSetAside));

/** A record waiting for the team database. */
export interface Queued {
  /** Its position in the outbox; null if it was stored before the team database was set up, and needs none. */
  readonly seq: number | null;
  readonly record_type: string;
  readonly record_id: string;
  /** Its audit log entry: every shared record has one. */
  readonly leaf_seq: number;
}

/** A record that the team database rejected. */
export interface RefusedRecord {
  readonly queued: Queued;
  readonly reason: string;
}

export type QueuedAside = Readonly<InferSelectModel<typeof outboxSetAside>>;

/**
 * Queues everything stored and, from now on, every record in its own transaction. The backlog is remembered as the
 * length of the audit log in this transaction: the log lists records in order of arrival, so a single number tells what
 * is waiting.
 */
export function startOutbox(tx: WriteDb): void {
  emptyOutbox(tx);
  putBackfill(tx, { done: 0, upTo: lastLeafSeq(tx) });
  tx.outbox.turn(true);
}

/** Forgets the team database: records are no longer queued. The records themselves stay. */
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

/** How many records are waiting, including the backlog. */
export function countQueued(db: ReadDb): number {
  const queued = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM outbox`).get()?.n ?? 0;
  const left = getBackfill(db);
  return left === null ? queued : queued + left.upTo - left.done;
}

/** The first records after `seq`, in commit order. */
export function nextQueued(db: ReadDb, seq: number, limit: number): Queued[] {
  return db
    .prepare<[number, number], InferSelectModel<typeof outbox>>(
      `SELECT * FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?`,
    )
    .all(seq, limit);
}

/** Audit log entries after `seq`, in order, whose records were stored before the outbox was started. */
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

/** Call when the team database has accepted or rejected these and every earlier record of the backlog. */
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

/** Ends the backlog; entries missing from the log have nothing to push. */
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

/** Queues the records set aside, at their old positions. @returns how many */
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
