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
  /** Environment variables that the SDK would obey. */
  readonly sdkVariables: readonly string[];
  readonly build: (call: ProviderCall) => BuiltRequest;
  /** Sends the request through the SDK with our fetch. Its result is ignored: the bytes are captured. */
  readonly send: (
    call: ProviderCall,
    request: BuiltRequest & { readonly ok: true },
    fetch: typeof globalThis.fetch,
  ) => Promise<unknown>;
  /** Creates a reader for one stream; it returns each event's output text. */
  readonly textReader: () => (event: JsonEvent) => string | null;
}

/** The SDK's timeout is longer by this, so that ours fires first. */
export const SDK_TIMEOUT_MARGIN_MS = 60_000;

/** The course of every provider call: build, send through the SDK with a capturing fetch, report the outcome. */
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
    // Error statuses included: their bytes are captured, and parse reads them like any other answer.
    return capture.outcome(error);
  }
  return capture.outcome();
}

/** Extracts text from the parts as they pass. Observing never disturbs the call. */
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
        // A failing observer loses the text, not the answer.
      }
    },
  };
}
