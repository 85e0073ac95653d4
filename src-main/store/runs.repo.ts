import * as z from 'zod';
import type {
  FailureCode,
  FinishReason,
  GroundingMode,
  JsonObject,
  RunStatus,
  Usage,
  VersionEvidence,
} from '../../src-shared/domain';
import { runSummarySchema, usdFromPicodollars } from '../../src-shared/domain';
import type { ReadDb, WriteDb } from './db';

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
  readonly executed_at: string;
}

/** What follows from the raw bytes. A re-parse makes the same values again. */
export interface DerivedRun {
  readonly status: Extract<RunStatus, 'succeeded' | 'failed'>;
  readonly failure_code: FailureCode | null;
  readonly failure_message: string | null;
  readonly last_parse_attempt_at: string;
  readonly parse_error_message: string | null;
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
  tx.prepare(
    `INSERT INTO runs (run_id, org_id, workspace_id, template_id, batch_id, batch_run_index, replicate_index, provider,
       connection_id, model_id, status, country, brand_name, grounding_mode, rendered_prompt_sha256, simulated,
       idempotency_key, executed_at, analysis_config, rendered_prompt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sending', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    run.simulated ? 1 : 0,
    run.idempotency_key,
    run.executed_at,
    JSON.stringify(run.analysis_config),
    run.rendered_prompt,
  );
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

/** A new attempt of a run that has ended (a retry the user asked for, or one after a provable refusal). */
export function markSendingAgain(tx: WriteDb, runId: string): void {
  tx.prepare(
    `UPDATE runs SET status = 'sending', failure_code = NULL, failure_message = NULL WHERE run_id = ?`,
  ).run(runId);
}

export function finishRun(tx: WriteDb, runId: string, derived: DerivedRun): void {
  const bit = (value: boolean | null): number | null => (value === null ? null : value ? 1 : 0);
  tx.prepare(
    `UPDATE runs SET status = ?, failure_code = ?, failure_message = ?, parse_attempts = parse_attempts + 1,
       last_parse_attempt_at = ?, parse_error_message = ?, parse_method_used = ?, requires_manual_review = ?,
       output_json_valid = ?, response_output_sha256 = ?, provider_version_key = ?, evidence_grade = ?,
       evidence = ?, system_fingerprint = ?, finish_reason = ?, finish_reason_raw = ?, input_tokens = ?,
       cached_input_tokens = ?, cache_write_tokens = ?, output_tokens = ?, reasoning_tokens = ?, search_requests = ?,
       cost_picodollars = ?, price_snapshot_id = ?, latency_ms = ?, first_byte_ms = ?, grounded = ?,
       why_not_grounded = ?, citations = ?
     WHERE run_id = ?`,
  ).run(
    derived.status,
    derived.failure_code,
    derived.failure_message,
    derived.last_parse_attempt_at,
    derived.parse_error_message,
    derived.parse_error_message === null ? 'direct' : null,
    derived.requires_manual_review ? 1 : 0,
    bit(derived.output_json_valid),
    derived.response_output_sha256,
    derived.provider_version_key,
    derived.evidence_grade,
    derived.evidence === null ? null : JSON.stringify(derived.evidence),
    derived.system_fingerprint,
    derived.finish_reason?.unified ?? null,
    derived.finish_reason?.raw ?? null,
    derived.usage.input_tokens,
    derived.usage.cached_input_tokens,
    derived.usage.cache_write_tokens,
    derived.usage.output_tokens,
    derived.usage.reasoning_tokens,
    derived.usage.search_requests,
    derived.cost_picodollars,
    derived.price_snapshot_id,
    derived.latency_ms,
    derived.first_byte_ms,
    bit(derived.grounded),
    derived.why_not_grounded,
    derived.citations === null ? null : JSON.stringify(derived.citations),
    runId,
  );
}

/** Ends a run that got no answer. */
export function endWithoutAnswer(
  tx: WriteDb,
  runId: string,
  end: {
    status: 'failed' | 'outcome_unknown' | 'cancelled';
    failure_code: FailureCode | null;
    failure_message: string | null;
  },
): void {
  tx.prepare(`UPDATE runs SET status = ?, failure_code = ?, failure_message = ? WHERE run_id = ?`).run(
    end.status,
    end.failure_code,
    end.failure_message,
    runId,
  );
}

/** Id of a price snapshot, which is stored once however many runs used it. */
export function internPriceSnapshot(tx: WriteDb, sha256: string, snapshot: string): number {
  const find = tx.prepare<[string], { id: number }>(
    `SELECT price_snapshot_id AS id FROM price_snapshots WHERE sha256 = ?`,
  );
  const known = find.get(sha256);
  if (known) return known.id;
  return Number(
    tx.prepare(`INSERT INTO price_snapshots (sha256, snapshot) VALUES (?, ?)`).run(sha256, snapshot)
      .lastInsertRowid,
  );
}

/** Every column of a run. Bits are 0 or 1, JSON is text, money is a string of digits. */
export interface RunRow {
  seq: number;
  run_id: string;
  org_id: string;
  workspace_id: string;
  template_id: string;
  batch_id: string | null;
  batch_run_index: number | null;
  replicate_index: number;
  provider: string;
  connection_id: string;
  model_id: string;
  status: RunStatus;
  failure_code: FailureCode | null;
  country: string | null;
  brand_name: string | null;
  grounding_mode: 'none' | 'preferred' | 'required';
  rendered_prompt_sha256: string;
  simulated: number;
  cached: number;
  idempotency_key: string | null;
  executed_at: string;
  attempt_id: string | null;
  parse_attempts: number;
  last_parse_attempt_at: string | null;
  parse_method_used: 'direct' | 'jsonrepair' | null;
  requires_manual_review: number;
  output_json_valid: number | null;
  response_output_sha256: string | null;
  provider_version_key: string | null;
  evidence_grade: string | null;
  system_fingerprint: string | null;
  finish_reason: string | null;
  finish_reason_raw: string | null;
  input_tokens: number | null;
  cached_input_tokens: number | null;
  cache_write_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  search_requests: number | null;
  cost_text: string | null;
  price_snapshot: string | null;
  latency_ms: number | null;
  first_byte_ms: number | null;
  grounded: number | null;
  step2_tools_invoked: number | null;
  step2_source_ref: string | null;
  als_block_sha256: string | null;
  als_variant_id: string | null;
  seed_key_id: string | null;
  provoker_value: string | null;
  record_hmac: string | null;
  hmac_key_id: string | null;
  failure_message: string | null;
  parse_error_message: string | null;
  why_not_grounded: string | null;
  analysis_config: string;
  evidence: string | null;
  citations: string | null;
  als_block_text: string | null;
  rendered_prompt: string;
}

/** The whole row. SQLite's integers reach 2^63, a JavaScript number only 2^53: money comes out as text. */
export function getRunRow(db: ReadDb, runId: string): RunRow | null {
  return (
    db
      .prepare<[string], RunRow>(
        `SELECT runs.*, CAST(cost_picodollars AS TEXT) AS cost_text, price_snapshots.snapshot AS price_snapshot
         FROM runs LEFT JOIN price_snapshots USING (price_snapshot_id) WHERE run_id = ?`,
      )
      .get(runId) ?? null
  );
}

const SUMMARY = `SELECT runs.seq, run_id, template_id, batch_id, batch_run_index, replicate_index, provider, connection_id,
  model_id, status, failure_code, failure_message, runs.attempt_id, output_json_valid, response_output_sha256,
  raw_responses.sha256 AS raw_response_sha256, provider_version_key, evidence_grade, finish_reason, finish_reason_raw,
  input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, search_requests,
  CAST(cost_picodollars AS TEXT) AS cost_text, latency_ms, first_byte_ms, simulated, executed_at
  FROM runs LEFT JOIN raw_responses ON raw_responses.attempt_id = runs.attempt_id`;

type SummaryRow = Pick<
  RunRow,
  | 'seq'
  | 'output_json_valid'
  | 'finish_reason'
  | 'finish_reason_raw'
  | 'cost_text'
  | 'simulated'
  | keyof Usage
> & { [key: string]: unknown };

/** A summary as the table has it: its text is in the raw bytes of `attempt_id` and nowhere else. */
export type StoredRunSummary = z.infer<typeof storedSummarySchema>;
const storedSummarySchema = runSummarySchema
  .omit({ output_text: true })
  .extend({ attempt_id: z.string().nullable() });

function toSummary(row: SummaryRow): StoredRunSummary {
  return storedSummarySchema.parse({
    ...row,
    output_json_valid: row.output_json_valid === null ? null : row.output_json_valid === 1,
    finish_reason:
      row.finish_reason === null ? null : { unified: row.finish_reason, raw: row.finish_reason_raw },
    usage: usageOf(row),
    cost_usd: row.cost_text === null ? null : usdFromPicodollars(BigInt(row.cost_text)),
    simulated: row.simulated === 1,
  });
}

export function usageOf(row: Usage): Usage {
  return {
    input_tokens: row.input_tokens,
    cached_input_tokens: row.cached_input_tokens,
    cache_write_tokens: row.cache_write_tokens,
    output_tokens: row.output_tokens,
    reasoning_tokens: row.reasoning_tokens,
    search_requests: row.search_requests,
  };
}

export interface RunFilter {
  readonly template_id?: string | undefined;
  readonly batch_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly model_id?: string | undefined;
}

/** A page of runs, newest first; the cursor is the last row's `seq`. */
export function listRuns(
  db: ReadDb,
  filter: RunFilter,
  page: { cursor: number | null; limit: number },
): { items: StoredRunSummary[]; next: number | null } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  for (const column of ['template_id', 'batch_id', 'workspace_id', 'status', 'model_id'] as const) {
    const value = filter[column];
    if (value === undefined) continue;
    conditions.push(`runs.${column} = ?`);
    values.push(value);
  }
  if (page.cursor !== null) {
    conditions.push('runs.seq < ?');
    values.push(page.cursor);
  }
  const where = conditions.length ? `WHERE ${conditions.join(' AND ')}` : '';
  const rows = db
    .prepare<(string | number)[], SummaryRow>(`${SUMMARY} ${where} ORDER BY runs.seq DESC LIMIT ?`)
    .all(...values, page.limit + 1);
  const items = rows.slice(0, page.limit);
  return { items: items.map(toSummary), next: rows.length > page.limit ? (items.at(-1)?.seq ?? null) : null };
}

/** The stored cells of a batch between two plan indexes (`from` included, `to` not), in plan order. */
export function cellsBetween(
  db: ReadDb,
  batchId: string,
  from: number,
  to: number,
  limit: number,
): StoredRunSummary[] {
  return db
    .prepare<[string, number, number, number], SummaryRow>(
      `${SUMMARY} WHERE batch_id = ? AND batch_run_index >= ? AND batch_run_index < ? ORDER BY batch_run_index LIMIT ?`,
    )
    .all(batchId, from, to, limit)
    .map(toSummary);
}

export function getRunSummary(db: ReadDb, runId: string): StoredRunSummary | null {
  const row = db.prepare<[string], SummaryRow>(`${SUMMARY} WHERE run_id = ?`).get(runId);
  return row ? toSummary(row) : null;
}

/** Runs whose answer is stored but was not parsed, as after a crash between the two commits. */
export function runsRawStored(db: ReadDb): string[] {
  return db
    .prepare<[], { run_id: string }>(`SELECT run_id FROM runs WHERE status = 'raw_stored' ORDER BY seq`)
    .all()
    .map((row) => row.run_id);
}

/** Counts for the status bar. Spend is of this month's priced runs that were not simulated. */
export function runTotals(
  db: ReadDb,
  monthStart: string,
): { runs: number; outcome_unknown: number; spend_picodollars: bigint; unpriced: number } {
  const all = db.prepare<[], { n: number }>(`SELECT coalesce(max(seq), 0) AS n FROM runs`).get();
  const doubt = db
    .prepare<[], { n: number }>(`SELECT count(*) AS n FROM runs WHERE status = 'outcome_unknown'`)
    .get();
  const month = db
    .prepare<[string], { spend: string | null; unpriced: number }>(
      `SELECT CAST(sum(cost_picodollars) AS TEXT) AS spend, count(*) - count(cost_picodollars) AS unpriced
       FROM runs WHERE simulated = 0 AND executed_at >= ?`,
    )
    .get(monthStart);
  return {
    runs: all?.n ?? 0,
    outcome_unknown: doubt?.n ?? 0,
    spend_picodollars: BigInt(month?.spend ?? '0'),
    unpriced: month?.unpriced ?? 0,
  };
}
