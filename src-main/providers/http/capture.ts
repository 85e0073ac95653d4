import type { Dispatcher } from 'undici';
import type { ResponseApi } from '../../../src-shared/domain';
import type { CallObserver, CallOutcome } from '../../ports';
import { freshDispatcher, sharedDispatcher } from './agent';
import { decodeContent, headerValue } from './content';
import { createRedactor } from './redact';
import { exchangeBytes } from './transport';
import type { WireAnswer, WireFailure, WireRequest, WireWatch } from './transport';
import { outcomeOf, plainFailure } from './transport-failure';

export interface CaptureOptions {
  readonly api: ResponseApi;
  readonly streamed: boolean;
  readonly observer: CallObserver;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Redacted from every message that leaves here. */
  readonly secret: string | null;
  /** Facts about the request to keep on record; stored with the response headers. */
  readonly notes?: readonly (readonly [string, string])[];
  readonly dispatcher?: Dispatcher;
}

export interface Capture {
  /** For the SDK's `fetch` option. Resolves once the observer has the whole answer. */
  readonly fetch: typeof globalThis.fetch;
  /** How the call ended; `thrown` is the SDK's error, if any. @throws whatever the observer threw */
  outcome(thrown?: unknown): CallOutcome;
}

/** Reserved for Prompter's own notes; a server's headers under this prefix are dropped. */
const NOTE_PREFIX = 'x-prompter-';
const BODILESS_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A `fetch` for one SDK call. The observer gets the answer's literal bytes; only once it has them (on disk) does the
 * SDK get a Response made from the same bytes: raw first (docs/reliability.md#the-order-of-writes). Streams too: the
 * observer sees parts as they arrive, the SDK at the end.
 */
export function createCapturingFetch(options: CaptureOptions): Capture {
  const { observer, signal, timeoutMs } = options;
  const redact = createRedactor(options.secret);
  let state: CallOutcome | undefined;
  let observerFailed: { error: unknown } | undefined;
  let used = false;

  const observe = (callback: () => void): void => {
    try {
      callback();
    } catch (error) {
      observerFailed ??= { error };
      throw error;
    }
  };

  const capture = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    // An SDK that retries on its own would send twice what was requested once.
    if (used) throw new Error('One call is one request.');
    used = true;
    const url = new URL(input instanceof Request ? input.url : input);
    const requestBody = bodyText(init.body);
    const request: WireRequest = {
      origin: url.origin,
      path: url.pathname + url.search,
      method: init.method ?? 'GET',
      headers: requestHeaders(init.headers),
      body: requestBody === '' ? null : Buffer.from(requestBody),
    };
    let streaming = false;
    const storable = (headers: readonly (readonly [string, string])[]) => [
      ...headers
        .filter(([name]) => !name.startsWith(NOTE_PREFIX))
        .map(([name, value]) => [name, redact(value)] as const),
      ...(options.notes ?? []),
    ];
    const watch: WireWatch = {
      timeoutMs,
      signal,
      onHead(httpStatus, headers) {
        streaming = options.streamed && httpStatus >= 200 && httpStatus < 300;
        if (streaming) {
          const head = { api: options.api, requestBody, httpStatus, headers: storable(headers) };
          observe(() => observer.onStreamStart?.(head));
        }
      },
      onPart(bytes) {
        if (streaming) observe(() => observer.onPart?.(bytes));
      },
    };

    const result = await sendOnce(request, watch, options.dispatcher);
    if (result.kind === 'failure') {
      state = outcomeOf(result, request.origin, redact);
      throw new Error(state.kind === 'answered' ? '' : state.failure.message);
    }
    const headers = storable(result.headers);
    try {
      await observer.onExchange({
        api: options.api,
        requestBody,
        httpStatus: result.status,
        headers,
        bytes: result.bytes,
        complete: result.complete,
        stopped: result.stopped,
        streamed: streaming,
        latencyMs: result.latencyMs,
        firstByteMs: result.firstByteMs,
      });
    } catch (error) {
      observerFailed ??= { error };
      throw error;
    }
    state = { kind: 'answered' };
    return responseFor(result);
  };

  return {
    fetch: capture,
    outcome(thrown) {
      if (observerFailed !== undefined) throw observerFailed.error;
      if (state !== undefined) return state;
      // The SDK rejected the request before sending a byte.
      const reason = thrown instanceof Error ? thrown.message : 'the request could not be built';
      const message = `The request was not sent: ${redact(reason)}`;
      return {
        kind: 'not_sent',
        failure: plainFailure({ code: 'invalid_request', message, retryable: false }),
      };
    },
  };
}

/** Retries once, on a new socket, a request that a dead kept-alive socket provably did not send. */
async function sendOnce(
  request: WireRequest,
  watch: WireWatch,
  dispatcher: Dispatcher = sharedDispatcher(),
): Promise<WireAnswer | WireFailure> {
  const first = await exchangeBytes(dispatcher, request, watch);
  if (first.kind === 'answer' || first.maybeSent || first.reason !== 'network') return first;
  const writeRefused = 'syscall' in first.error && first.error.syscall === 'write';
  return writeRefused ? exchangeBytes(freshDispatcher(), request, watch) : first;
}

/** A request body as the SDKs give it. */
export function bodyText(body: RequestInit['body']): string {
  if (body === null || body === undefined) return '';
  if (typeof body === 'string') return body;
  throw new Error('Only text bodies are sent.');
}

/** In undici's format. Bytes must arrive as the provider made them, so no compression is requested. */
function requestHeaders(headers: RequestInit['headers']): string[] {
  const flat = ['accept-encoding', 'identity'];
  for (const [name, value] of headers instanceof Headers ? headers : new Headers(headers)) {
    if (name !== 'accept-encoding' && name !== 'connection') flat.push(name, value);
  }
  return flat;
}

/** The minimum that the SDK needs. Everything else is read from the captured exchange. */
function responseFor(answer: WireAnswer): Response {
  const { status } = answer;
  if (BODILESS_STATUSES.has(status)) return new Response(null, { status });
  const decoded = decodeContent(answer.bytes, answer.headers);
  const contentType = headerValue(answer.headers, 'content-type');
  return new Response(new Uint8Array(decoded.ok ? decoded.bytes : answer.bytes), {
    status,
    headers: contentType === null ? {} : { 'content-type': contentType },
  });
}
