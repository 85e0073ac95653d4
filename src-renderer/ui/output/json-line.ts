import { jsonTokens, tokenAt, valueEnds } from './json-tokens';

/** The line, from 1, where the value of a JSON Pointer begins in a text as it is written; null where it is not JSON. */
export function jsonLine(text: string, pointer: string): number | null {
  const tokens = jsonTokens(text);
  if (tokens === null) return null;
  const token = tokens[tokenAt(text, tokens, valueEnds(tokens), pointer)];
  return token === undefined ? null : text.slice(0, token.start).split(/\r\n|\r|\n/).length;
}
