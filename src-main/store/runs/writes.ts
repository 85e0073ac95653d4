import type {
  FailureCode,
  FinishReason,
  GroundingMode,
  JsonObject,
  RunStatus,
  Usage,
  VersionEvidence,
} from '../../../src-shared/domain';
import { resultBody, retryContent, runBody, sealedContent, sealOf } from '../audit-log/content';
import { appendLeaf, appendStored } from '../audit-log/leaves';
import type { WriteDb } from '../engine/db';
import { searchAgain } from './search';
import { COUNTED_COLUMNS, countedRun } from '../rollups/writes';
import type { CountedRun } from '../rollups/run-contribution';

/** What was asked: written once, before anything is sent. */
export interface NewRun {
  readonly run_id: string;
  readonly org_id: string;
  readonly workspace_id: string;
  readonly template_id: string;
  readonly batch_id: string | null;
  readonly batch_run_index: number | null;
  readonly replicate_index: number;
  readonly provider: string;
  readonly connection_id: string;
  readonly model_id: string;
  readonly country: string | null;
  readonly brand_name: string | null;
  readonly grounding_mode: GroundingMode;
  readonly rendered_prompt: string;
  readonly rendered_prompt_sha256: string;
  readonly simulated: boolean;
  readonly idempotency_key: string | null;
  readonly analysis_config: JsonObject;
  /** The pin that the run is sent under. */
  readonly model_version_constraint: string | null;
  readonly executed_at: string;
}

/** What follows from the raw bytes. A re-parse makes the same values again. */
export interface DerivedRun {
  readonly status: Extract<RunStatus, 'succeeded' | 'failed'>;
  readonly failure_code: FailureCode | null;
  readonly failure_message: string | null;
  readonly last_parse_attempt_at: string;
  readonly parse_error_message: string | null;
  readonly parse_method_used: 'direct' | 'jsonrepair' | null;
  readonly requires_manual_review: boolean;
  readonly output_json_valid: boolean | null;
  readonly response_output_sha256: string | null;
  readonly provider_version_key: string | null;
  readonly evidence_grade: string | null;
  readonly evidence: VersionEvidence | null;
  readonly system_fingerprint: string | null;
  readonly finish_reason: FinishReason | null;
  readonly usage: Usage;
  readonly cost_picodollars: bigint | null;
  readonly price_snapshot_id: number | null;
  readonly latency_ms: number;
  readonly first_byte_ms: number;
  readonly grounded: boolean | null;
  readonly why_not_grounded: string | null;
  readonly citations: readonly JsonObject[] | null;
}

export function insertRun(tx: WriteDb, run: NewRun): void {
  const simulated = run.simulated ? 1 : 0;
  const analysis_config = JSON.stringify(run.analysis_config);
  const body = runBody({ ...run, simulated, analysis_config });
  const seal = sealOf(body, tx.audit.recordKey());
  tx.prepare(
    `INSERT INTO runs (run_id, org_id, workspace_id, template_id, batch_id, batch_run_index, replicate_index, provider,
       connection_id, model_id, status, country, brand_name, grounding_mode, rendered_prompt_sha256, simulated,
       idempotency_key, executed_at, record_hmac, hmac_key_id, analysis_config, rendered_prompt, model_version_constraint)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    run.run_id,
    run.org_id,
    run.workspace_id,
    run.template_id,
    run.batch_id,
    run.batch_run_index,
    run.replicate_index,
    run.provider,
    run.connection_id,
    run.model_id,
    run.country,
    run.brand_name,
    run.grounding_mode,
    run.rendered_prompt_sha256,
    simulated,
    run.idempotency_key,
    run.executed_at,
    seal.record_hmac,
    seal.hmac_key_id,
    analysis_config,
    run.rendered_prompt,
    run.model_version_constraint,
  );
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

/**
 * A new attempt of a run that has ended (a retry the user asked for, or one after a provable refusal). What the last
 * attempt was answered is the run's answer no more, but stays stored with its attempt, and stays paid for.
 */
export function markSendingAgain(tx: WriteDb, runId: string): void {
  const before = countedRun(tx, runId);
  tx.prepare(
    `UPDATE runs SET status = 'sending', failure_code = NULL, failure_message = NULL, attempt_id = NULL,
       earlier_cost_picodollars = earlier_cost_picodollars + coalesce(cost_picodollars, 0), cost_picodollars = NULL,
       price_snapshot_id = NULL, parse_attempts = 0, last_parse_attempt_at = NULL, parse_error_message = NULL,
       parse_method_used = NULL, requires_manual_review = 0, output_json_valid = NULL, response_output_sha256 = NULL,
       provider_version_key = NULL, evidence_grade = NULL, evidence = NULL, system_fingerprint = NULL,
       finish_reason = NULL, finish_reason_raw = NULL, input_tokens = NULL, cached_input_tokens = NULL,
       cache_write_tokens = NULL, output_tokens = NULL, reasoning_tokens = NULL, search_requests = NULL,
       latency_ms = NULL, first_byte_ms = NULL, grounded = NULL, why_not_grounded = NULL, citations = NULL
     WHERE run_id = ?`,
  ).run(runId);
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

const RESULT_COLUMNS = [
  'status',
  'failure_code',
  'failure_message',
  'parse_attempts',
  'last_parse_attempt_at',
  'parse_error_message',
  'parse_method_used',
  'requires_manual_review',
  'output_json_valid',
  'response_output_sha256',
  'provider_version_key',
  'evidence_grade',
  'evidence',
  'system_fingerprint',
  'finish_reason',
  'finish_reason_raw',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'search_requests',
  'price_snapshot_id',
  'latency_ms',
  'first_byte_ms',
  'grounded',
  'why_not_grounded',
  'citations',
] as const;
const UPDATE_RESULT = `UPDATE runs SET ${RESULT_COLUMNS.map((column) => `${column} = ?`).join(', ')}, cost_picodollars = ?
  WHERE run_id = ?`;

/** What a result does not write although its entry in the audit log holds it, beside what is counted. */
type RunBeforeResult = CountedRun & {
  readonly [
    Column in
      | 'als_block_sha256'
      | 'als_block_text'
      | 'als_variant_id'
      | 'attempt_id'
      | 'provoker_value'
      | 'seed_key_id'
      | 'step2_source_ref'
  ]: string | null;
} & { readonly cached: number; readonly parse_attempts: number; readonly step2_tools_invoked: number | null };
const BEFORE_RESULT = `SELECT ${COUNTED_COLUMNS}, als_block_sha256, als_block_text, als_variant_id, attempt_id, cached,
  parse_attempts, provoker_value, seed_key_id, step2_source_ref, step2_tools_invoked FROM runs WHERE run_id = ?`;

export function finishRun(tx: WriteDb, runId: string, derived: DerivedRun): void {
  const before = tx.prepare<[string], RunBeforeResult>(BEFORE_RESULT).get(runId);
  if (!before) throw new Error(`There is no run ${runId} to finish.`);
  const { cost_text, ...columns } = resultColumns(derived);
  const result = {
    ...columns,
    price_snapshot_id: derived.price_snapshot_id,
    last_parse_attempt_at: derived.last_parse_attempt_at,
    parse_attempts: before.parse_attempts + 1,
  };
  tx.prepare(UPDATE_RESULT).run(
    ...RESULT_COLUMNS.map((column) => result[column]),
    derived.cost_picodollars,
    runId,
  );
  searchAgain(tx, runId);
  const after = { ...before, ...result, cost_text };
  tx.rollups.run(before, after);
  // What was just written is not read again: that would cost as much as writing it.
  const content = resultBody({
    ...after,
    run_id: runId,
    cost_picodollars: cost_text,
    earlier_cost_picodollars: before.earlier_cost_text,
  });
  appendLeaf(tx, { type: 'result', id: runId, content });
}

/** What of a result follows from the bytes alone, as the columns hold it; money is a string of digits. */
export function resultColumns({
  cost_picodollars,
  evidence,
  citations,
  finish_reason,
  usage,
  last_parse_attempt_at: _at,
  ...plain
}: Omit<DerivedRun, 'price_snapshot_id'>) {
  return {
    ...plain,
    ...usage,
    requires_manual_review: plain.requires_manual_review ? 1 : 0,
    output_json_valid: bitOf(plain.output_json_valid),
    grounded: bitOf(plain.grounded),
    evidence: evidence === null ? null : JSON.stringify(evidence),
    citations: citations === null ? null : JSON.stringify(citations),
    finish_reason: finish_reason?.unified ?? null,
    finish_reason_raw: finish_reason?.raw ?? null,
    cost_text: cost_picodollars === null ? null : String(cost_picodollars),
  };
}

function bitOf(value: boolean | null): number | null {
  return value === null ? null : Number(value);
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
