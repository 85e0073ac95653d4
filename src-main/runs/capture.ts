import { hash } from 'node:crypto';
import type { CallObserver, Clock, RawExchange } from '../ports';
import { insertRawPart, insertRawResponse, markAnswered, markRawStored, type Store } from '../store';

/** A stream's bytes are kept at least this often, so that a cut or a crash keeps what came (DESIGN.md, A run). */
const PART_INTERVAL_MS = 250;
const PART_BYTES = 65_536;

export interface CaptureTarget {
  readonly runId: string;
  readonly attemptId: string;
  readonly secret: string | null;
  /** Called with each piece of streamed text; never stored. */
  readonly onText?: ((delta: string) => void) | undefined;
}

export interface Capture {
  readonly observer: CallObserver;
  /** The answer, once it is durable. Bytes are as stored: with an echoed key overwritten. */
  exchange(): RawExchange | null;
  /** Why the answer could not be stored; the run then stays in doubt. */
  storageError(): Error | null;
}

/** Makes a provider's answer durable before anything parses it: bytes, hash and state in one commit. */
export function createCapture(deps: { store: Store; clock: Clock }, target: CaptureTarget): Capture {
  let stored: RawExchange | null = null;
  let failure: Error | null = null;
  const parts = createPartWriter(deps.store, target);

  const onExchange = async (exchange: RawExchange): Promise<void> => {
    try {
      const inParts = await parts.finish();
      const { bytes, redacted } = withoutSecret(exchange.bytes, target.secret);
      const stored_at = new Date(deps.clock.now()).toISOString();
      await deps.store.enqueue((tx) => {
        insertRawResponse(tx, {
          attempt_id: target.attemptId,
          http_status: exchange.httpStatus,
          headers: exchange.headers,
          sha256: hash('sha256', exchange.bytes),
          size: exchange.bytes.byteLength,
          bytes,
          complete: exchange.complete,
          redacted,
          inParts,
          stored_at,
        });
        markAnswered(tx, {
          attempt_id: target.attemptId,
          request_api: exchange.api,
          request_body: exchange.requestBody,
          ended_at: stored_at,
        });
        markRawStored(tx, target.runId, target.attemptId, {
          latency_ms: exchange.latencyMs,
          first_byte_ms: exchange.firstByteMs,
        });
      });
      stored = redacted ? { ...exchange, bytes } : exchange;
    } catch (error) {
      failure = asError(error);
      throw failure;
    }
  };

  return {
    observer: {
      onExchange,
      onPart: parts.add,
      ...(target.onText ? { onText: target.onText } : {}),
    },
    exchange: () => stored,
    storageError: () => failure,
  };
}

/** No provider's key is this short; overwriting a short word would falsify answers that merely use it. */
const SHORTEST_KEY = 12;

/** Overwrites a key that the provider echoed: a secret never reaches a file, not even inside an answer. */
function withoutSecret(bytes: Uint8Array, secret: string | null): { bytes: Uint8Array; redacted: boolean } {
  if (secret === null || secret.length < SHORTEST_KEY) return { bytes, redacted: false };
  const needle = Buffer.from(secret);
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = source.indexOf(needle);
  if (at < 0) return { bytes, redacted: false };
  const copy = Buffer.from(source);
  for (; at >= 0; at = copy.indexOf(needle, at)) copy.fill('*', at, at + needle.byteLength);
  return { bytes: copy, redacted: true };
}

interface PartWriter {
  add(bytes: Uint8Array): void;
  /** Writes what is left. True where parts were written; a short stream has none and rests in one piece. */
  finish(): Promise<boolean>;
}

function createPartWriter(store: Store, target: CaptureTarget): PartWriter {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let written = 0;
  let timer: NodeJS.Timeout | null = null;
  let failure: Error | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  // A key split over two pieces would escape the search: that many last bytes wait for the next piece.
  const holdBack = target.secret === null ? 0 : Buffer.byteLength(target.secret) - 1;

  const flush = (final: boolean): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    // The whole is searched before it is divided, so that a key that ends in what is held back is found as well.
    const { bytes: all } = withoutSecret(Buffer.concat(waiting), target.secret);
    const keep = final ? 0 : Math.min(holdBack, all.byteLength);
    const piece = all.subarray(0, all.byteLength - keep);
    waiting = keep > 0 ? [all.subarray(all.byteLength - keep)] : [];
    waitingBytes = keep;
    if (piece.byteLength === 0) return;
    const index = written;
    written += 1;
    queue = store
      .enqueue((tx) => insertRawPart(tx, target.attemptId, index, piece))
      .catch((error: unknown) => {
        failure ??= asError(error);
      });
  };

  return {
    add(bytes) {
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

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
