import type * as z from 'zod';
import {
  batchDriftSchema,
  evidenceGradeSchema,
  versionEvidenceSchema,
  type BatchDrift,
} from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { readColumn, readJsonColumn } from '../engine/column-values';

/** A version that is not what a batch's preflight locked. `expected` is null where the preflight knew nothing. */
export type SeenInBatch = Omit<BatchDrift, 'expected'> & { readonly expected: BatchDrift['expected'] | null };

interface LockRow {
  target_index: number;
  provider_version_key: string;
  evidence_grade: string;
  evidence: string;
  run_id: string;
  expected: string | null;
  seen_at: string;
  accepted_at: string | null;
}

const expectedSchema: z.ZodType<BatchDrift['expected']> = batchDriftSchema.shape.expected;

export function insertBatchLock(tx: WriteDb, batchId: string, seen: SeenInBatch): void {
  const { lastInsertRowid } = tx
    .prepare(
      `INSERT INTO batch_locks (batch_id, target_index, provider_version_key, evidence_grade, evidence, run_id, expected,
       seen_at, accepted_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      batchId,
      seen.target_index,
      seen.actual.provider_version_key,
      seen.actual.evidence_grade,
      JSON.stringify(seen.actual.evidence),
      seen.run_id,
      seen.expected === null ? null : JSON.stringify(seen.expected),
      seen.seen_at,
      seen.accepted_at,
    );
  const id = `${batchId}/${lastInsertRowid}`;
  appendStored(tx, 'batch_lock', id);
  if (seen.accepted_at !== null) appendStored(tx, 'batch_lock_accepted', id);
  tx.changed('batches', batchId);
}

/** The user goes on with what was seen: it is the lock now. */
export function acceptBatchLocks(tx: WriteDb, batchId: string, at: string): void {
  const accepted = tx
    .prepare<[string, string], { seq: number }>(
      `UPDATE batch_locks SET accepted_at = ? WHERE batch_id = ? AND accepted_at IS NULL RETURNING seq`,
    )
    .all(at, batchId);
  for (const { seq } of accepted) appendStored(tx, 'batch_lock_accepted', `${batchId}/${seq}`);
  if (accepted.length > 0) tx.changed('batches', batchId);
}

/** In the order they were seen. */
export function listBatchLocks(db: ReadDb, batchId: string): SeenInBatch[] {
  return db
    .prepare<[string], LockRow>(`SELECT * FROM batch_locks WHERE batch_id = ? ORDER BY seq`)
    .all(batchId)
    .map((row) => {
      const where = (column: string): string => `batch_locks.${column} of ${batchId}`;
      return {
        target_index: row.target_index,
        expected:
          row.expected === null ? null : readJsonColumn(expectedSchema, row.expected, where('expected')),
        actual: {
          provider_version_key: row.provider_version_key,
          evidence_grade: readColumn(evidenceGradeSchema, row.evidence_grade, where('evidence_grade')),
          evidence: readJsonColumn(versionEvidenceSchema, row.evidence, where('evidence')),
        },
        run_id: row.run_id,
        seen_at: row.seen_at,
        accepted_at: row.accepted_at,
      };
    });
}
