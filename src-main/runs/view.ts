import {
  costStandingOf,
  jsonValueSchema,
  PRACTICE_ANSWER_HEADER,
  practiceAnswerSchema,
  runSchema,
  usdFromPicodollars,
  type JsonValue,
  type PracticeAnswer,
  type Run,
  type Usage,
} from '../../src-shared/domain';
import type { ParsedAnswer, ProviderClients } from '../ports';
import {
  attemptDuration,
  sentApi,
  sentRequest,
  usageOf,
  type ReadDb,
  type RunRow,
  type StoredRawResponse,
} from '../store';
import { costOfAnswer, type Pricing } from './cost';
import { answerOfRun } from './stored-answer';

/** Columns that a run shows in another form (cost, usage, finish reason, bytes), or that only the store needs. */
type NotShown =
  | 'seq'
  | 'attempt_id'
  | 'cost_picodollars'
  | 'earlier_cost_picodollars'
  | 'price_snapshot_id'
  | 'finish_reason_raw'
  | keyof Usage;
/** Every other column is a field of a run: the compiler rejects any that `runSchema` lacks. */
type ShownColumns = {
  readonly [Name in Exclude<keyof RunRow, NotShown>]: Name extends keyof Run ? RunRow[Name] : never;
};

/** A run's complete record as every interface shows it. Bodies are read from the raw bytes and never stored twice. */
export function runView(
  db: ReadDb,
  { clients, pricing }: { readonly clients: ProviderClients; readonly pricing: Pricing },
  row: RunRow,
): Run {
  const stored = answerOfRun(db, clients, row);
  const raw = stored?.raw ?? null;
  const request = row.attempt_id === null ? null : sentRequest(db, row.attempt_id);
  const api = row.attempt_id === null ? null : sentApi(db, row.attempt_id);
  const result = stored?.read ? stored.read.client.parse(stored.read.stored) : null;
  const answer = result?.ok ? result.answer : null;
  const shown: ShownColumns = row;
  const view: Run = {
    ...shown,
    practice_answer: row.simulated && raw ? practiceAnswerOf(raw) : null,
    requires_manual_review: row.requires_manual_review && row.review_action === null,
    finish_reason:
      row.finish_reason === null ? null : { unified: row.finish_reason, raw: row.finish_reason_raw },
    usage: usageOf(row),
    queue_ms: queueOf(db, row),
    cost_usd: row.cost_picodollars === null ? null : usdFromPicodollars(row.cost_picodollars),
    cost_unknown_because: null,
    request_json: request === null ? null : parsedOrNull(request),
    response_json: answer?.responseJson ?? null,
    output_text: answer?.outputText ?? null,
    response_api: api?.api ?? null,
    output_json:
      row.output_json_valid === null || !answer?.outputText ? null : parsedOrNull(answer.outputText),
    raw_response_sha256: raw?.sha256 ?? null,
    raw_response_size: raw?.size ?? null,
    raw_response_path: raw ? `/v1/runs/${row.run_id}/raw` : null,
    raw_stored_at: raw?.stored_at ?? null,
    processing_status: processingStatus(row, raw),
  };
  // A call that was not billed has a known cost: none. Only where it may have been billed is there something to explain.
  if (answer !== null && costStandingOf(view) === 'unpriced')
    view.cost_unknown_because = whyUnknown(pricing, answer, row);
  // Drops the columns that are not shown.
  return runSchema.parse(view);
}

/**
 * The two clocks differ by less than two milliseconds, unless somebody set the clock back; then the time is unknown.
 */
function queueOf(db: ReadDb, row: RunRow): number | null {
  const duration = row.attempt_id === null ? null : attemptDuration(db, row.attempt_id);
  if (duration === null || row.latency_ms === null || duration < row.latency_ms - 2) return null;
  return Math.max(0, Math.round(duration - row.latency_ms));
}

/** Knowledge grows: an answer whose cost was unknown may have one by now, but only a re-read stores it. */
function whyUnknown(pricing: Pricing, answer: ParsedAnswer, row: RunRow): string {
  const { cost } = costOfAnswer(pricing, answer, {
    providerId: row.provider,
    modelId: row.model_id,
    executedAt: row.executed_at,
  });
  return cost.why ?? 'The cost was unknown when the answer was parsed. Parse the answer again to store it.';
}

function practiceAnswerOf({ headers }: StoredRawResponse): PracticeAnswer | null {
  const said = headers.find(([name]) => name.toLowerCase() === PRACTICE_ANSWER_HEADER)?.[1];
  return practiceAnswerSchema.safeParse(said).data ?? null;
}

function processingStatus(row: RunRow, raw: StoredRawResponse | null): Run['processing_status'] {
  if (!raw) return 'none';
  if (row.parse_attempts === 0) return 'stored';
  return row.parse_method_used === null ? 'parse_failed' : 'parsed';
}

/** Null too if it is nested too deeply to show. */
function parsedOrNull(text: string): JsonValue | null {
  try {
    return jsonValueSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
