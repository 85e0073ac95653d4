import { toMicrosecond } from '../../../src-shared/domain';
import type { Dispatcher } from 'undici';

/** A larger answer counts as cut off. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface WireRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  /** Alternating names and values, as undici takes them. */
  readonly headers: string[];
  readonly body: Buffer | null;
}

export interface WireWatch {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  onHead?(status: number, headers: readonly (readonly [string, string])[]): void;
  onPart?(bytes: Buffer): void;
}

export type StopReason = 'cancelled' | 'timeout' | 'too_large' | 'repeated' | 'observer' | 'network';

export interface WireAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly bytes: Uint8Array;
  readonly complete: boolean;
  /** Whoever asked stopped reading before it was complete. */
  readonly stopped: boolean;
  readonly latencyMs: number;
  readonly firstByteMs: number;
}

export interface WireFailure {
  readonly kind: 'failure';
  readonly reason: StopReason;
  readonly error: Error;
  /** False if the other side cannot have received any byte of the request. */
  readonly maybeSent: boolean;
}

/**
 * Sends one request and collects its answer. Times are taken in the dispatcher's own callbacks, right at the socket, so
 * that queued promises do not inflate them. Redirects are returned like any other answer: credentials never travel to
 * another host.
 */
export function exchangeBytes(
  dispatcher: Dispatcher,
  request: WireRequest,
  watch: WireWatch,
): Promise<WireAnswer | WireFailure> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let stop: { reason: StopReason; error: Error } | undefined;
    let settled = false;
    let startedAt = 0;
    let firstByteMs = 0;
    let lastByteMs = 0;
    let size = 0;
    let head: { status: number; headers: readonly (readonly [string, string])[] } | undefined;
    const chunks: Buffer[] = [];

    const settle = (result: WireAnswer | WireFailure): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      watch.signal.removeEventListener('abort', onAbort);
      // Other sockets may be ready in this turn of the event loop. Work on an answer waits until they have recorded
      // their times, or the last of 32 answers would be charged for the work on the other 31.
      setImmediate(resolve, result);
    };
    const answer = (complete: boolean): void => {
      if (head === undefined) return;
      const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
      const stopped = !complete && stop?.reason === 'cancelled';
      settle({ kind: 'answer', ...head, bytes, complete, stopped, latencyMs: lastByteMs, firstByteMs });
    };
    const fail = (error: Error): void => {
      if (head !== undefined) return answer(false);
      const maybeSent = controller !== undefined && !refusedByKernel(error, request);
      settle({ kind: 'failure', reason: stop?.reason ?? 'network', error: stop?.error ?? error, maybeSent });
    };
    /** Aborts the exchange, whatever state it is in. */
    const halt = (reason: StopReason, error: Error): void => {
      if (settled || stop !== undefined) return;
      stop = { reason, error };
      if (controller !== undefined) controller.abort(error);
      // Still queued for a socket: undici will find it aborted when its turn comes.
      else fail(error);
    };

    const onAbort = (): void => halt('cancelled', new Error('The call was cancelled.'));
    const timer = setTimeout(() => {
      halt('timeout', new Error(`No complete answer within ${watch.timeoutMs} ms.`));
    }, watch.timeoutMs);
    if (watch.signal.aborted) return onAbort();
    watch.signal.addEventListener('abort', onAbort, { once: true });

    dispatcher.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: request.method,
        headers: request.headers,
        body: request.body,
      },
      {
        onRequestStart(started) {
          if (stop !== undefined) return started.abort(stop.error);
          if (controller !== undefined) {
            stop = {
              reason: 'repeated',
              error: new Error('The request would have been sent a second time.'),
            };
            return started.abort(stop.error);
          }
          controller = started;
          startedAt = performance.now();
        },
        onResponseStart(_, status, headers) {
          // 1xx are informational, not answers.
          if (status < 200) return;
          firstByteMs = msSince(startedAt);
          lastByteMs = firstByteMs;
          head = { status, headers: headerPairs(headers) };
          notify(() => watch.onHead?.(status, head?.headers ?? []));
        },
        onResponseData(_, chunk) {
          lastByteMs = msSince(startedAt);
          if (size + chunk.length > MAX_BODY_BYTES) {
            return halt('too_large', new Error(`The answer is larger than ${MAX_BODY_BYTES} bytes.`));
          }
          size += chunk.length;
          chunks.push(chunk);
          notify(() => watch.onPart?.(chunk));
        },
        onResponseEnd() {
          lastByteMs = msSince(startedAt);
          answer(true);
        },
        onResponseError(_, error) {
          if (head !== undefined) lastByteMs = msSince(startedAt);
          fail(error);
        },
      },
    );

    function notify(callback: () => void): void {
      try {
        callback();
      } catch (error) {
        halt('observer', error instanceof Error ? error : new Error(String(error)));
      }
    }
  });
}

/**
 * A write that the kernel rejects transfers none of its bytes. Head and body of a small request leave in one write
 * (undici corks them) into an empty send buffer, because the socket's last answer had arrived; so nothing of the
 * request left this machine.
 */
const ONE_WRITE_BYTES = 8 * 1024;

function refusedByKernel(error: Error, request: WireRequest): boolean {
  if (!('syscall' in error) || error.syscall !== 'write') return false;
  if (!('code' in error) || (error.code !== 'EPIPE' && error.code !== 'ECONNRESET')) return false;
  return (request.body?.length ?? 0) <= ONE_WRITE_BYTES;
}

/** Header pairs without cookies, which are credentials. */
function headerPairs(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const pairs: (readonly [string, string])[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || name === 'set-cookie' || name === 'set-cookie2') continue;
    if (typeof value === 'string') pairs.push([name, value]);
    else for (const single of value) pairs.push([name, single]);
  }
  return pairs;
}

function msSince(start: number): number {
  return toMicrosecond(performance.now() - start);
}
