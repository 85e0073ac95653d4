import { systemProvider, type FailureCode, type JsonValue } from '../../../src-shared/domain';
import type { ProviderFailure, StoredAnswer } from '../../ports';
import { headerValue } from './content';
import { bodyExcerpt, clip, readErrorBody } from './error-body';
import type { ErrorFacts } from './error-body';
import type { Redact } from './redact';

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

/** The provider's request id, for support requests. */
export function requestIdOf(headers: StoredAnswer['headers']): string | null {
  for (const name of REQUEST_ID_HEADERS) {
    const value = headerValue(headers, name);
    if (value !== null && value !== '') return value;
  }
  return null;
}

/**
 * The failure reported by an answer's status or body. `body` is null if it is not JSON. A status in the body counts
 * like the HTTP status: gateways relay errors with 200, or with a status of their own.
 */
export function failureOf(
  answer: StoredAnswer,
  body: JsonValue | null,
  bodyProblem: string | null,
  redact: Redact = (text) => text,
): ProviderFailure {
  const facts = readErrorBody(body);
  const status = facts.status ?? answer.httpStatus;
  const waitMs = retryAfterMs(answer.headers) ?? facts.retryAfterMs;
  const code = classify(status, facts, waitMs);
  const retryable = isRetryable(status, code, answer);
  return {
    code,
    // Redact before truncating, so that no part of a key survives the cut.
    message: withSetting(
      answer,
      code,
      facts.message === null
        ? fallbackMessage(answer, status, bodyProblem, redact)
        : clip(redact(facts.message), LONGEST_MESSAGE),
      facts.param,
    ),
    httpStatus: status,
    providerCode: facts.word,
    param: facts.param,
    requestId: requestIdOf(answer.headers) ?? facts.requestId,
    retryable,
    notAccepted: retryable && isNotAccepted(status, code, waitMs),
    retryAfterMs: waitMs,
  };
}

const LONGEST_MESSAGE = 4000;
/** Characters shown of a body that we cannot interpret. */
const EXCERPT_CHARS = 500;

/** Protocol features that some servers lack, and the connection setting that leaves each out. */
const SETTINGS = [
  {
    field: /stream_options|include_usage/,
    hint: 'If the server does not support stream_options, test its connection, or set its stream options to "omit" (prompter connections set NAME --stream-options omit).',
  },
  {
    field: /response_?format|json_?schema|text\.format|output_config|responseJsonSchema/i,
    hint: 'If the server does not support JSON schemas, test its connection, or set its response format to "json_object" or "none" (prompter connections set NAME --response-format json_object).',
  },
] as const;

/** Adds the setting that may help. Not for the vendors' own services: they support all of it and mean the request. */
function withSetting(answer: StoredAnswer, code: FailureCode, message: string, param: string | null): string {
  if (code !== 'invalid_request' || systemProvider(answer.providerId)?.isVendor === true) return message;
  const setting = SETTINGS.find(({ field }) => field.test(param ?? '') || field.test(message));
  return setting === undefined ? message : `${message.replace(/([^.!?…])$/, '$1.')} ${setting.hint}`;
}

/** Error codes that say more than the status they come with, or that come with status 200. */
const FAILURE_OF_CODE: ReadonlyMap<string, FailureCode> = new Map<string, FailureCode>([
  ['quota_exceeded', 'quota_exhausted'],
  ['exceeded_current_quota_error', 'quota_exhausted'],
  ['payment_required', 'quota_exhausted'],
  ['out_of_credit', 'quota_exhausted'],
  ['out_of_credits', 'quota_exhausted'],
  ['invalid_api_key', 'auth_failed'],
  ['authentication_error', 'auth_failed'],
  ['unauthenticated', 'auth_failed'],
  ['unauthorized', 'auth_failed'],
  ['api_key_invalid', 'auth_failed'],
  ['permission_error', 'permission_denied'],
  ['permission_denied', 'permission_denied'],
  ['permission_denied_error', 'permission_denied'],
  ['forbidden', 'permission_denied'],
  ['model_not_found', 'model_not_found'],
  ['deployment_not_found', 'model_not_found'],
  ['content_filter', 'refused'],
  ['content_policy_violation', 'refused'],
  ['overloaded_error', 'overloaded'],
  ['unavailable', 'overloaded'],
  ['rate_limit_error', 'rate_limited'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['rate_limit_reached', 'rate_limited'],
  ['too_many_requests', 'rate_limited'],
  ['resource_exhausted', 'rate_limited'],
  ['deadline_exceeded', 'timeout'],
  ['timeout_error', 'timeout'],
  ['not_found_error', 'model_not_found'],
  ['not_found', 'model_not_found'],
  ['invalid_request_error', 'invalid_request'],
  ['bad_request_error', 'invalid_request'],
  ['request_too_large', 'invalid_request'],
  ['invalid_prompt', 'invalid_request'],
  ['invalid_argument', 'invalid_request'],
  ['failed_precondition', 'invalid_request'],
]);

/** Families of codes: `insufficient_quota`, `insufficient_balance`, `billing_not_active`, `usage_limit_reached`. */
const QUOTA_CODE = /^(insufficient_(quota|balance|credits?|funds)|billing_|usage_limit_|credit_balance_)/;

/** A limit that resets within minutes or hours is a rate limit, even if the message speaks of quota. */
const SHORT_LIMIT = /per[-_ ]?(minute|min\b|second|sec\b|hour)|\b([TR]PM|concurren)/i;
/** A limit of a day or longer, or of money: a short wait does not help (docs/providers.md#errors). */
const LONG_LIMIT = /per[-_ ]?(day|week|month)|\b([TR]PD)\b|\b(daily|weekly|monthly) (\w+ )?(limit|quota)/i;
const SPENT = new RegExp(
  [
    'credit balance (is )?too low',
    'insufficient (credit|balance|funds|quota)',
    '(exceeded|reached) your (current quota|(specified )?(\\w+ )?usage limits?|(monthly )?spend)',
    'usage limit has been reached',
    '(out of|no|not enough|purchase( more)?) credits',
    'credits? (is|are|has been|have been) (exhausted|used up|depleted)',
    'payment required',
  ].join('|'),
  'i',
);

/** Codes under which vendors also report an exhausted account; undefined: none says what failed. */
const MAY_MEAN_QUOTA: ReadonlySet<FailureCode | undefined> = new Set<FailureCode | undefined>([
  undefined,
  'rate_limited',
  'permission_denied',
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

/** Normalises spellings: `DeploymentNotFound`, `RESOURCE_EXHAUSTED`, `out-of-credit`. */
function normalised(word: string): string {
  return word
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[-.]/g, '_')
    .toLowerCase();
}

function classify(status: number, facts: ErrorFacts, waitMs: number | null): FailureCode {
  const words = facts.words.map(normalised);
  const known = words.map((word) => FAILURE_OF_CODE.get(word)).filter((code) => code !== undefined);
  // Almost anything gets called "invalid request"; and a 5xx is the server's own fault, whatever its body says.
  const telling = known.find((code) => code !== 'invalid_request');
  if (status < 500) {
    if (words.some((word) => QUOTA_CODE.test(word))) return 'quota_exhausted';
    if (MAY_MEAN_QUOTA.has(telling) && isQuotaExhausted(status, telling, facts, waitMs))
      return 'quota_exhausted';
    if (telling !== undefined) return telling;
  }
  const byStatus = CODE_OF_STATUS.get(status);
  if (byStatus !== undefined) return byStatus;
  if (status === 404 && /model|deployment/i.test(facts.message ?? '')) return 'model_not_found';
  if (status >= 300 && status < 500) return 'invalid_request';
  return known[0] ?? 'provider_error';
}

/** Whether the message, rather than the code, says that the account is exhausted. */
function isQuotaExhausted(
  status: number,
  telling: FailureCode | undefined,
  facts: ErrorFacts,
  waitMs: number | null,
): boolean {
  const message = facts.message ?? '';
  const limits = facts.words.filter((word) => /Per(Day|Minute|Hour|Month)/.test(word)).join(' ');
  const isLimit = status === 429 || telling === 'rate_limited';
  if (isLimit && LONG_LIMIT.test(`${limits} ${message}`)) return true;
  // Google also says "exceeded your current quota" of a per-minute limit, but then says when to retry.
  if (isLimit && waitMs !== null) return false;
  return SPENT.test(message) && !SHORT_LIMIT.test(`${limits} ${message}`);
}

/**
 * Whether the provider rejected the work before doing it, or failed at it, so that a retry can help and is not paid
 * twice. Excludes a gateway's timeout: the work behind it may have been done.
 */
function isRetryable(status: number, code: FailureCode, answer: StoredAnswer): boolean {
  if (headerValue(answer.headers, 'x-should-retry') === 'false') return false;
  if (code === 'rate_limited' || code === 'overloaded') return true;
  return code === 'provider_error' && (status === 500 || status === 502 || (status >= 200 && status < 300));
}

/**
 * Whether the provider rejected the call before starting: a rate limit, or an overload reported by its own status or
 * with a retry time. Any other failure may come after work was done.
 */
function isNotAccepted(status: number, code: FailureCode, waitMs: number | null): boolean {
  return code === 'rate_limited' || (code === 'overloaded' && (status === 529 || waitMs !== null));
}

/** The meaning of a 404 without an explanation. */
export const NOT_FOUND_MESSAGE = 'The server has nothing at this address (404). Check the base URL.';

function fallbackMessage(
  answer: StoredAnswer,
  status: number,
  bodyProblem: string | null,
  redact: Redact,
): string {
  const said = bodyExcerpt(answer);
  const words =
    said === null ? (bodyProblem ?? 'It gave no reason.') : `It said: ${clip(redact(said), EXCERPT_CHARS)}`;
  if (status >= 300 && status < 400) {
    const target = headerValue(answer.headers, 'location');
    const where = target === null ? '' : ` to ${target}`;
    return `The server answered with a redirect (${status})${where}, which Prompter does not follow. Check the base URL.`;
  }
  if (status === 404) return `${NOT_FOUND_MESSAGE} ${words}`;
  return `The server answered with status ${status}. ${words}`;
}

/** The failure of an answer that was cut off. */
export function cutFailure(answer: StoredAnswer, message: string): ProviderFailure {
  return {
    code: 'stream_cut',
    message,
    httpStatus: answer.httpStatus,
    providerCode: null,
    param: null,
    requestId: requestIdOf(answer.headers),
    // Whatever was generated before the cut is billed.
    retryable: false,
    notAccepted: false,
    retryAfterMs: null,
  };
}

/** The provider declined, leaving no usable output. */
export function refusedFailure(
  answer: StoredAnswer,
  message: string,
  providerCode: string | null,
): ProviderFailure {
  return { ...cutFailure(answer, message), code: 'refused', providerCode };
}
