import { hash } from 'node:crypto';
import {
  endWithoutAnswer,
  forgetTallyOf,
  insertRawResponse,
  markUnanswered,
  rawPartsOf,
  sentRequest,
  streamHeadOf,
  type WriteDb,
} from '../store';

/**
 * Ends an attempt when nobody can tell any more whether it was answered. What arrived of a stream stays visible as an
 * incomplete answer. It may have been billed, so it is never retried automatically.
 */
export function endInDoubt(
  tx: WriteDb,
  attempt: { readonly attempt_id: string; readonly run_id: string },
  end: { readonly at: string; readonly message: string },
): void {
  const hasAnswer = keepBrokenStream(tx, attempt.attempt_id, end.at);
  markUnanswered(tx, {
    attempt_id: attempt.attempt_id,
    status: 'outcome_unknown',
    ended_at: null,
    failure: null,
  });
  endWithoutAnswer(tx, attempt.run_id, {
    status: 'outcome_unknown',
    failure_code: null,
    failure_message: end.message,
    attempt_id: hasAnswer ? attempt.attempt_id : null,
  });
  forgetTallyOf(tx, attempt.run_id);
  tx.changed('runs', attempt.run_id);
}

function keepBrokenStream(tx: WriteDb, attemptId: string, at: string): boolean {
  const head = streamHeadOf(tx, attemptId);
  if (head === null) return false;
  const { bytes, redacted } = rawPartsOf(tx, attemptId);
  insertRawResponse(tx, {
    attempt_id: attemptId,
    http_status: head.http_status,
    headers: head.headers,
    sha256: hash('sha256', bytes),
    size: bytes.byteLength,
    bytes,
    complete: false,
    redacted,
    inParts: true,
    request_body: sentRequest(tx, attemptId),
    stored_at: at,
  });
  return true;
}
