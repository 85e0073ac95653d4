import * as z from 'zod';
import { validationError, type PromptOrder } from '../../../src-shared/domain';

const placeSchema = z.tuple([z.string(), z.union([z.string(), z.number()]), z.number().int()]);

/** The place after a row, by its value in an order: opaque to whoever keeps it. Holds while other rows move. */
export function encodePromptCursor(order: PromptOrder, value: string | number, seq: number): string {
  return Buffer.from(JSON.stringify([order, value, seq])).toString('base64url');
}

/** @throws VALIDATION_FAILED if it is of another order */
export function decodePromptCursor(
  cursor: string,
  order: PromptOrder,
): { readonly value: string | number | bigint; readonly seq: number } {
  const place = placeSchema.safeParse(parsed(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!place.success || place.data[0] !== order) throw notOfThisOrder();
  const [, value, seq] = place.data;
  // Money outgrows a double, so it is kept as text.
  const isCost = order === 'cost' || order === '-cost';
  if (!isCost) return { value, seq };
  if (!/^-?\d{1,19}$/.test(String(value))) throw notOfThisOrder();
  return { value: BigInt(value), seq };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function notOfThisOrder(): Error {
  return validationError([
    { path: 'cursor', message: 'is not a cursor of this order; omit it to start over' },
  ]);
}
