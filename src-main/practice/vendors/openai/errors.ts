import type { Exchange, Reply } from '../../exchange';
import { jsonReply, withHeaders } from '../json-reply';
import { bearerOf, headerOf } from '../request-key';
import { retryAfter } from '../retry-after';

/** Errors in OpenAI's own shape (docs/providers.md#errors). */

interface OpenAiErrorFields {
  readonly message: string;
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

export function openAiError(status: number, fields: OpenAiErrorFields): Reply {
  const { message, type = 'invalid_request_error', param = null, code = null } = fields;
  return jsonReply(status, { error: { message, type, param, code } });
}

/** The refusal of a missing or wrong key; undefined if the key is accepted. */
export function refuseOpenAiKey({ headers }: Exchange): Reply | undefined {
  const key = bearerOf(headers) || headerOf(headers, 'api-key') || undefined;
  if (key !== undefined && key !== 'invalid') return undefined;
  const message =
    key === undefined
      ? "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
      : 'Incorrect API key provided: invalid. You can find your API key at https://platform.openai.com/account/api-keys.';
  return openAiError(401, { message, code: key === undefined ? null : 'invalid_api_key' });
}

/** The error of a `status` fault, with OpenAI's own headers. */
export function openAiStatusFault(exchange: Exchange, status: number): Reply {
  const { seconds, headers } = retryAfter(exchange.faults, status);
  const error = openAiError(status, faultFields(exchange, status, exchange.faults.code));
  if (status !== 429) return withHeaders(error, headers);
  return withHeaders(error, {
    ...headers,
    'retry-after-ms': String(Math.round((seconds ?? 1) * 1000)),
    ...openAiRateHeaders(0, `${seconds ?? 1}s`),
  });
}

function faultFields(exchange: Exchange, status: number, code: string | undefined): OpenAiErrorFields {
  if (code === 'insufficient_quota') {
    const message = 'You exceeded your current quota, please check your plan and billing details.';
    return { message, type: 'insufficient_quota', code };
  }
  if (status === 429) {
    const message = `Rate limit reached for ${exchange.model} in organization org-practice on requests per min (RPM): Limit 500, Used 500, Requested 1.`;
    return { message, type: 'requests', code: code ?? 'rate_limit_exceeded' };
  }
  if (status === 404) {
    const message = `The model \`${exchange.model}\` does not exist or you do not have access to it.`;
    return { message, code: code ?? 'model_not_found' };
  }
  if (status === 401) return { message: 'Incorrect API key provided.', code: code ?? 'invalid_api_key' };
  if (status >= 500) {
    const message = 'The server had an error while processing your request. Sorry about that!';
    return { message, type: 'server_error', code: code ?? null };
  }
  return { message: `Simulated error ${status}.`, code: code ?? null };
}

/** OpenAI's `x-ratelimit-*`. */
export function openAiRateHeaders(remaining: number, reset: string): Record<string, string> {
  return {
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-limit-tokens': '500000',
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-remaining-tokens': String(remaining * 1000),
    'x-ratelimit-reset-requests': reset,
    'x-ratelimit-reset-tokens': reset,
  };
}
