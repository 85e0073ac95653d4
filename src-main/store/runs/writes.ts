import type { FailureCode } from '../../../src-shared/domain';
import { resultBody, retryContent, runBody, sealedContent, sealOf } from '../audit-log/content';
import { appendLeaf, appendStored } from '../audit-log/leaves';
import type { WriteDb } from '../engine/db';
import {
  storedReviewAction,
  BESIDE_SUMMARY,
  SUMMARY_NAMES,
  toSummary,
  type StoredRunSummary,
  type SummaryRow,
} from './reads';
import { searchAgain } from './search';
import { countedRun } from '../rollups/writes';
import { COUNTED_NAMES } from '../rollups/run-contribution';
import { storedColumns, writtenColumns, type StoredRow } from '../engine/stored-rows';
import { ASKED_COLUMNS, CLEARED, DERIVED_COLUMNS, runs, type DerivedRun, type NewRun } from './tables';

export type { DerivedRun, NewRun } from './tables';

const ASKED = writtenColumns(runs, ASKED_COLUMNS);
const INSERT = `INSERT INTO runs (${ASKED_COLUMNS.join(', ')}, status, record_hmac, hmac_key_id)
  VALUES (${ASKED_COLUMNS.map(() => '?').join(', ')}, 'sending', ?, ?)`;

export function insertRun(tx: WriteDb, run: NewRun): void {
  const asked = ASKED.values(run);
  const body = runBody(asked);
  const seal = sealOf(body, tx.audit.recordKey());
  tx.prepare(INSERT).run(...ASKED_COLUMNS.map((name) => asked[name]), seal.record_hmac, seal.hmac_key_id);
  appendLeaf(tx, { type: 'run', id: run.run_id, content: sealedContent(body, seal) });
}

/** From here the answer cannot be lost: its bytes are committed in the same transaction. */
export function markRawStored(
  tx: WriteDb,
  runId: string,
  attemptId: string,
  timing: { latency_ms: number; first_byte_ms: number },
): void {
  tx.prepare(
    `UPDATE runs SET status = 'raw_stored', attempt_id = ?, latency_ms = ?, first_byte_ms = ? WHERE run_id = ?`,
  ).run(attemptId, timing.latency_ms, timing.first_byte_ms, runId);
}

const SEND_AGAIN = `UPDATE runs SET status = 'sending', attempt_id = NULL, parse_attempts = 0,
  earlier_cost_picodollars = earlier_cost_picodollars + coalesce(cost_picodollars, 0),
  ${DERIVED_COLUMNS.map((name) => `${name} = ${CLEARED[name] ?? 'NULL'}`).join(', ')} WHERE run_id = ?`;

/**
 * A new attempt of a run that has ended (a retry the user asked for, or one after a provable refusal). What the last
 * attempt was answered is the run's answer no more, but stays stored with its attempt, and stays paid for.
 */
export function markSendingAgain(tx: WriteDb, runId: string): void {
  const before = countedRun(tx, runId);
  tx.prepare(SEND_AGAIN).run(runId);
  tx.rollups.run(before, countedRun(tx, runId));
  appendLeaf(tx, { type: 'retry', id: runId, content: retryContent(runId) });
}

/** A call that was provably not accepted waits for its turn again: now, or when its batch is resumed. */
export function putBack(tx: WriteDb, runId: string): void {
  const before = countedRun(tx, runId);
  tx.prepare(
    `UPDATE runs SET status = 'pending', failure_code = NULL, failure_message = NULL WHERE run_id = ?`,
  ).run(runId);
  tx.rollups.run(before, before && { ...before, status: 'pending', failure_code: null });
  appendLeaf(tx, { type: 'retry', id: runId, content: retryContent(runId) });
  tx.changed('runs', runId);
}

const RESULT_COLUMNS = ['status', ...DERIVED_COLUMNS] as const;
const RESULT = writtenColumns(runs, RESULT_COLUMNS);
const UPDATE_RESULT = `UPDATE runs SET parse_attempts = ?, ${RESULT_COLUMNS.map((name) => `${name} = ?`).join(', ')}
  WHERE run_id = ?`;

/** What is counted or shown, and what a result does not write although its entry in the audit log holds it. */
const BEFORE_RESULT = storedColumns(
  runs,
  [
    ...new Set([...SUMMARY_NAMES, ...COUNTED_NAMES]),
    'als_block_sha256',
    'als_block_text',
    'als_variant_id',
    'cached',
    'parse_attempts',
    'provoker_value',
    'seed_key_id',
    'step2_source_ref',
    'step2_tools_invoked',
  ],
  'run_id',
);
const SELECT_BEFORE = `SELECT ${BESIDE_SUMMARY}, ${BEFORE_RESULT.list} FROM runs WHERE run_id = ?`;

/** Returns the run as it is now. What was just written is not read again: that would cost as much as writing it. */
export function finishRun(tx: WriteDb, runId: string, derived: DerivedRun): StoredRunSummary {
  const stored = tx.prepare<[string], SummaryRow>(SELECT_BEFORE).get(runId);
  if (!stored) throw new Error(`There is no run ${runId} to finish.`);
  const before = BEFORE_RESULT.decode(stored);
  const result = storedResult(derived);
  const parse_attempts = before.parse_attempts + 1;
  tx.prepare(UPDATE_RESULT).run(parse_attempts, ...RESULT_COLUMNS.map((name) => result[name]), runId);
  searchAgain(tx, runId);
  tx.rollups.run(before, { ...before, ...derived });
  const now = { ...stored, ...result, parse_attempts };
  appendLeaf(tx, { type: 'result', id: runId, content: resultBody(now) });
  return toSummary(
    derived.requires_manual_review ? { ...now, review_action: storedReviewAction(tx, runId) } : now,
  );
}

/** What of a result its columns hold. */
export function storedResult(derived: DerivedRun): StoredRow {
  return RESULT.values(derived);
}

/** Ends a run that got no answer, or only the beginning of one: then `attempt_id` says whose bytes those are. */
export function endWithoutAnswer(
  tx: WriteDb,
  runId: string,
  end: {
    status: 'failed' | 'outcome_unknown' | 'cancelled';
    failure_code: FailureCode | null;
    failure_message: string | null;
    attempt_id?: string | null;
  },
): void {
  const before = countedRun(tx, runId);
  tx.prepare(
    `UPDATE runs SET status = ?, failure_code = ?, failure_message = ?, attempt_id = ? WHERE run_id = ?`,
  ).run(end.status, end.failure_code, end.failure_message, end.attempt_id ?? null, runId);
  tx.rollups.run(before, before && { ...before, status: end.status, failure_code: end.failure_code });
  searchAgain(tx, runId);
  appendStored(tx, 'result', runId);
}

/** Id of a price snapshot, which is stored once however many runs used it. */
export function internPriceSnapshot(tx: WriteDb, sha256: string, snapshot: string): number {
  const find = tx.prepare<[string], { id: number }>(
    `SELECT price_snapshot_id AS id FROM price_snapshots WHERE sha256 = ?`,
  );
  const known = find.get(sha256);
  if (known) return known.id;
  const { lastInsertRowid } = tx
    .prepare(`INSERT INTO price_snapshots (sha256, snapshot) VALUES (?, ?)`)
    .run(sha256, snapshot);
  appendStored(tx, 'price_snapshot', sha256);
  return Number(lastInsertRowid);
}
