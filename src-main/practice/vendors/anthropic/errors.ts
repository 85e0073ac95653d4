import type { Exchange, Reply } from '../../exchange';
import { jsonReply, withHeaders } from '../json-reply';
import { bearerOf, headerOf } from '../request-key';
import { retryAfter } from '../retry-after';

/** Errors in Anthropic's own shape (docs/providers.md#errors). */

export function anthropicError(exchange: Exchange, status: number, message: string, type?: string): Reply {
  const error = { type: type ?? ANTHROPIC_TYPES[status] ?? 'api_error', message };
  return jsonReply(status, { type: 'error', error, request_id: anthropicRequestId(exchange) });
}

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  422: 'invalid_request_error',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const ANTHROPIC_MESSAGES: Readonly<Record<number, string>> = {
  429: "This request would exceed your organization's rate limit of 1,000 requests per minute.",
  500: 'Internal server error',
  529: 'Overloaded',
};

/** The refusal of a missing or wrong key; undefined if the key is accepted. */
export function refuseAnthropicKey(exchange: Exchange): Reply | undefined {
  const { headers } = exchange;
  const key = headerOf(headers, 'x-api-key') || bearerOf(headers) || undefined;
  if (key !== undefined && key !== 'invalid') return undefined;
  return anthropicError(
    exchange,
    401,
    key === undefined ? 'x-api-key header is required' : 'invalid x-api-key',
  );
}

/** The error of a `status` fault, with Anthropic's own headers. */
export function anthropicStatusFault(exchange: Exchange, status: number): Reply {
  const { seconds, headers } = retryAfter(exchange.faults, status);
  const message = ANTHROPIC_MESSAGES[status] ?? `Simulated error ${status}`;
  const error = anthropicError(exchange, status, message, exchange.faults.code);
  return withHeaders(
    error,
    status === 429 ? { ...headers, ...anthropicRateHeaders(0, seconds ?? 1) } : headers,
  );
}

/** Appears in Anthropic's error bodies as well, so it is derived from the request. */
export function anthropicRequestId(exchange: Exchange): string {
  return `req_011${exchange.digest.slice(0, 21)}`;
}

const ANTHROPIC_LIMITS = {
  requests: 1_000,
  tokens: 500_000,
  'input-tokens': 400_000,
  'output-tokens': 100_000,
};

/** `anthropic-ratelimit-*`. Resets are RFC 3339 times, so these headers follow the clock; bodies never do. */
export function anthropicRateHeaders(remainingShare: number, resetSeconds: number): Record<string, string> {
  const reset = new Date(Date.now() + resetSeconds * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const headers: Record<string, string> = {};
  for (const [kind, limit] of Object.entries(ANTHROPIC_LIMITS)) {
    headers[`anthropic-ratelimit-${kind}-limit`] = String(limit);
    headers[`anthropic-ratelimit-${kind}-remaining`] = String(Math.floor(limit * remainingShare));
    headers[`anthropic-ratelimit-${kind}-reset`] = reset;
  }
  return headers;
}
