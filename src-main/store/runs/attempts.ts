import * as z from 'zod';
import {
  responseApiSchema,
  type JsonObject,
  type Protocol,
  type ResponseApi,
} from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { decodeRest, encodeForRest } from './stored-encoding';
import { decodedColumn, readJsonColumn } from '../engine/column-values';

/** One provider call of a run. `sending` is committed before the socket opens, so that a crash leaves a trace. */
export function insertAttempt(
  tx: WriteDb,
  attempt: { attempt_id: string; run_id: string; attempt_index: number; started_at: string },
): void {
  tx.prepare(
    `INSERT INTO attempts (attempt_id, run_id, attempt_index, status, started_at) VALUES (?, ?, ?, 'sending', ?)`,
  ).run(attempt.attempt_id, attempt.run_id, attempt.attempt_index, attempt.started_at);
}

/** An answer came: keeps the request exactly as it was sent beside it. */
export function markAnswered(
  tx: WriteDb,
  attempt: { attempt_id: string; request_api: string; request_body: string; ended_at: string },
): void {
  tx.prepare(
    `UPDATE attempts SET status = 'answered', request_api = ?, request_json = ?, ended_at = ? WHERE attempt_id = ?`,
  ).run(
    attempt.request_api,
    encodeForRest(Buffer.from(attempt.request_body)).bytes,
    attempt.ended_at,
    attempt.attempt_id,
  );
}

/** From the commit before an answered call to the commit of its answer, in whole milliseconds; null while there is none. */
export function attemptDuration(db: ReadDb, attemptId: string): number | null {
  const row = db
    .prepare<[string], { started_at: string; ended_at: string | null }>(
      `SELECT started_at, ended_at FROM attempts WHERE attempt_id = ? AND status = 'answered'`,
    )
    .get(attemptId);
  return row?.ended_at ? Date.parse(row.ended_at) - Date.parse(row.started_at) : null;
}

const streamHeadSchema: z.ZodType<StreamHead> = z.object({
  http_status: z.number().int(),
  headers: z.array(z.tuple([z.string(), z.string()])),
});
/** How a stream began. */
export interface StreamHead {
  readonly http_status: number;
  readonly headers: readonly (readonly [string, string])[];
}

/** The first part of a stream is stored in the same commit: should the process end now, this says what it is part of. */
export function markStreaming(
  tx: WriteDb,
  attempt: { attempt_id: string; request_api: string; request_body: string; head: StreamHead },
): void {
  tx.prepare(
    `UPDATE attempts SET request_api = ?, request_json = ?, stream_head = ? WHERE attempt_id = ?`,
  ).run(
    attempt.request_api,
    encodeForRest(Buffer.from(attempt.request_body)).bytes,
    JSON.stringify(attempt.head),
    attempt.attempt_id,
  );
}

/** Null where no part of a stream was stored. */
export function streamHeadOf(db: ReadDb, attemptId: string): StreamHead | null {
  const row = db
    .prepare<[string], { stream_head: string | null }>(
      `SELECT stream_head FROM attempts WHERE attempt_id = ?`,
    )
    .get(attemptId);
  if (!row?.stream_head) return null;
  return readJsonColumn(streamHeadSchema, row.stream_head, `attempts.stream_head of ${attemptId}`);
}

/** No answer came: `not_sent` where that is proven, `outcome_unknown` where the request may have been billed. */
export function markUnanswered(
  tx: WriteDb,
  attempt: {
    attempt_id: string;
    status: 'not_sent' | 'outcome_unknown';
    ended_at: string | null;
    failure: JsonObject | null;
  },
): void {
  tx.prepare(`UPDATE attempts SET status = ?, ended_at = ?, failure = ? WHERE attempt_id = ?`).run(
    attempt.status,
    attempt.ended_at,
    attempt.failure === null ? null : JSON.stringify(attempt.failure),
    attempt.attempt_id,
  );
  appendStored(tx, 'attempt', attempt.attempt_id);
}

/** Attempts of which nothing says that they have ended: of one batch, or of all. */
export function attemptsUnderWay(db: ReadDb, batchId?: string): { attempt_id: string; run_id: string }[] {
  return db
    .prepare<[string | null, string | null], { attempt_id: string; run_id: string }>(
      `SELECT attempts.attempt_id, run_id FROM attempts JOIN runs USING (run_id)
       WHERE attempts.status = 'sending' AND (? IS NULL OR batch_id = ?) ORDER BY attempts.seq`,
    )
    .all(batchId ?? null, batchId ?? null);
}

export function attemptCount(db: ReadDb, runId: string): number {
  return (
    db.prepare<[string], { n: number }>(`SELECT count(*) AS n FROM attempts WHERE run_id = ?`).get(runId)
      ?.n ?? 0
  );
}

/** The request body of an attempt exactly as sent, or null where no answer confirmed it. */
export function sentRequest(db: ReadDb, attemptId: string): string | null {
  const row = db
    .prepare<[string], { request_json: Uint8Array | null }>(
      `SELECT request_json FROM attempts WHERE attempt_id = ?`,
    )
    .get(attemptId);
  const rest = row?.request_json;
  if (!rest) return null;
  return Buffer.from(decodedColumn(() => decodeRest(rest), `attempts.request_json of ${attemptId}`)).toString(
    'utf8',
  );
}

/** The provider API that an attempt called and the protocol that reads its answers; null before an answer came. */
export function sentApi(db: ReadDb, attemptId: string): { api: ResponseApi; protocol: Protocol } | null {
  const row = db
    .prepare<[string], { request_api: string | null }>(
      `SELECT request_api FROM attempts WHERE attempt_id = ?`,
    )
    .get(attemptId);
  const api = responseApiSchema.nullable().parse(row?.request_api ?? null);
  return api === null ? null : { api, protocol: PROTOCOL_OF_API[api] };
}

const PROTOCOL_OF_API: Readonly<Record<ResponseApi, Protocol>> = {
  'openai.responses': 'openai_responses',
  'openai.chat_completions': 'openai_chat',
  'anthropic.messages': 'anthropic',
  'gemini.generate_content': 'gemini',
};
