import type { ResponseApi } from '../../../src-shared/domain';
import type { CallObserver, CallOutcome, ProviderCall } from '../../ports';
import { createCapturingFetch } from './capture';
import { readJson } from './content';
import { isObject } from './json-read';
import type { JsonEvent } from './parse-answer';
import type { BuiltRequest } from './request-body';
import { scrubSdkVariables } from './scrub-env';
import { createSseReader } from './sse';
import { plainFailure } from './transport-failure';

export interface CallSteps {
  readonly api: ResponseApi;
  /** Environment variables that its SDK would obey. */
  readonly sdkVariables: readonly string[];
  readonly build: (call: ProviderCall) => BuiltRequest;
  /** Hands the request to the SDK, with our fetch. What it resolves to is not looked at: the bytes are captured. */
  readonly send: (
    call: ProviderCall,
    request: BuiltRequest & { readonly ok: true },
    fetch: typeof globalThis.fetch,
  ) => Promise<unknown>;
  /** Makes a reader of one stream: it gives the output text in each event. */
  readonly textReader: () => (event: JsonEvent) => string | null;
}

/** SDK timers must not end a call before its own timeout does. */
export const SDK_TIMEOUT_MARGIN_MS = 60_000;

/** The way of every provider call: build, send through the SDK with a capturing fetch, say how it ended. */
export async function runCall(
  steps: CallSteps,
  call: ProviderCall,
  observer: CallObserver,
): Promise<CallOutcome> {
  const request = steps.build(call);
  if (!request.ok) {
    const failure = plainFailure({ code: 'invalid_request', message: request.message, retryable: false });
    return { kind: 'not_sent', failure };
  }
  scrubSdkVariables(steps.sdkVariables);
  const capture = createCapturingFetch({
    api: steps.api,
    streamed: call.stream,
    observer:
      observer.onText === undefined ? observer : withText(observer, observer.onText, steps.textReader()),
    timeoutMs: call.timeoutMs,
    signal: call.signal,
    secret: call.endpoint.secret,
    notes: request.notes ?? [],
  });
  try {
    await steps.send(call, request, capture.fetch);
  } catch (error) {
    // Error statuses, too: their bytes are captured and are read by parse like any other answer.
    return capture.outcome(error);
  }
  return capture.outcome();
}

/** Reads text out of the parts as they pass. Watching never disturbs the call. */
function withText(
  observer: CallObserver,
  onText: (delta: string) => void,
  textOf: (event: JsonEvent) => string | null,
): CallObserver {
  const decoder = new TextDecoder();
  const reader = createSseReader();
  return {
    onExchange: (exchange) => observer.onExchange(exchange),
    onStreamStart: (head) => observer.onStreamStart?.(head),
    onPart(bytes) {
      observer.onPart?.(bytes);
      try {
        for (const { name, data } of reader.push(decoder.decode(bytes, { stream: true }))) {
          const json = readJson(data);
          const text = json.ok && isObject(json.value) ? textOf({ name, json: json.value }) : null;
          if (text !== null && text !== '') onText(text);
        }
      } catch {
        // A watcher that fails loses its text, not the answer.
      }
    },
  };
}
