import { randomUUID } from 'node:crypto';
import { ORPCError, ValidationError } from '@orpc/contract';
import { ERROR_STATUS } from '../../src-shared/contract';
import { AppError, fieldProblemsOf, isAppError, validationError } from '../../src-shared/domain';
import type { Logger } from '../ports';

export type RpcError = ORPCError<string, unknown>;

/**
 * The one place where anything that a procedure throws becomes an answer. Expected errors keep their code, message and
 * data; anything else is a bug, and the caller gets only an incident id.
 */
export function toRpcError(error: unknown, where: { procedure: string; logger: Logger }): RpcError {
  if (isAppError(error)) return fromAppError(error);
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    return fromAppError(validationError(fieldProblemsOf(error.cause.issues)));
  }
  if (isAbort(error)) return fromAppError(new AppError('CANCELLED', 'The request was cancelled.'));
  return bug(error, where);
}

function fromAppError(error: AppError): RpcError {
  return new ORPCError(error.code, {
    status: ERROR_STATUS[error.code],
    message: error.message,
    data: error.data,
  });
}

/** Logs a bug and answers with an id that finds it in the log. */
export function bug(error: unknown, where: { procedure: string; logger: Logger }): RpcError {
  const incidentId = randomUUID();
  where.logger.log('error', 'rpc.bug', {
    incident_id: incidentId,
    procedure: where.procedure,
    error: describe(error),
    cause: error instanceof Error && error.cause !== undefined ? describe(error.cause) : undefined,
  });
  return new ORPCError('INTERNAL_SERVER_ERROR', {
    status: 500,
    message: `Something went wrong inside Prompter. The log has the details under incident ${incidentId}.`,
    data: { incident_id: incidentId },
  });
}

/** A validation error's `data` holds the whole value, which may contain a secret: log only its issues. */
function describe(error: unknown): unknown {
  if (error instanceof ValidationError) {
    return { name: error.name, message: error.message, fields: fieldProblemsOf(error.issues) };
  }
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack };
  return { name: typeof error, message: String(error) };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
