import { AppError } from '../../src-shared/domain';
import type { ProviderClient, ProviderClients, StoredAnswer } from '../ports';
import {
  getRawResponse,
  sentApi,
  wasStopped,
  type ReadDb,
  type RunRow,
  type StoredRawResponse,
} from '../store';

/** A run's stored answer, and the client that can read it. */
export interface AnswerOfRun {
  readonly raw: StoredRawResponse;
  /** Null if the attempt does not say which API it called. */
  readonly read: { readonly stored: StoredAnswer; readonly client: ProviderClient } | null;
}

/** Null if nothing is stored. @throws STORE_CORRUPT */
export function answerOfRun(
  db: ReadDb,
  clients: ProviderClients,
  row: Pick<RunRow, 'attempt_id' | 'model_id' | 'provider'>,
): AnswerOfRun | null {
  const raw = row.attempt_id === null ? null : getRawResponse(db, row.attempt_id);
  if (row.attempt_id === null || raw === null) return null;
  const sent = sentApi(db, row.attempt_id);
  if (sent === null) return { raw, read: null };
  const stored: StoredAnswer = {
    api: sent.api,
    requestedModel: row.model_id,
    providerId: row.provider,
    httpStatus: raw.http_status,
    headers: raw.headers,
    bytes: raw.bytes,
    complete: raw.complete,
    stopped: wasStopped(db, row.attempt_id),
    streamed: raw.streamed,
  };
  return { raw, read: { stored, client: clients.clientFor(sent.protocol) } };
}

/** The 404 for a run without a stored answer. */
export function noAnswer(runId: string): AppError {
  return new AppError('NOT_FOUND', `Run "${runId}" has no stored answer.`, { data: { run_id: runId } });
}
