import * as z from 'zod';
import { AppError, ERROR_CODES, isAppError } from '../../src-shared/domain';

/** A read for a thread to run. */
export const readOrderSchema = z.object({ path: z.string(), name: z.string(), input: z.unknown() });
export type ReadOrder = z.infer<typeof readOrderSchema>;

export const readMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number() }),
  z.object({ type: z.literal('result'), result: z.unknown() }),
  z.object({ type: z.literal('failed'), message: z.string(), code: z.enum(ERROR_CODES).nullable() }),
]);
export type ReadMessage = z.infer<typeof readMessageSchema>;
type Failed = Extract<ReadMessage, { type: 'failed' }>;

/** Errors lose their class between threads; callers rely on the code. */
export function failed(error: unknown): Failed {
  return {
    type: 'failed',
    message: error instanceof Error ? error.message : String(error),
    code: isAppError(error) ? error.code : null,
  };
}

export function failureOf({ code, message }: Failed): Error {
  return code === null ? new Error(message) : new AppError(code, message);
}
