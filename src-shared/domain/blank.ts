import * as z from 'zod';

/** White space, control characters, and what has no shape of its own: zero-width spaces, joiners, byte order marks. */
const UNSEEN = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether a text shows anything at all. */
export function isBlank(text: string): boolean {
  return UNSEEN.test(text);
}

/** A name or a word: trimmed, and never invisible. */
export function shownText(maximum: number) {
  return z
    .string()
    .trim()
    .min(1, { abort: true })
    .max(maximum)
    .refine((text) => !isBlank(text), 'must not be empty: it has characters, but none that can be seen');
}
