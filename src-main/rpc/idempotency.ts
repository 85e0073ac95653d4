import { validationError } from '../../src-shared/domain';
import type { RequestContext } from './request-context';

const MAX_KEY_LENGTH = 255;

/** Adds the request's `Idempotency-Key`, unless the input has its own. */
export function withIdempotencyKey<T extends { idempotency_key?: string | undefined }>(
  input: T,
  { idempotencyKey }: RequestContext,
): T {
  if (idempotencyKey === undefined || input.idempotency_key !== undefined) return input;
  if (idempotencyKey.length === 0 || idempotencyKey.length > MAX_KEY_LENGTH) {
    throw validationError([
      { path: 'idempotency_key', message: `must have 1 to ${MAX_KEY_LENGTH} characters` },
    ]);
  }
  return { ...input, idempotency_key: idempotencyKey };
}
