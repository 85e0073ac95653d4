import { hash } from 'node:crypto';
import { canonicalJsonOfValue } from '../../../src-shared/domain/canonical';
import type { ReadDb } from '../engine/db';
import type { ContentRow } from './flat-json';

/** What belongs to a batch and has no id of its own: it is `batch/seq`. */
const OF_BATCH = `(SELECT ? AS id) WHERE batch_id || '/' || seq = id
      AND seq = CAST(substr(id, instr(id, '/') + 1) AS INTEGER)`;

/** Records that are logged as their whole row: what the columns named here hold now, and which row an id is of. */
const ROWS = {
  pin: `SELECT note, org_id, pin_id, pinned_at, pinned_by, provider_version_key, template_id, workspace_id
    FROM template_pins WHERE pin_id = ?`,
  drift: `SELECT after_evidence, after_evidence_grade, after_provider_version_key, after_run_id, before_evidence,
    before_evidence_grade, before_provider_version_key, before_run_id, connection_id, drift_id, model_id, org_id,
    provider, seen_at, template_id, workspace_id
    FROM drift_events WHERE drift_id = ?`,
  batch: `SELECT batch_id, CAST(budget_picodollars AS TEXT) AS budget_picodollars, concurrency, created_at,
    drift_policy, inputs_count, locales, lock, modes, name, org_id, replicates, simulated, stream, targets,
    template_id, timeout_seconds, total, workspace_id
    FROM batches WHERE batch_id = ?`,
  batch_lock: `SELECT batch_id, evidence, evidence_grade, expected, provider_version_key, run_id, seen_at, seq,
    target_index
    FROM batch_locks, ${OF_BATCH}`,
  batch_lock_accepted: `SELECT accepted_at, batch_id, seq
    FROM batch_locks, ${OF_BATCH}`,
  batch_status: `SELECT batch_id, changed_at, changed_by, reason, seq, status
    FROM batch_status_changes, ${OF_BATCH}`,
  // What was sent and what came of a stream is in the entry about the answer, where there is one.
  attempt: `SELECT attempt_id, attempt_index, ended_at, failure, request_api, run_id, started_at, status, stream_head
    FROM attempts WHERE attempt_id = ?`,
  price_snapshot: `SELECT price_snapshot_id, sha256, snapshot FROM price_snapshots WHERE sha256 = ?`,
  budget: `SELECT CAST(monthly_picodollars AS TEXT) AS monthly_picodollars, org_id, updated_at, warn_percent,
    workspace_id
    FROM budgets WHERE org_id || '/' || workspace_id = ?`,
  connection_key: `SELECT connection_id, key_env, key_ref, key_source FROM connections WHERE connection_id = ?`,
} as const;
export type PlainRowType = keyof typeof ROWS;
export const PLAIN_ROW_TYPES = [
  'pin',
  'drift',
  'batch',
  'batch_lock',
  'batch_lock_accepted',
  'batch_status',
  'attempt',
  'price_snapshot',
  'budget',
  'connection_key',
] as const satisfies readonly PlainRowType[];

export function plainRowOf(db: ReadDb, type: PlainRowType, id: string): ContentRow | undefined {
  const row = db.prepare<[string], ContentRow>(ROWS[type]).get(id);
  // The inputs are part of the plan, and may be thousands of rows: their hash stands for them.
  return row && type === 'batch' ? { ...row, inputs_sha256: inputsSha256(db, id) } : row;
}

/** Of the lines that an export of the inputs would have, in order. */
function inputsSha256(db: ReadDb, batchId: string): string {
  const inputs = db
    .prepare<[string], { input_index: number; variables: string }>(
      `SELECT input_index, variables FROM batch_inputs WHERE batch_id = ? ORDER BY input_index`,
    )
    .all(batchId);
  return hash('sha256', inputs.map((input) => `${input.input_index} ${input.variables}\n`).join(''));
}

/** That a workspace has no budget any more; null while it has one. */
export function budgetRemovedContent(db: ReadDb, id: string): string | null {
  if (plainRowOf(db, 'budget', id)) return null;
  return canonicalJsonOfValue({ budget: null, workspace: id });
}
