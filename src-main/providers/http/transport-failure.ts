import type { CallOutcome, ProviderFailure } from '../../ports';
import type { Redact } from './redact';
import type { WireFailure } from './transport';

/** A failure without an HTTP answer. */
export function plainFailure(
  fields: Pick<ProviderFailure, 'code' | 'message' | 'retryable'> & Partial<ProviderFailure>,
): ProviderFailure {
  return {
    httpStatus: null,
    providerCode: null,
    param: null,
    requestId: null,
    notAccepted: false,
    retryAfterMs: null,
    ...fields,
  };
}

/** What a missing answer means for the run (docs/reliability.md#retries). */
export function outcomeOf(failure: WireFailure, origin: string, redact: Redact): CallOutcome {
  const kind = failure.maybeSent ? 'unknown' : 'not_sent';
  if (failure.reason === 'cancelled') {
    const message = failure.maybeSent
      ? 'The call was cancelled after the request was sent.'
      : 'The call was cancelled before the request was sent.';
    return {
      kind,
      failure: plainFailure({ code: 'network_error', message, providerCode: 'CANCELLED', retryable: false }),
    };
  }
  const code = errorCode(failure.error);
  const timedOut = failure.reason === 'timeout' || CONNECT_TIMEOUTS.has(code ?? '');
  return {
    kind,
    failure: plainFailure({
      code: timedOut ? 'timeout' : code === 'UND_ERR_INVALID_ARG' ? 'invalid_request' : 'network_error',
      message: redact(failure.reason === 'timeout' ? failure.error.message : describe(code, origin, failure)),
      providerCode: failure.reason === 'timeout' ? 'TIMEOUT' : code,
      retryable: !failure.maybeSent && code !== 'UND_ERR_INVALID_ARG' && !isTlsProblem(code),
    }),
  };
}

const CONNECT_TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

/** The system's error code; trying several addresses of a host wraps the codes in an AggregateError. */
function errorCode(error: Error): string | null {
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) {
    for (const inner of error.errors) if (inner instanceof Error) return errorCode(inner);
  }
  return error.cause instanceof Error ? errorCode(error.cause) : null;
}

function isTlsProblem(code: string | null): boolean {
  return (
    code !== null && /CERT|^ERR_(TLS|SSL)|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|^EPROTO$|HOSTNAME/.test(code)
  );
}

function describe(code: string | null, origin: string, failure: WireFailure): string {
  const host = hostOf(origin);
  if (code === 'ENOTFOUND')
    return `The host "${host}" was not found. Check the base URL, or the network (DNS).`;
  if (code === 'EAI_AGAIN') return `The host "${host}" could not be looked up. Check the network (DNS).`;
  if (code === 'ECONNREFUSED')
    return `Nothing is listening at ${host}: the connection was refused. Check that the server is running.`;
  if (code !== null && CONNECT_TIMEOUTS.has(code)) return `Connecting to ${host} timed out.`;
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return `${host} cannot be reached from this network.`;
  if (isTlsProblem(code)) {
    return `The secure connection to ${host} failed (TLS, ${code}): ${failure.error.message}`;
  }
  if (failure.maybeSent) {
    return `The connection to ${host} broke before an answer came (${code ?? failure.error.message}). The request may have been processed.`;
  }
  return `The request to ${host} could not be sent (${code ?? 'no code'}): ${failure.error.message}`;
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}
