import { jsonTokens, tokenAt, valueEnds } from './json-tokens';

/** The line, from 1, where a JSON Pointer's value begins in a text; null if the text is not JSON. */
export function jsonLine(text: string, pointer: string): number | null {
  const tokens = jsonTokens(text);
  if (tokens === null) return null;
  const token = tokens[tokenAt(text, tokens, valueEnds(tokens), pointer)];
  return token === undefined ? null : text.slice(0, token.start).split(/\r\n|\r|\n/).length;
}
