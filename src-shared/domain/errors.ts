/**
 * Errors that are part of a procedure's contract. Anything else that is thrown is a bug and is shown as one.
 * The HTTP status of each code lives in `contract/error-status.ts` alone.
 */
export const ERROR_CODES = [
  'VALIDATION_FAILED',
  'UNKNOWN_PARAMETER',
  'NOT_FOUND',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'TEMPLATE_DUPLICATE',
  'IDEMPOTENCY_KEY_REUSED',
  'MISSING_VARIABLE',
  'TEMPLATE_SYNTAX',
  'RENDER_LIMIT',
  'NO_CONNECTION',
  'CONNECTION_NAME_TAKEN',
  'CREDENTIAL_MISSING',
  'KEYCHAIN_UNAVAILABLE',
  'PROVIDER_UNKNOWN',
  'PROVIDER_FAILURE',
  'VERSION_MISMATCH',
  'BUDGET_EXCEEDED',
  'GROUNDING_UNSUPPORTED',
  'ALS_UNSUPPORTED',
  'CONSTRAINT_FROZEN',
  'TEMPLATE_IS_TRIAL',
  'TEMPLATE_LABELLED',
  'PROMPT_INACTIVE',
  'PROMPT_AMBIGUOUS',
  'APPROVAL_REQUIRED',
  'APPROVAL_STATE',
  'REVIEW_STATE',
  'BATCH_STATE',
  'SYNC_STATE',
  'STATISTICS_OFF',
  'STORE_LOCKED',
  'STORE_FROM_FUTURE',
  'STORE_CORRUPT',
  'STORE_UNSAFE_LOCATION',
  'MIGRATION_CHANGED',
  'DISK_FULL',
  'TEAM_UNREACHABLE',
  'TEAM_REFUSED',
  'TEAM_UNSUITABLE',
  'CANCELLED',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

const MARK = Symbol.for('prompter.AppError');

export interface AppErrorOptions {
  /** Facts the caller can act on (field paths, ids, a diff). Never a secret. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An expected error: its code says what happened, its message what to do, its data the details. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly data: Readonly<Record<string, unknown>>;
  readonly [MARK] = true;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.data = options.data ?? {};
  }
}

/** True for an AppError from any realm or copy of the bundle: the mark is a registered symbol, not the class. */
export function isAppError(error: unknown): error is AppError {
  return typeof error === 'object' && error !== null && MARK in error;
}

/** One invalid field of an input: `path` as in `inference_params.temperature`, `message` what to do about it. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** The 422 for bad input: names every invalid field. */
export function validationError(fields: readonly FieldProblem[]): AppError {
  const first = fields[0];
  const message = first
    ? `${first.path || 'input'}: ${first.message}${fields.length > 1 ? ` (and ${fields.length - 1} more)` : ''}`
    : 'The input is not valid.';
  return new AppError('VALIDATION_FAILED', message, { data: { fields } });
}

export function notFound(what: string, id: string): AppError {
  return new AppError('NOT_FOUND', `No ${what} with the id "${id}".`, { data: { what, id } });
}
