/**
 * Converts typed text to an FTS5 query: every word must occur, the last as a prefix, since it may be unfinished. Each
 * word becomes a quoted string, in which only the quote is special, so nothing typed is FTS syntax.
 * Null if it contains nothing searchable.
 */
export function ftsQueryOf(typed: string): string | null {
  // Like the tokenizer: letters, digits, marks and private-use characters form words; anything else separates.
  const words = typed.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu);
  if (!words) return null;
  return `${words.map((word) => `"${word}"`).join(' ')}*`;
}
