import type { BatchDrift } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, writtenColumns, type StoredRow } from '../engine/stored-rows';
import { batchLocks } from './tables';

/**
 * A version that differs from the lock set by a batch's preflight. `expected` is null if the preflight knew no version.
 */
export type SeenInBatch = Omit<BatchDrift, 'expected'> & { readonly expected: BatchDrift['expected'] | null };

const LOCK = storedColumns(batchLocks, namesOf(batchLocks), 'batch_id', 'seq');
const NEW = writtenColumns(batchLocks, namesOf(batchLocks, 'seq'));

export function insertBatchLock(tx: WriteDb, batchId: string, seen: SeenInBatch): void {
  const { actual, ...facts } = seen;
  const { lastInsertRowid } = tx
    .prepare(NEW.insert)
    .run(...NEW.encode({ batch_id: batchId, ...facts, ...actual }));
  const id = `${batchId}/${lastInsertRowid}`;
  appendStored(tx, 'batch_lock', id);
  if (seen.accepted_at !== null) appendStored(tx, 'batch_lock_accepted', id);
  tx.changed('batches', batchId);
}

/** The user accepts the observed version as the new lock. */
export function acceptBatchLocks(tx: WriteDb, batchId: string, at: string): void {
  const accepted = tx
    .prepare<[string, string], { seq: number }>(
      `UPDATE batch_locks SET accepted_at = ? WHERE batch_id = ? AND accepted_at IS NULL RETURNING seq`,
    )
    .all(at, batchId);
  for (const { seq } of accepted) appendStored(tx, 'batch_lock_accepted', `${batchId}/${seq}`);
  if (accepted.length > 0) tx.changed('batches', batchId);
}

export function listBatchLocks(db: ReadDb, batchId: string): SeenInBatch[] {
  return db
    .prepare<[string], StoredRow>(`SELECT ${LOCK.list} FROM batch_locks WHERE batch_id = ? ORDER BY seq`)
    .all(batchId)
    .map((row) => {
      const {
        seq: _,
        batch_id: _batch,
        provider_version_key,
        evidence_grade,
        evidence,
        ...seen
      } = LOCK.decode(row);
      return { ...seen, actual: { provider_version_key, evidence_grade, evidence } };
    });
}
