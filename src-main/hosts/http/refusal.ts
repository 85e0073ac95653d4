/** Codes of answers that the host gives itself, before any procedure. */
const REFUSALS = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  VALIDATION_FAILED: 422,
  HEADERS_TOO_LARGE: 431,
} as const;

/** Why the host refuses a request; same shape as every other error. */
export interface Refusal {
  readonly code: keyof typeof REFUSALS;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface ErrorBody {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly data: unknown;
}

export function refusalBody(refusal: Refusal): ErrorBody {
  return {
    code: refusal.code,
    status: REFUSALS[refusal.code],
    message: refusal.message,
    data: refusal.data ?? {},
  };
}
