import { timestampOf } from '../../src-shared/domain';
import { hash } from 'node:crypto';
import type { CallObserver, Clock, EchoGuard, ProviderClients, RawExchange } from '../ports';
import {
  insertRawPart,
  insertRawResponse,
  markAnswered,
  markRawStored,
  markStreaming,
  type Store,
} from '../store';

/**
 * A stream's bytes are stored at least this often, to survive a cut or a crash
 * (docs/reliability.md#the-order-of-writes).
 */
const PART_INTERVAL_MS = 250;
const PART_BYTES = 65_536;

export interface CaptureTarget {
  readonly runId: string;
  readonly attemptId: string;
  readonly secret: string | null;
  /** The files that the request carries, by hash: the stored request refers to them. */
  readonly assets: readonly string[];
  /** Called with each piece of streamed text, which is never stored. */
  readonly onText?: ((delta: string) => void) | undefined;
}

export interface Capture {
  readonly observer: CallObserver;
  /** The answer, once it is durable. Bytes are as stored, with an echoed key overwritten. */
  exchange(): RawExchange | null;
  /** Why the answer could not be stored; the run then stays in doubt. */
  storageError(): Error | null;
}

/** Makes a provider's answer durable before anything parses it: bytes, hash and state in one commit. */
export function createCapture(
  deps: { store: Store; clock: Clock; clients: ProviderClients },
  target: CaptureTarget,
): Capture {
  let stored: RawExchange | null = null;
  let failure: Error | null = null;
  const guard = deps.clients.echoGuard(target.secret);
  const parts = createPartWriter(deps.store, target, guard);

  const onExchange = async (exchange: RawExchange): Promise<void> => {
    try {
      const inParts = await parts.finish();
      const { bytes, headers, redacted } = guard.redactAnswer(exchange);
      const stored_at = timestampOf(deps.clock.now());
      await deps.store.enqueue((tx) => {
        insertRawResponse(tx, {
          attempt_id: target.attemptId,
          http_status: exchange.httpStatus,
          headers,
          sha256: hash('sha256', exchange.bytes),
          size: exchange.bytes.byteLength,
          bytes,
          complete: exchange.complete,
          redacted,
          inParts,
          request_body: exchange.requestBody,
          stored_at,
        });
        markAnswered(tx, {
          attempt_id: target.attemptId,
          request_api: exchange.api,
          request_body: exchange.requestBody,
          assets: target.assets,
          ended_at: stored_at,
          stopped: exchange.stopped ?? false,
        });
        markRawStored(tx, target.runId, target.attemptId, {
          latency_ms: exchange.latencyMs,
          first_byte_ms: exchange.firstByteMs,
        });
      });
      stored = redacted ? { ...exchange, bytes, headers } : exchange;
    } catch (error) {
      failure = asError(error);
      throw failure;
    }
  };

  return {
    observer: {
      onExchange,
      onStreamStart: parts.begin,
      onPart: parts.add,
      ...(target.onText ? { onText: target.onText } : {}),
    },
    exchange: () => stored,
    storageError: () => failure,
  };
}

type StreamStart = Parameters<NonNullable<CallObserver['onStreamStart']>>[0];

interface PartWriter {
  begin(head: StreamStart): void;
  add(bytes: Uint8Array): void;
  /** Writes the rest. True if parts were written; a short stream is stored in one piece instead. */
  finish(): Promise<boolean>;
}

function createPartWriter(
  store: Store,
  { attemptId, assets }: Pick<CaptureTarget, 'attemptId' | 'assets'>,
  guard: EchoGuard,
): PartWriter {
  let head: StreamStart | null = null;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let written = 0;
  let timer: NodeJS.Timeout | null = null;
  let failure: Error | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  // A key split across two chunks would escape the search, so this many of the last bytes wait for the next chunk.
  const holdBack = Math.max(0, guard.longest - 1);

  const flush = (final: boolean): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    // After a failed write, further parts would leave a gap.
    if (failure !== null) return;
    // Searched before splitting, to find a key that extends into the held-back bytes.
    const { bytes: all, redacted } = guard.redact(Buffer.concat(waiting));
    const keep = final ? 0 : Math.min(holdBack, all.byteLength);
    const bytes = all.subarray(0, all.byteLength - keep);
    waiting = keep > 0 ? [all.subarray(all.byteLength - keep)] : [];
    waitingBytes = keep;
    if (bytes.byteLength === 0) return;
    const part = { attempt_id: attemptId, part_index: written, bytes, redacted };
    const start = written === 0 ? head : null;
    written += 1;
    queue = store
      .enqueue((tx) => {
        if (start !== null) {
          markStreaming(tx, {
            attempt_id: attemptId,
            request_api: start.api,
            request_body: start.requestBody,
            assets,
            head: { http_status: start.httpStatus, headers: start.headers },
          });
        }
        insertRawPart(tx, part);
      })
      .catch((error: unknown) => {
        failure ??= asError(error);
      });
  };

  return {
    begin(start) {
      // Compressed parts cannot be searched for a key one by one: such an answer is stored once it is complete.
      if (!isEncoded(start.headers)) head = start;
    },
    add(bytes) {
      if (head === null) return;
      waiting.push(bytes);
      waitingBytes += bytes.byteLength;
      if (waitingBytes >= PART_BYTES + holdBack) flush(false);
      else timer ??= setTimeout(() => flush(false), PART_INTERVAL_MS);
    },
    async finish() {
      if (timer) clearTimeout(timer);
      timer = null;
      if (written === 0) return false;
      flush(true);
      await queue;
      if (failure !== null) throw failure;
      return true;
    },
  };
}

function isEncoded(headers: StreamStart['headers']): boolean {
  return headers.some(([name, value]) => name === 'content-encoding' && value !== 'identity');
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
