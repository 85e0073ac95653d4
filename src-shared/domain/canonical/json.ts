import { CanonicalError } from './canonical-error';
import { canonicalNumber } from './numbers';
import { loneSurrogate, MAX_DEPTH, tooDeep, writeObject, writeString } from './write-json';

/** What is left to read. One pass: each character is looked at a bounded number of times. */
interface Reader {
  readonly text: string;
  /** When the whole text is well formed, only an escape can make a lone surrogate. */
  readonly isWellFormed: boolean;
  position: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * The canonical form of a JSON text (docs/canonical.md#json): a strict RFC 8259 reader that writes as it reads.
 * Not `JSON.parse`, which rounds numbers to doubles and lets the last of two equal keys win.
 * Of several problems the first in reading order is reported.
 */
export function canonicalJson(text: string): string {
  const reader: Reader = { text, isWellFormed: text.isWellFormed(), position: 0 };
  const canonical = readValue(reader, 0);
  peek(reader);
  if (reader.position < text.length) throw invalid(reader, 'Text after the end of the JSON value');
  return canonical;
}

function readValue(reader: Reader, depth: number): string {
  switch (peek(reader)) {
    case QUOTE:
      return readStringToken(reader).token;
    case OPEN_BRACE:
      return readObject(reader, depth + 1);
    case OPEN_BRACKET:
      return readArray(reader, depth + 1);
    case 0x74: // t
      return readWord(reader, 'true');
    case 0x66: // f
      return readWord(reader, 'false');
    case 0x6e: // n
      return readWord(reader, 'null');
    default:
      return readNumber(reader);
  }
}

function readArray(reader: Reader, depth: number): string {
  if (depth > MAX_DEPTH) throw tooDeep(reader.position);
  reader.position++;
  if (accept(reader, CLOSE_BRACKET)) return '[]';
  let text = '[';
  for (;;) {
    text += readValue(reader, depth);
    if (accept(reader, CLOSE_BRACKET)) return `${text}]`;
    expect(reader, COMMA);
    text += ',';
  }
}

function readObject(reader: Reader, depth: number): string {
  if (depth > MAX_DEPTH) throw tooDeep(reader.position);
  reader.position++;
  if (accept(reader, CLOSE_BRACE)) return '{}';
  const members = new Map<string, string>();
  for (;;) {
    if (peek(reader) !== QUOTE) throw invalid(reader, 'Expected a key in double quotes');
    const start = reader.position;
    const { token, value: key } = readStringToken(reader);
    if (members.has(key))
      throw new CanonicalError('DUPLICATE_KEY', `The key ${shown(token)} is repeated`, start);
    expect(reader, COLON);
    members.set(key, `${token}:${readValue(reader, depth)}`);
    if (accept(reader, CLOSE_BRACE)) return writeObject(members);
    expect(reader, COMMA);
  }
}

/** A string as its value and as its canonical token. */
function readStringToken(reader: Reader): { value: string; token: string } {
  const start = reader.position;
  const value = readString(reader);
  // Every escape is longer than what it stands for: equal lengths mean that the source is canonical as it is.
  const hasEscapes = reader.position - start !== value.length + 2;
  return { value, token: hasEscapes ? writeString(value) : reader.text.slice(start, reader.position) };
}

function readString(reader: Reader): string {
  reader.position++;
  let value = '';
  for (;;) {
    const run = readRun(reader);
    // The common case, a string of one run, is a slice of the source: no copy.
    value = value === '' ? run : value + run;
    const code = reader.text.charCodeAt(reader.position);
    if (code === QUOTE) {
      reader.position++;
      return value;
    }
    if (code !== BACKSLASH) throw invalid(reader, 'Unterminated string, or a control character in it');
    value += readEscape(reader);
  }
}

/** The characters up to the next quote, backslash, control character or the end. */
function readRun(reader: Reader): string {
  const { text } = reader;
  const start = reader.position;
  let position = start;
  for (; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code === QUOTE || code === BACKSLASH || code < 0x20) break;
  }
  reader.position = position;
  const run = text.slice(start, position);
  if (!reader.isWellFormed && !run.isWellFormed()) throw loneSurrogate(start);
  return run;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function readEscape(reader: Reader): string {
  const start = reader.position;
  const letter = reader.text.charAt(start + 1);
  if (letter === 'u') {
    const first = readUnicodeEscape(reader);
    if (first.isWellFormed()) return first;
    const isPair = reader.text.startsWith('\\u', reader.position);
    const pair = isPair ? first + readUnicodeEscape(reader) : first;
    if (!pair.isWellFormed()) throw loneSurrogate(start);
    return pair;
  }
  const character = SHORT_ESCAPES[letter];
  if (character === undefined) throw invalid(reader, 'Unknown escape');
  reader.position += 2;
  return character;
}

/** The code unit of a `\uXXXX`. */
function readUnicodeEscape(reader: Reader): string {
  const digits = reader.text.slice(reader.position + 2, reader.position + 6);
  if (!/^[\da-fA-F]{4}$/.test(digits)) throw invalid(reader, 'Expected four hexadecimal digits');
  reader.position += 6;
  return String.fromCharCode(Number.parseInt(digits, 16));
}

function readNumber(reader: Reader): string {
  const { text } = reader;
  const start = reader.position;
  let end = start;
  while (isNumberCharacter(text.charCodeAt(end))) end++;
  if (end === start) throw invalid(reader, 'Expected a JSON value');
  reader.position = end;
  return canonicalNumber(text.slice(start, end), start);
}

/** Any character of a number; whether they are in order is for `canonicalNumber` to say. */
function isNumberCharacter(code: number): boolean {
  // 0-9 + - . E e
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x45 ||
    code === 0x65
  );
}

function readWord(reader: Reader, word: 'true' | 'false' | 'null'): string {
  if (!reader.text.startsWith(word, reader.position)) throw invalid(reader, 'Expected a JSON value');
  reader.position += word.length;
  return word;
}

/** Skips white space; the code unit that follows, NaN at the end. */
function peek(reader: Reader): number {
  const { text } = reader;
  let code = text.charCodeAt(reader.position);
  while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
    code = text.charCodeAt(++reader.position);
  }
  return code;
}

function accept(reader: Reader, code: number): boolean {
  if (peek(reader) !== code) return false;
  reader.position++;
  return true;
}

function expect(reader: Reader, code: number): void {
  if (!accept(reader, code)) throw invalid(reader, `Expected "${String.fromCharCode(code)}"`);
}

function invalid(reader: Reader, message: string): CanonicalError {
  return new CanonicalError('INVALID_JSON', message, reader.position);
}

/** A token short enough for a message. */
function shown(token: string): string {
  return token.length <= 60 ? token : `${token.slice(0, 60)}…`;
}
