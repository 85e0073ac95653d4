/** One token of a JSON text, as written. */
export interface JsonToken {
  readonly kind: 'open' | 'close' | 'comma' | 'colon' | 'key' | 'string' | 'number' | 'word';
  readonly start: number;
  readonly end: number;
}

/** Longer text is shown as sent: parsing it would block the page. */
export const MAX_JSON_CHARS = 1_000_000;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * The end of the string that starts at `start`, or null. Scanned by hand: a regular expression overflows on
 * megabytes.
 */
function stringEnd(text: string, start: number): number | null {
  if (text[start] !== '"') return null;
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return null;
    if (code === 0x5c) {
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) return null;
      at = ESCAPE.lastIndex - 1;
    }
  }
  return null;
}

type Expected = 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'colon' | 'comma-or-close' | 'end';

/**
 * The tokens of a text that is one JSON value (RFC 8259), or null. Nothing is decoded: numbers of any length,
 * repeated keys and escapes stay as written. Iterative, so that nesting can be arbitrarily deep.
 */
export function jsonTokens(text: string): readonly JsonToken[] | null {
  if (text.length > MAX_JSON_CHARS) return null;
  const tokens: JsonToken[] = [];
  const closers: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const matches = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    return pattern.test(text);
  };
  const add = (kind: JsonToken['kind'], end: number): void => {
    tokens.push({ kind, start: at, end });
    at = end;
  };
  const afterValue = (): Expected => (closers.length === 0 ? 'end' : 'comma-or-close');
  for (;;) {
    matches(SPACE);
    at = SPACE.lastIndex;
    const char = text[at];
    if (char === undefined) return expected === 'end' ? tokens : null;
    const mayClose = expected === 'comma-or-close' || expected.endsWith('-or-close');
    if (mayClose && char === closers.at(-1)) {
      closers.pop();
      add('close', at + 1);
      expected = afterValue();
    } else if (expected === 'comma-or-close') {
      if (char !== ',') return null;
      add('comma', at + 1);
      expected = closers.at(-1) === '}' ? 'key' : 'value';
    } else if (expected === 'colon') {
      if (char !== ':') return null;
      add('colon', at + 1);
      expected = 'value';
    } else if (expected === 'key' || expected === 'key-or-close') {
      const end = stringEnd(text, at);
      if (end === null) return null;
      add('key', end);
      expected = 'colon';
    } else if (expected === 'end') {
      return null;
    } else if (char === '{' || char === '[') {
      closers.push(char === '{' ? '}' : ']');
      add('open', at + 1);
      expected = char === '{' ? 'key-or-close' : 'value-or-close';
    } else if (char === '"') {
      const end = stringEnd(text, at);
      if (end === null) return null;
      add('string', end);
      expected = afterValue();
    } else if (matches(NUMBER)) {
      add('number', NUMBER.lastIndex);
      expected = afterValue();
    } else if (matches(WORD)) {
      add('word', WORD.lastIndex);
      expected = afterValue();
    } else {
      return null;
    }
  }
}

/** Index of the last token of each token's value: the closing bracket for an opening one, otherwise itself. */
export function valueEnds(tokens: readonly JsonToken[]): readonly number[] {
  const ends = tokens.map((_, index) => index);
  const open: number[] = [];
  for (const [index, { kind }] of tokens.entries()) {
    if (kind === 'open') open.push(index);
    else if (kind === 'close') ends[open.pop() ?? index] = index;
  }
  return ends;
}

/** A string token's decoded text; lone surrogates are kept. */
export function stringOf(text: string, { start, end }: JsonToken): string {
  const value: unknown = JSON.parse(text.slice(start, end));
  return String(value);
}

/**
 * The token of a JSON Pointer's value, or of the deepest existing value on the way, where the missing part belongs.
 * Of a repeated key the last counts, as it does for the validator.
 */
export function tokenAt(
  text: string,
  tokens: readonly JsonToken[],
  ends: readonly number[],
  pointer: string,
): number {
  let index = 0;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const child = childAt(text, tokens, ends, index, name);
    if (child === null) break;
    index = child;
  }
  return index;
}

function childAt(
  text: string,
  tokens: readonly JsonToken[],
  ends: readonly number[],
  parent: number,
  name: string,
): number | null {
  if (tokens[parent]?.kind !== 'open') return null;
  let found: number | null = null;
  let position = 0;
  for (let at = parent + 1; at < (ends[parent] ?? 0); at += 1) {
    const token = tokens[at];
    if (token?.kind === 'comma') continue;
    if (token?.kind === 'key') {
      at += 2;
      if (stringOf(text, token) === name) found = at;
    } else {
      if (String(position) === name) return at;
      position += 1;
    }
    at = ends[at] ?? at;
  }
  return found;
}
