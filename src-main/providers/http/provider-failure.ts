import type { FailureCode, JsonObject, JsonValue } from '../../../src-shared/domain';
import type { ProviderFailure, StoredAnswer } from '../../ports';
import { headerValue } from './content';
import { asObject, asObjects, asText, asWord, isObject } from './json-read';

/** What a provider's error body says, whichever of the known shapes it has. */
export interface ErrorFacts {
  readonly message: string | null;
  /** The most telling word: `code`, else `status`, else `type`. */
  readonly word: string | null;
  /** Every word of the error, for classification. */
  readonly words: readonly string[];
  readonly param: string | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
}

const NO_FACTS: ErrorFacts = {
  message: null,
  word: null,
  words: [],
  param: null,
  requestId: null,
  retryAfterMs: null,
};

/**
 * Reads the error object out of a body (PROVIDERS.md, Errors): OpenAI `{error:{message,type,code,param}}`, the flat
 * form of some compatible servers, `{error:"text"}` (Ollama), `{detail}` (FastAPI), Anthropic
 * `{type:"error",error:{type,message}}`, Gemini `{error:{code,status,message,details}}`, also inside a list.
 */
function readErrorBody(body: JsonValue | null): ErrorFacts {
  if (Array.isArray(body)) return readErrorBody(body[0] ?? null);
  if (!isObject(body)) return typeof body === 'string' ? { ...NO_FACTS, message: body } : NO_FACTS;
  const inner = body['error'];
  if (typeof inner === 'string')
    return { ...NO_FACTS, message: inner, requestId: asWord(body['request_id']) };
  const error = isObject(inner) ? inner : body;
  const details = asObjects(error['details']);
  const words = [
    asWord(error['code']),
    asWord(error['status']),
    asWord(error['type']),
    ...details.map((detail) => asWord(detail['reason'])),
    asWord(asObject(error['details'])['error_code']),
  ].filter((word) => word !== null);
  return {
    message: asWord(error['message']) ?? detailText(body['detail']) ?? asWord(body['message']),
    word: words.find((word) => word !== 'error') ?? null,
    words,
    param: asWord(error['param']),
    requestId: asWord(body['request_id']),
    retryAfterMs: retryInfoMs(details),
  };
}

function detailText(detail: JsonValue | undefined): string | null {
  if (typeof detail === 'string') return detail;
  const messages = asObjects(detail)
    .map((item) => asText(item['msg']))
    .filter((text) => text !== null);
  return messages.length > 0 ? messages.join('; ') : null;
}

/** google.rpc.RetryInfo: a protobuf duration such as `33s` or `0.5s`. */
function retryInfoMs(details: readonly JsonObject[]): number | null {
  for (const detail of details) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(asText(detail['retryDelay']) ?? '')?.[1];
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1000);
  }
  return null;
}

/**
 * `retry-after-ms`, else `retry-after` in seconds or as an HTTP date. A date is measured against the answer's own
 * `date` header, so that the same bytes always give the same result.
 */
export function retryAfterMs(headers: StoredAnswer['headers']): number | null {
  const ms = numberIn(headerValue(headers, 'retry-after-ms'));
  if (ms !== null) return Math.ceil(ms);
  const after = headerValue(headers, 'retry-after');
  const seconds = numberIn(after);
  if (seconds !== null) return Math.ceil(seconds * 1000);
  const until = Date.parse(after ?? '');
  const now = Date.parse(headerValue(headers, 'date') ?? '');
  return Number.isNaN(until) || Number.isNaN(now) ? null : Math.max(0, until - now);
}

function numberIn(text: string | null): number | null {
  return text !== null && /^\s*\d{1,12}(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'apim-request-id', 'x-goog-request-id'];

/** The provider's id of the exchange, for support requests. */
export function requestIdOf(headers: StoredAnswer['headers']): string | null {
  for (const name of REQUEST_ID_HEADERS) {
    const value = headerValue(headers, name);
    if (value !== null && value !== '') return value;
  }
  return null;
}

/** The failure of an answer whose status, or whose body, says error. `body` is null where it is not JSON. */
export function failureOf(
  answer: StoredAnswer,
  body: JsonValue | null,
  bodyProblem: string | null,
): ProviderFailure {
  const facts = readErrorBody(body);
  const status = answer.httpStatus;
  const code = classify(status, facts);
  return {
    code,
    message: facts.message ?? fallbackMessage(answer, bodyProblem),
    httpStatus: status,
    providerCode: facts.word,
    param: facts.param,
    requestId: requestIdOf(answer.headers) ?? facts.requestId,
    retryable: isRetryable(status, code, answer),
    retryAfterMs: retryAfterMs(answer.headers) ?? facts.retryAfterMs,
  };
}

/** Words that mean more than the status they come with, or come with status 200. */
const CODE_OF_WORD: ReadonlyMap<string, FailureCode> = new Map<string, FailureCode>([
  ['insufficient_quota', 'quota_exhausted'],
  ['billing_hard_limit_reached', 'quota_exhausted'],
  ['billing_not_active', 'quota_exhausted'],
  ['billing_error', 'quota_exhausted'],
  ['invalid_api_key', 'auth_failed'],
  ['authentication_error', 'auth_failed'],
  ['UNAUTHENTICATED', 'auth_failed'],
  ['API_KEY_INVALID', 'auth_failed'],
  ['permission_error', 'permission_denied'],
  ['PERMISSION_DENIED', 'permission_denied'],
  ['model_not_found', 'model_not_found'],
  ['DeploymentNotFound', 'model_not_found'],
  ['content_filter', 'refused'],
  ['content_policy_violation', 'refused'],
  ['overloaded_error', 'overloaded'],
  ['UNAVAILABLE', 'overloaded'],
  ['rate_limit_error', 'rate_limited'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['RESOURCE_EXHAUSTED', 'rate_limited'],
  ['DEADLINE_EXCEEDED', 'timeout'],
  ['timeout_error', 'timeout'],
  ['not_found_error', 'model_not_found'],
  ['NOT_FOUND', 'model_not_found'],
  ['invalid_request_error', 'invalid_request'],
  ['request_too_large', 'invalid_request'],
  ['invalid_prompt', 'invalid_request'],
  ['INVALID_ARGUMENT', 'invalid_request'],
  ['FAILED_PRECONDITION', 'invalid_request'],
]);

const CODE_OF_STATUS: ReadonlyMap<number, FailureCode> = new Map<number, FailureCode>([
  [401, 'auth_failed'],
  [402, 'quota_exhausted'],
  [403, 'permission_denied'],
  [408, 'timeout'],
  [429, 'rate_limited'],
  [503, 'overloaded'],
  [504, 'timeout'],
  [524, 'timeout'],
  [529, 'overloaded'],
]);

function classify(status: number, facts: ErrorFacts): FailureCode {
  const known = facts.words.map((word) => CODE_OF_WORD.get(word)).filter((code) => code !== undefined);
  // "Invalid request" is said of nearly everything; and a 5xx is the server's own fault, whatever its body says.
  const telling = known.find((code) => code !== 'invalid_request');
  if (telling !== undefined && status < 500) return telling;
  const byStatus = CODE_OF_STATUS.get(status);
  if (byStatus !== undefined) return byStatus;
  if (status === 404 && /model|deployment/i.test(facts.message ?? '')) return 'model_not_found';
  if (status >= 300 && status < 500) return 'invalid_request';
  return known[0] ?? 'provider_error';
}

/**
 * Whether the provider refused the work before doing it, or failed at it, so that sending again can help and is not
 * paid twice. A gateway's timeout is not among them: behind it the work may have been done.
 */
function isRetryable(status: number, code: FailureCode, answer: StoredAnswer): boolean {
  if (headerValue(answer.headers, 'x-should-retry') === 'false') return false;
  if (code === 'rate_limited' || code === 'overloaded') return true;
  return code === 'provider_error' && (status === 500 || status === 502 || (status >= 200 && status < 300));
}

function fallbackMessage(answer: StoredAnswer, bodyProblem: string | null): string {
  const status = answer.httpStatus;
  if (status >= 300 && status < 400) {
    const target = headerValue(answer.headers, 'location');
    return `The server answered with a redirect (${status})${target === null ? '' : ` to ${target}`}, which is not followed: check the base URL.`;
  }
  if (status === 404)
    return `The server knows no such address (404): check the base URL. ${bodyProblem ?? ''}`.trim();
  return `The server answered with status ${status}. ${bodyProblem ?? 'It gave no reason.'}`.trim();
}

/** The failure of an answer that ended before it was whole. */
export function cutFailure(answer: StoredAnswer, message: string): ProviderFailure {
  return {
    code: 'stream_cut',
    message,
    httpStatus: answer.httpStatus,
    providerCode: null,
    param: null,
    requestId: requestIdOf(answer.headers),
    // What was generated before the cut is paid.
    retryable: false,
    retryAfterMs: null,
  };
}

/** The provider declined, with no usable output. */
export function refusedFailure(
  answer: StoredAnswer,
  message: string,
  providerCode: string | null,
): ProviderFailure {
  return { ...cutFailure(answer, message), code: 'refused', providerCode };
}
