import type { Exchange, Reply } from '../exchange';
import { anthropicRateHeaders, anthropicRequestId, openAiRateHeaders } from './vendor-headers';

/** Errors in each vendor's own shape (docs/providers.md#errors). */

interface OpenAiErrorFields {
  readonly message: string;
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

export function openAiError(status: number, fields: OpenAiErrorFields): Reply {
  const { message, type = 'invalid_request_error', param = null, code = null } = fields;
  return reply(status, { error: { message, type, param, code } });
}

export function anthropicError(exchange: Exchange, status: number, message: string, type?: string): Reply {
  const error = { type: type ?? ANTHROPIC_TYPES[status] ?? 'api_error', message };
  return reply(status, { type: 'error', error, request_id: anthropicRequestId(exchange) });
}

export function geminiError(
  status: number,
  message: string,
  details: readonly object[] = [],
  word?: string,
): Reply {
  const error = {
    code: status,
    message,
    status: word ?? GEMINI_STATUSES[status] ?? (status >= 500 ? 'INTERNAL' : 'FAILED_PRECONDITION'),
    ...(details.length > 0 ? { details } : {}),
  };
  return reply(status, { error });
}

/** A wrong request, worded by the vendor. */
export function badRequest(exchange: Exchange, message: string): Reply {
  switch (exchange.protocol) {
    case 'openai':
      return openAiError(400, { message });
    case 'anthropic':
      return anthropicError(exchange, 400, message);
    case 'google':
      return geminiError(400, message);
  }
}

/** The vendor's answer to a missing or wrong key; undefined when the key will do. */
export function refuseKey(exchange: Exchange): Reply | undefined {
  const key = keyOf(exchange);
  if (key !== undefined && key !== 'invalid') return undefined;
  switch (exchange.protocol) {
    case 'openai': {
      const message =
        key === undefined
          ? "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
          : 'Incorrect API key provided: invalid. You can find your API key at https://platform.openai.com/account/api-keys.';
      return openAiError(401, { message, code: key === undefined ? null : 'invalid_api_key' });
    }
    case 'anthropic':
      return anthropicError(
        exchange,
        401,
        key === undefined ? 'x-api-key header is required' : 'invalid x-api-key',
      );
    case 'google':
      if (key === undefined) {
        return geminiError(
          401,
          'Request is missing required authentication credential. Expected an API key.',
        );
      }
      return geminiError(400, 'API key not valid. Please pass a valid API key.', [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'API_KEY_INVALID',
          domain: 'googleapis.com',
          metadata: { service: 'generativelanguage.googleapis.com' },
        },
      ]);
  }
}

function keyOf({ protocol, headers, query }: Exchange): string | undefined {
  const bearer = /^Bearer\s+(.*)$/i.exec(headers.authorization ?? '')?.[1]?.trim();
  const named = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value.trim() : undefined;
  };
  switch (protocol) {
    case 'openai':
      return bearer || named('api-key') || undefined;
    case 'anthropic':
      return named('x-api-key') || bearer || undefined;
    case 'google':
      return named('x-goog-api-key') || query.get('key') || undefined;
  }
}

/** The error that a `status` fault asks for, with the vendor's own headers. */
export function statusFault(exchange: Exchange, status: number): Reply {
  const { code, retry_after: given } = exchange.faults;
  const seconds = given ?? (status === 429 ? 1 : undefined);
  const retry: Record<string, string> = seconds === undefined ? {} : { 'retry-after': String(seconds) };
  switch (exchange.protocol) {
    case 'openai': {
      const error = openAiError(status, openAiFault(exchange, status, code));
      if (status !== 429) return withHeaders(error, retry);
      return withHeaders(error, {
        ...retry,
        'retry-after-ms': String(Math.round((seconds ?? 1) * 1000)),
        ...openAiRateHeaders(0, `${seconds ?? 1}s`),
      });
    }
    case 'anthropic': {
      const error = anthropicError(
        exchange,
        status,
        ANTHROPIC_MESSAGES[status] ?? `Simulated error ${status}`,
        code,
      );
      return withHeaders(
        error,
        status === 429 ? { ...retry, ...anthropicRateHeaders(0, seconds ?? 1) } : retry,
      );
    }
    case 'google': {
      const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds ?? 1}s` };
      const message = GEMINI_MESSAGES[status] ?? `Simulated error ${status}.`;
      return geminiError(status, message, status === 429 || given !== undefined ? [info] : [], code);
    }
  }
}

function openAiFault(exchange: Exchange, status: number, code: string | undefined): OpenAiErrorFields {
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

const GEMINI_STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

const GEMINI_MESSAGES: Readonly<Record<number, string>> = {
  429: 'You exceeded your current quota, please check your plan and billing details.',
  500: 'An internal error has occurred. Please retry.',
  503: 'The model is overloaded. Please try again later.',
  504: 'The request timed out. Please try again.',
};

function reply(status: number, body: object, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: JSON.stringify(body) };
}

function withHeaders(answer: Reply, headers: Record<string, string>): Reply {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
