import * as z from 'zod';

/** Whatever the address says, as text: what is typed there may come as a number, a boolean or worse. */
const asText = (value: unknown): string | undefined =>
  value === '' || value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

/** Text of any kind, never refused: whether it means something is for the screen to say. */
export const text = z.custom<string | undefined>().transform(asText).optional();

/** True, or left out. */
export const flag = z
  .boolean()
  .transform((value) => value || undefined)
  .optional();

/** A day of the calendar: `2026-11-30`. */
export const day = z.iso.date().optional();

/** For a screen with nothing to choose by its address. */
export const NO_SEARCH = z.strictObject({});
