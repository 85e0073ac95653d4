import type { Exchange, Reply } from '../../exchange';
import { jsonReply } from '../json-reply';
import { headerOf } from '../request-key';
import { retryAfter } from '../retry-after';

/** Errors in Gemini's own shape (docs/providers.md#errors). */

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
  return jsonReply(status, { error });
}

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

/** The refusal of a missing or wrong key; undefined if the key is accepted. */
export function refuseGoogleKey({ headers, query }: Exchange): Reply | undefined {
  const key = headerOf(headers, 'x-goog-api-key') || query.get('key') || undefined;
  if (key !== undefined && key !== 'invalid') return undefined;
  if (key === undefined) {
    return geminiError(401, 'Request is missing required authentication credential. Expected an API key.');
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

/** The error of a `status` fault, with Google's retry hint. */
export function geminiStatusFault({ faults }: Exchange, status: number): Reply {
  const { seconds = 1 } = retryAfter(faults, status);
  const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` };
  const message = GEMINI_MESSAGES[status] ?? `Simulated error ${status}.`;
  const details = status === 429 || faults.retry_after !== undefined ? [info] : [];
  return geminiError(status, message, details, faults.code);
}
