import * as z from 'zod';

/** The router parses search values, so typed text may arrive as a number, a boolean or an object. */
const asText = (value: unknown): string | undefined =>
  value === '' || value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

/** Accepts any text: the screen decides whether it is valid. */
export const text = z.custom<string | undefined>().transform(asText).optional();

/** True or absent. */
export const flag = z
  .boolean()
  .transform((value) => value || undefined)
  .optional();

/** A calendar day: `2026-11-30`. */
export const day = z.iso.date().optional();

/** For screens without search parameters. */
export const NO_SEARCH = z.strictObject({});
