import { Script } from 'node:vm';

const LONGEST_TEXT = 10_000;

/**
 * A text that matches a regular expression, for JSON Schema `pattern`. Supports literals, escapes, classes, groups,
 * alternation and quantifiers. Look-around and back-references are ignored, so the result is checked against the
 * pattern.
 */
export function sampleOfPattern(pattern: string, minLength: number): string | undefined {
  const key = `${minLength}:${pattern}`;
  if (!samples.has(key)) {
    if (samples.size >= SAMPLES_LIMIT) samples.clear();
    samples.set(key, findSample(pattern, minLength));
  }
  return samples.get(key);
}

// The check needs a VM context, and batches ask for the same pattern over and over.
const SAMPLES_LIMIT = 1_000;
const samples = new Map<string, string | undefined>();

function findSample(pattern: string, minLength: number): string | undefined {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
  // Repeats optional parts more often until the text is long enough.
  for (const extra of [0, 1, 2, 4, 8, 16, 32, 64, 256]) {
    const text = readAlternatives({ source: pattern, at: 0, extra });
    if (text.length < minLength) continue;
    const matches = matchesInTime(expression, text);
    if (matches === undefined) return undefined;
    if (matches) return text;
  }
  return undefined;
}

const check = new Script('expression.test(text)');

/** Runs in a VM context that can be stopped, since a pattern may backtrack forever. Undefined if it was. */
function matchesInTime(expression: RegExp, text: string): boolean | undefined {
  try {
    return check.runInNewContext({ expression, text }, { timeout: 100 }) === true;
  } catch {
    return undefined;
  }
}

interface Cursor {
  readonly source: string;
  at: number;
  /** Repetitions beyond the quantifier's minimum. */
  readonly extra: number;
}

/** Reads to the end or the closing parenthesis; returns the first alternative. */
function readAlternatives(cursor: Cursor): string {
  const first = readSequence(cursor);
  while (cursor.source[cursor.at] === '|') {
    cursor.at += 1;
    readSequence(cursor);
  }
  return first;
}

function readSequence(cursor: Cursor): string {
  let text = '';
  while (cursor.at < cursor.source.length) {
    const char = cursor.source[cursor.at];
    if (char === '|' || char === ')') break;
    const atom = readAtom(cursor);
    const times = readQuantifier(cursor);
    text += atom.repeat(Math.min(times, Math.floor(LONGEST_TEXT / Math.max(1, atom.length))));
    if (text.length > LONGEST_TEXT) break;
  }
  return text;
}

function readAtom(cursor: Cursor): string {
  const char = cursor.source[cursor.at] ?? '';
  cursor.at += 1;
  if (char === '^' || char === '$') return '';
  if (char === '.') return 'a';
  if (char === '\\') return readEscape(cursor);
  if (char === '[') return readClass(cursor);
  if (char === '(') {
    const isLookAround = /^\?<?[=!]/.test(cursor.source.slice(cursor.at, cursor.at + 3));
    const opening = /^\?(?::|<?[=!]|<[^>]*>)/.exec(cursor.source.slice(cursor.at));
    cursor.at += opening?.[0].length ?? 0;
    const inner = readAlternatives(cursor);
    cursor.at += 1;
    return isLookAround ? '' : inner;
  }
  return char;
}

const CLASS_SAMPLES: Readonly<Record<string, string>> = {
  d: '7', w: 'a', s: ' ', D: 'a', W: '-', S: 'a', n: '\n', t: '\t', r: '\r', b: '', B: '',
}; // prettier-ignore

function readEscape(cursor: Cursor): string {
  const char = cursor.source[cursor.at] ?? '';
  cursor.at += 1;
  if (char === 'p' || char === 'P') {
    const property = /^\{[^}]*\}/.exec(cursor.source.slice(cursor.at))?.[0] ?? '';
    cursor.at += property.length;
    return firstMatching(`\\${char}${property}`);
  }
  if (char === 'u' || char === 'x') {
    const digits = /^(?:\{([0-9a-f]+)\}|([0-9a-f]{2}(?:[0-9a-f]{2})?))/i.exec(cursor.source.slice(cursor.at));
    const hex = digits?.[1] ?? digits?.[2]?.slice(0, char === 'u' ? 4 : 2);
    cursor.at += digits?.[1] === undefined ? (hex?.length ?? 0) : digits[0].length;
    return hex === undefined ? '' : String.fromCodePoint(Number.parseInt(hex, 16));
  }
  return CLASS_SAMPLES[char] ?? char;
}

/** Finds the end of `[…]` and tries likely characters against the class. */
function readClass(cursor: Cursor): string {
  const start = cursor.at - 1;
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== ']') {
    cursor.at += cursor.source[cursor.at] === '\\' ? 2 : 1;
  }
  cursor.at += 1;
  return firstMatching(cursor.source.slice(start, cursor.at));
}

function firstMatching(characterClass: string): string {
  const expression = new RegExp(`^${characterClass}$`, 'u');
  for (const candidate of ['a', 'A', '7', '1', '-', '_', ' ', '.'])
    if (expression.test(candidate)) return candidate;
  for (let code = 33; code < 0xd800; code += 1) {
    const candidate = String.fromCharCode(code);
    if (expression.test(candidate)) return candidate;
  }
  return '';
}

function readQuantifier(cursor: Cursor): number {
  const match = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(cursor.source.slice(cursor.at));
  if (match === null) return 1;
  cursor.at += match[0].length;
  const [text, low, comma, high] = match;
  if (text.startsWith('?')) return Math.min(1, cursor.extra);
  if (text.startsWith('*')) return cursor.extra;
  if (text.startsWith('+')) return 1 + cursor.extra;
  const least = Number(low);
  if (comma === undefined) return least;
  return Math.min(least + cursor.extra, high === '' || high === undefined ? Infinity : Number(high));
}
