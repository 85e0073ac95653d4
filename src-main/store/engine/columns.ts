import { customType } from 'drizzle-orm/sqlite-core';
import * as z from 'zod';
import { readColumn, readJsonColumn } from './column-values';

/**
 * What the columns of a table hold, told where the table is declared. Reading one that holds something else throws
 * STORE_CORRUPT: a damaged value is never taken for another.
 */
const ANY_COLUMN = 'a column';

const bitSchema = z.literal([0, 1]);

/** True and false, stored as 1 and 0. */
export const bool = customType<{ data: boolean; driverData: number }>({
  dataType: () => 'integer',
  toDriver: Number,
  fromDriver: (stored) => readColumn(bitSchema, stored, ANY_COLUMN) === 1,
});

const digitsSchema = z.union([z.bigint(), z.int(), z.string().regex(/^-?\d+$/)]);

/** Money in 1e-12 USD, in a column named `…_picodollars`. It outgrows a double, so `storedColumns` selects it as text. */
export const picodollars = customType<{ data: bigint; driverData: bigint | number | string }>({
  dataType: () => 'integer',
  toDriver: String,
  fromDriver: (stored) => BigInt(readColumn(digitsSchema, stored, ANY_COLUMN)),
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
