import type { InferSelectModel } from 'drizzle-orm';
import {
  notFound,
  usdFromPicodollars,
  type JsonObject,
  type ReviewAction,
  type RunSummary,
  type Usage,
} from '../../../src-shared/domain';
import type { ReadDb } from '../engine/db';
import {
  namesOf,
  storedColumns,
  storedValue,
  type ListedRow,
  type StoredRow,
  type StoredValue,
} from '../engine/stored-rows';
import { reviews } from './review-tables';
import { ASKED_COLUMNS, priceSnapshots, runs } from './tables';

const RUN = storedColumns(runs, namesOf(runs), 'run_id');

/** Every column of a run, and what belongs to it. */
export interface RunRow extends InferSelectModel<typeof runs> {
  /** Of the review record of this answer, never a column of the run: the audit log has sealed those. */
  readonly review_action: ReviewAction | null;
  readonly price_snapshot: JsonObject | null;
}

/** Few answers need a review: the others are not looked up. */
const REVIEW_ACTION = `CASE WHEN requires_manual_review = 1 THEN (SELECT action FROM reviews
  WHERE reviews.run_id = runs.run_id AND reviews.attempt_id = runs.attempt_id ORDER BY reviews.seq DESC LIMIT 1) END AS review_action`;

/** The whole row. @throws STORE_CORRUPT where a column holds what it cannot hold */
export function getRunRow(db: ReadDb, runId: string): RunRow | null {
  const stored = getStoredRun(db, runId);
  if (stored === null) return null;
  return {
    ...RUN.decode(stored),
    review_action: reviewActionOf(stored),
    price_snapshot:
      stored['price_snapshot'] === null
        ? null
        : storedValue(priceSnapshots.snapshot, stored['price_snapshot'], runId),
  };
}

/** @throws NOT_FOUND */
export function requireRun(db: ReadDb, runId: string): RunRow {
  const row = getRunRow(db, runId);
  if (row === null) throw notFound('run', runId);
  return row;
}

function reviewActionOf(stored: StoredRow): ReviewAction | null {
  const { review_action = null, run_id } = stored;
  return review_action === null ? null : storedValue(reviews.action, review_action, String(run_id));
}

/** The same as it is stored, for who compares: damage shows as what it is. */
export function getStoredRun(db: ReadDb, runId: string): StoredRow | null {
  return (
    db
      .prepare<[string], StoredRow>(
        `SELECT ${RUN.list}, ${REVIEW_ACTION}, price_snapshots.snapshot AS price_snapshot
         FROM runs LEFT JOIN price_snapshots USING (price_snapshot_id) WHERE run_id = ?`,
      )
      .get(runId) ?? null
  );
}

const READING = storedColumns(
  runs,
  [...ASKED_COLUMNS, 'kind', 'status', 'attempt_id', 'latency_ms', 'first_byte_ms'],
  'run_id',
);
/** What its answer is read with: nothing of it follows from the answer but how long that took. */
export type RunToRead = ReturnType<typeof READING.decode>;

export function getRunToRead(db: ReadDb, runId: string): RunToRead | null {
  const stored = db
    .prepare<[string], StoredRow>(`SELECT ${READING.list} FROM runs WHERE run_id = ?`)
    .get(runId);
  return stored === undefined ? null : READING.decode(stored);
}

/** What a summary says as the table does. */
const SHOWN_NAMES = [
  'run_id',
  'kind',
  'template_id',
  'batch_id',
  'batch_run_index',
  'replicate_index',
  'provider',
  'connection_id',
  'model_id',
  'status',
  'failure_code',
  'failure_message',
  'attempt_id',
  'output_json_valid',
  'tool_calls',
  'thinking_text',
  'response_output_sha256',
  'provider_version_key',
  'evidence_grade',
  'latency_ms',
  'first_byte_ms',
  'simulated',
  'executed_at',
] as const;
const SHOWN = storedColumns(runs, SHOWN_NAMES, 'run_id');
/** What it converts first: amounts, the finish reason, usage. */
const CONVERTED_NAMES = [
  'finish_reason',
  'finish_reason_raw',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'search_requests',
  'cost_picodollars',
] as const;
const CONVERTED = storedColumns(runs, CONVERTED_NAMES, 'run_id');
/** The columns of a run that its summary is made of, and what belongs to them. */
export const SUMMARY_NAMES = [...SHOWN_NAMES, ...CONVERTED_NAMES] as const;
export const BESIDE_SUMMARY = `runs.seq, (SELECT sha256 FROM raw_responses
  WHERE raw_responses.attempt_id = runs.attempt_id) AS raw_response_sha256`;
export const SUMMARY = `SELECT ${BESIDE_SUMMARY}, ${SHOWN.list}, ${CONVERTED.list}, ${REVIEW_ACTION} FROM runs`;

/** A row of `SUMMARY`. */
export type SummaryRow = ListedRow & Pick<RunSummary, 'raw_response_sha256'>;

/** A summary as the table has it: its text is in the raw bytes of `attempt_id` and nowhere else. */
export type StoredRunSummary = Omit<RunSummary, 'output_text'> & { readonly attempt_id: string | null };

export function toSummary(stored: SummaryRow): StoredRunSummary {
  const { finish_reason, finish_reason_raw, cost_picodollars, ...usage } = CONVERTED.decode(stored);
  return {
    ...SHOWN.decode(stored),
    raw_response_sha256: stored.raw_response_sha256,
    review_action: reviewActionOf(stored),
    finish_reason: finish_reason === null ? null : { unified: finish_reason, raw: finish_reason_raw },
    usage,
    cost_usd: cost_picodollars === null ? null : usdFromPicodollars(cost_picodollars),
  };
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

/** What was decided of a run's answer, as stored. Few answers need a review: ask for those only. */
export function storedReviewAction(db: ReadDb, runId: string): StoredValue {
  const row = db
    .prepare<[string], StoredRow>(`SELECT ${REVIEW_ACTION} FROM runs WHERE run_id = ?`)
    .get(runId);
  return row?.['review_action'] ?? null;
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

/** Runs whose answer is stored but was not parsed, as after a crash between the two commits: of one batch, or of all. */
export function runsRawStored(db: ReadDb, batchId?: string): string[] {
  return db
    .prepare<[string | null, string | null], { run_id: string }>(
      `SELECT run_id FROM runs WHERE status = 'raw_stored' AND (? IS NULL OR +batch_id = ?) ORDER BY seq`,
    )
    .all(batchId ?? null, batchId ?? null)
    .map((row) => row.run_id);
}

/**
 * Runs, probes too, whose end was read from a stored answer, in the order they came: those after `seq`. A call in doubt
 * or cancelled is none of them, whatever came of its answer.
 */
export function runsRead(
  db: ReadDb,
  filter: { template_id?: string | undefined; from?: string | undefined; to?: string | undefined },
  page: { after: number; limit: number },
): { seq: number; run_id: string }[] {
  const { template_id, from, to } = filter;
  const conditions: string[] = [];
  const values: string[] = [];
  const add = (condition: string, value: string | undefined): void => {
    if (value === undefined) return;
    conditions.push(` AND ${condition}`);
    values.push(value);
  };
  add('template_id = ?', template_id);
  add('executed_at >= ?', from);
  add('executed_at < ?', to);
  return db
    .prepare<(string | number)[], { seq: number; run_id: string }>(
      `SELECT seq, run_id FROM runs
       WHERE seq > ? AND status IN ('succeeded', 'failed') AND attempt_id IS NOT NULL${conditions.join('')}
       ORDER BY seq LIMIT ?`,
    )
    .all(page.after, ...values, page.limit);
}

/** Counts for the status bar. Spend is of a month's (`2026-11`) priced runs that were not simulated. */
export function runTotals(
  db: ReadDb,
  month: string,
): { runs: number; outcome_unknown: number; spend_picodollars: bigint; unpriced: number } {
  // Nothing is ever deleted, so the last number is how many there are; probes are few and have an index of their own.
  const all = db
    .prepare<[], { n: number }>(
      `SELECT coalesce(max(seq), 0) - (SELECT count(*) FROM runs WHERE kind = 'probe') AS n FROM runs`,
    )
    .get();
  const doubt = db
    .prepare<[], { n: number }>(
      `SELECT count(*) AS n FROM runs WHERE status = 'outcome_unknown' AND kind = 'run'`,
    )
    .get();
  const spent = db
    .prepare<[string], { spend: string; unpriced: number }>(
      `SELECT CAST(sum(cost_picodollars) AS TEXT) AS spend, sum(unpriced) AS unpriced FROM workspace_spend
       WHERE month = ? GROUP BY month`,
    )
    .get(month);
  return {
    runs: all?.n ?? 0,
    outcome_unknown: doubt?.n ?? 0,
    spend_picodollars: BigInt(spent?.spend ?? '0'),
    unpriced: spent?.unpriced ?? 0,
  };
}
