import type { InferSelectModel } from 'drizzle-orm';
import { protocolOfApi, type Protocol, type ResponseApi } from '../../../src-shared/domain';
import { assetBytes } from '../assets/assets';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { decompressIfZstd, compress } from './stored-encoding';
import { damaged, decodedColumn } from '../engine/column-values';
import { storedValue, writtenColumns } from '../engine/stored-rows';
import { attempts, type StreamHead } from './tables';

export type { StreamHead } from './tables';

type Attempt = InferSelectModel<typeof attempts>;
const NEW = writtenColumns(attempts, ['attempt_id', 'run_id', 'attempt_index', 'status', 'started_at']);
const ANSWERED = writtenColumns(attempts, ['status', 'request_api', 'request_json', 'ended_at', 'failure']);
const STREAMING = writtenColumns(attempts, ['request_api', 'request_json', 'stream_head']);
const UNANSWERED = writtenColumns(attempts, ['status', 'ended_at', 'failure']);
const update = ({ set }: { readonly set: string }): string =>
  `UPDATE attempts SET ${set} WHERE attempt_id = ?`;
const UPDATE_ANSWERED = update(ANSWERED);

/** One provider call of a run. `sending` is committed before the socket opens, so that a crash leaves a trace. */
export function insertAttempt(
  tx: WriteDb,
  attempt: Pick<Attempt, 'attempt_id' | 'run_id' | 'attempt_index' | 'started_at'>,
): void {
  tx.prepare(NEW.insert).run(...NEW.encode({ ...attempt, status: 'sending' }));
}

/** A request as it was sent, and the files that it carries, by hash. */
interface Sent {
  readonly request_body: string;
  readonly assets: readonly string[];
}

/** Also stores the request exactly as it was sent. */
export function markAnswered(
  tx: WriteDb,
  {
    stopped = false,
    ...attempt
  }: Sent & {
    readonly attempt_id: string;
    readonly request_api: ResponseApi;
    readonly ended_at: string;
    /** Whoever asked stopped reading: only this says so, the bytes look like those of any broken connection. */
    readonly stopped?: boolean;
  },
): void {
  tx.prepare(UPDATE_ANSWERED).run(
    ...ANSWERED.encode({
      ...attempt,
      status: 'answered',
      request_json: packed(tx, attempt),
      failure: stopped ? STOPPED : null,
    }),
    attempt.attempt_id,
  );
}

const STOPPED = { providerCode: 'CANCELLED' };

/** Whether the answer of an attempt broke off because whoever asked stopped reading. */
export function wasStopped(db: ReadDb, attemptId: string): boolean {
  const row = db
    .prepare<[string], { failure: unknown }>(
      `SELECT failure FROM attempts WHERE attempt_id = ? AND status = 'answered'`,
    )
    .get(attemptId);
  const failure = storedValue(attempts.failure, row?.failure ?? null, attemptId);
  return failure?.['providerCode'] === STOPPED.providerCode;
}

/**
 * A file is stored once, not with every request: in its place is its hash between control characters, which no JSON text
 * holds (RFC 8259, section 7).
 */
function packed(db: ReadDb, { request_body, assets }: Sent): Uint8Array {
  const text = assets.reduce((body, asset) => {
    const bytes = assetBytes(db, asset);
    return bytes === undefined || bytes.length === 0
      ? body
      : body.replaceAll(Buffer.from(bytes).toString('base64'), `\u0001${asset}\u0001`);
  }, request_body);
  return compress(Buffer.from(text)).bytes;
}

/** @throws STORE_CORRUPT where a file is missing */
function unpacked(db: ReadDb, text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\u0001([0-9a-f]{64})\u0001/g, (_, asset: string) => {
    const bytes = assetBytes(db, asset);
    if (bytes === undefined) throw damaged(`assets.bytes of ${asset}`);
    return Buffer.from(bytes).toString('base64');
  });
}

/** Whole milliseconds from the commit before the call to the commit of its answer; null without an answer. */
export function attemptDuration(db: ReadDb, attemptId: string): number | null {
  const row = db
    .prepare<[string], { started_at: string; ended_at: string | null }>(
      `SELECT started_at, ended_at FROM attempts WHERE attempt_id = ? AND status = 'answered'`,
    )
    .get(attemptId);
  return row?.ended_at ? Date.parse(row.ended_at) - Date.parse(row.started_at) : null;
}

/** Committed with the first part of a stream: after a crash it tells what the parts belong to. */
export function markStreaming(
  tx: WriteDb,
  attempt: Sent & { attempt_id: string; request_api: ResponseApi; head: StreamHead },
): void {
  const { attempt_id, request_api, head } = attempt;
  tx.prepare(update(STREAMING)).run(
    ...STREAMING.encode({ request_api, request_json: packed(tx, attempt), stream_head: head }),
    attempt_id,
  );
}

/** Null where no part of a stream was stored. */
export function streamHeadOf(db: ReadDb, attemptId: string): StreamHead | null {
  const row = db
    .prepare<[string], { stream_head: unknown }>(`SELECT stream_head FROM attempts WHERE attempt_id = ?`)
    .get(attemptId);
  return storedValue(attempts.stream_head, row?.stream_head ?? null, attemptId);
}

/** `not_sent` where that is proven, `outcome_unknown` where the request may have been billed. */
export function markUnanswered(
  tx: WriteDb,
  attempt: Pick<Attempt, 'attempt_id' | 'ended_at' | 'failure'> & {
    readonly status: 'not_sent' | 'outcome_unknown';
  },
): void {
  tx.prepare(update(UNANSWERED)).run(...UNANSWERED.encode(attempt), attempt.attempt_id);
  appendStored(tx, 'attempt', attempt.attempt_id);
}

/** Attempts not recorded as ended, of one batch or of all. */
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

/** The request body exactly as sent; null where no answer confirmed it. */
export function sentRequest(db: ReadDb, attemptId: string): string | null {
  const row = db
    .prepare<[string], { request_json: Uint8Array | null }>(
      `SELECT request_json FROM attempts WHERE attempt_id = ?`,
    )
    .get(attemptId);
  const rest = row?.request_json;
  if (!rest) return null;
  const stored = decodedColumn(() => decompressIfZstd(rest), `attempts.request_json of ${attemptId}`);
  return unpacked(db, Buffer.from(stored).toString('utf8'));
}

/** The provider API that an attempt called and the protocol that reads its answers; null before an answer came. */
export function sentApi(db: ReadDb, attemptId: string): { api: ResponseApi; protocol: Protocol } | null {
  const row = db
    .prepare<[string], { request_api: unknown }>(`SELECT request_api FROM attempts WHERE attempt_id = ?`)
    .get(attemptId);
  const api = storedValue(attempts.request_api, row?.request_api ?? null, attemptId);
  return api === null ? null : { api, protocol: protocolOfApi(api) };
}
