/** White space, control characters, and what has no shape of its own: zero-width spaces, joiners, byte order marks. */
const UNSEEN = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether a text shows anything at all. */
export function isBlank(text: string): boolean {
  return UNSEEN.test(text);
}
