import { customType } from 'drizzle-orm/sqlite-core';
import type * as z from 'zod';
import { damaged, readColumn, readJsonColumn } from './column-values';

/**
 * What the columns of a table hold, told where the table is declared. Reading one that holds something else throws
 * STORE_CORRUPT: a damaged value is never taken for another.
 */
const ANY_COLUMN = 'a column';

/** True and false, stored as 1 and 0. */
export const bool = customType<{ data: boolean; driverData: number }>({
  dataType: () => 'integer',
  toDriver: Number,
  fromDriver(stored) {
    if (stored !== 0 && stored !== 1) throw damaged(ANY_COLUMN);
    return stored === 1;
  },
});

/** Money in 1e-12 USD, in a column named `…_picodollars`. It outgrows a double, so `storedColumns` selects it as text. */
export const picodollars = customType<{ data: bigint; driverData: string }>({
  dataType: () => 'integer',
  toDriver: String,
  fromDriver(stored) {
    if (typeof stored !== 'string' || !/^-?\d+$/.test(stored)) throw damaged(ANY_COLUMN);
    return BigInt(stored);
  },
});

/** JSON that the schema accepts. */
export function json<T>(schema: z.ZodType<T>) {
  return customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (stored) => readJsonColumn(schema, stored, ANY_COLUMN),
  })();
}

/** A text that the schema accepts: one of a few words, or one of a form. */
export function word<T extends string>(schema: z.ZodType<T>) {
  return customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    fromDriver: (stored) => readColumn(schema, stored, ANY_COLUMN),
  })();
}

/** Bytes as they are stored: whoever knows their encoding decodes them. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'blob' });
