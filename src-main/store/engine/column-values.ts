import type * as z from 'zod';
import { AppError } from '../../../src-shared/domain';

/**
 * A column's value as the domain knows it; `where` names the column and the record.
 * @throws STORE_CORRUPT where it is something else: a damaged value is an error, never `undefined`
 */
export function readColumn<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw damaged(where, result.error);
}

/** The value of a JSON column. @throws STORE_CORRUPT */
export function readJsonColumn<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(where, error);
  }
  return readColumn(schema, value, where);
}

/** What the bytes of a column stand for. @throws STORE_CORRUPT where they cannot be decoded */
export function decodedColumn<T>(decode: () => T, where: string): T {
  try {
    return decode();
  } catch (error) {
    throw damaged(where, error);
  }
}

/** The error of a value that a column cannot hold. */
export function damaged(where: string, cause?: unknown): AppError {
  return new AppError('STORE_CORRUPT', `The store contains a damaged value: ${where}.`, {
    data: { where },
    cause,
  });
}
