import type { JsonObject, JsonValue, Model, ResponseApi } from '../../../src-shared/domain';
import type { CallEndpoint, ProviderFailure, RawExchange, StoredAnswer } from '../../ports';
import { createCapturingFetch } from './capture';
import { readJson, readText } from './content';
import { isObject } from './json-read';
import { failureOf } from './provider-failure';
import { createRedactor } from './redact';
import { scrubSdkVariables } from './scrub-env';
import { plainFailure } from './transport-failure';

export type ModelListing =
  { ok: true; models: Model[]; latencyMs: number } | { ok: false; failure: ProviderFailure };

export interface ListSteps {
  readonly api: ResponseApi;
  /** Environment variables that the SDK would obey. */
  readonly sdkVariables: readonly string[];
  /** Requests one page through the SDK; its bytes are captured. */
  readonly request: (
    endpoint: CallEndpoint,
    cursor: string | null,
    fetch: typeof globalThis.fetch,
  ) => Promise<unknown>;
  /** Null if the body is not a model list. */
  readonly readPage: (body: JsonObject) => { models: Model[]; next: string | null } | null;
}

const PAGE_TIMEOUT_MS = 30_000;
/** Stops at a server that always offers another page. */
const MAX_PAGES = 100;

/** All pages of an endpoint's model list. `latencyMs` is that of the first page. */
export async function fetchPages(
  steps: ListSteps,
  endpoint: CallEndpoint,
  signal: AbortSignal,
): Promise<ModelListing> {
  const listing = await fetchAll(steps, endpoint, signal);
  if (listing.ok) return listing;
  // Some servers quote the rejected key.
  const message = createRedactor(endpoint.secret)(listing.failure.message);
  return { ok: false, failure: { ...listing.failure, message } };
}

async function fetchAll(
  steps: ListSteps,
  endpoint: CallEndpoint,
  signal: AbortSignal,
): Promise<ModelListing> {
  scrubSdkVariables(steps.sdkVariables);
  const models = new Map<string, Model>();
  let latencyMs: number | null = null;
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const result = await fetchPage(steps, endpoint, cursor, signal);
    if (!result.ok) return result;
    latencyMs ??= result.latencyMs;
    for (const model of result.models) models.set(model.model_id, model);
    if (result.next === null || result.next === cursor) break;
    cursor = result.next;
  }
  return { ok: true, models: [...models.values()], latencyMs: latencyMs ?? 0 };
}

async function fetchPage(
  steps: ListSteps,
  endpoint: CallEndpoint,
  cursor: string | null,
  signal: AbortSignal,
): Promise<
  | { ok: true; models: Model[]; next: string | null; latencyMs: number }
  | { ok: false; failure: ProviderFailure }
> {
  let exchange: RawExchange | undefined;
  const capture = createCapturingFetch({
    api: steps.api,
    streamed: false,
    observer: {
      onExchange(whole) {
        exchange = whole;
        return Promise.resolve();
      },
    },
    timeoutMs: PAGE_TIMEOUT_MS,
    signal,
    secret: endpoint.secret,
  });
  let thrown: unknown;
  try {
    await steps.request(endpoint, cursor, capture.fetch);
  } catch (error) {
    thrown = error;
  }
  const outcome = capture.outcome(thrown);
  if (outcome.kind !== 'answered') return { ok: false, failure: outcome.failure };
  if (exchange === undefined) throw new Error('An answered request has an exchange.');

  const answer: StoredAnswer = { ...exchange, requestedModel: '', providerId: endpoint.providerId };
  const { body, problem } = readBody(answer);
  const page = isObject(body) && isSuccess(answer) ? steps.readPage(body) : null;
  const saysError = isObject(body) && page === null && ('error' in body || 'errors' in body);
  if (!isSuccess(answer) || saysError)
    return { ok: false, failure: failureOf(answer, body, problem, createRedactor(endpoint.secret)) };
  if (page === null) return { ok: false, failure: notAModelList(answer, problem) };
  return { ok: true, ...page, latencyMs: exchange.latencyMs };
}

function isSuccess({ httpStatus }: StoredAnswer): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}

function readBody(answer: StoredAnswer): { body: JsonValue | null; problem: string | null } {
  const text = readText(answer.bytes, answer.headers, answer.complete);
  if (!text.ok) return { body: null, problem: text.message };
  const json = readJson(text.text);
  return json.ok ? { body: json.value, problem: null } : { body: null, problem: json.message };
}

function notAModelList(answer: StoredAnswer, problem: string | null): ProviderFailure {
  if (!answer.complete) {
    const message = `The answer was cut off after ${answer.bytes.length} bytes.`;
    return plainFailure({ code: 'network_error', message, httpStatus: answer.httpStatus, retryable: true });
  }
  const message =
    `The server answered, but not with a list of models. Check the base URL. ${problem ?? ''}`.trim();
  return plainFailure({ code: 'parse_failed', message, httpStatus: answer.httpStatus, retryable: false });
}
