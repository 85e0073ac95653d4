/**
 * What somebody typed, as an FTS5 query: every word must occur, the last one as a prefix, since it may be unfinished.
 * Each word becomes a quoted string, in which only the quote has a meaning, so nothing typed is FTS syntax.
 * Null where nothing in it can be searched for.
 */
export function ftsQueryOf(typed: string): string | null {
  // As the tokenizer does: runs of letters, digits, marks and private-use characters; anything else separates.
  const words = typed.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu);
  if (!words) return null;
  return `${words.map((word) => `"${word}"`).join(' ')}*`;
}
