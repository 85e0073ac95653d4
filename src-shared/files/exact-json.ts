import type { JsonValue } from '../domain';
import { canonicalJson, isCanonicalError, type CanonicalErrorCode } from '../domain/canonical';
import { placeOf, read, type FileProblem, type Reading } from './reading';

/** Strings and numbers of a text that is JSON: what a string holds is no number. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * One JSON value, as it is written: a key given twice, and a number that would change on the way (12345678901234567890 has
 * no double), are refused with their place, where `JSON.parse` changes them silently.
 */
export function readExactJson(text: string): Reading<JsonValue> {
  const problem = canonicalProblem(text) ?? inexactNumber(text);
  if (problem !== null) return refusedAt(text, problem.offset, problem.message);
  const value: JsonValue = JSON.parse(text);
  return read(value);
}

/**
 * What `JSON.parse` would change in a text that it reads: a key given twice, or a number; null where it changes nothing.
 * Depth and half surrogate pairs change nothing, and are for the caller to look at.
 */
export function lossOf(text: string): FileProblem | null {
  const problem = canonicalProblem(text);
  const isLoss = problem !== null && LOSSES.has(problem.code);
  const loss = isLoss ? problem : inexactNumber(text);
  return loss === null ? null : problemAt(text, loss.offset, loss.message);
}

interface Problem {
  readonly code: CanonicalErrorCode;
  readonly message: string;
  readonly offset: number;
}

const LOSSES: ReadonlySet<CanonicalErrorCode> = new Set<CanonicalErrorCode>([
  'DUPLICATE_KEY',
  'NUMBER_OUT_OF_RANGE',
]);

function canonicalProblem(text: string): Problem | null {
  try {
    canonicalJson(text);
    return null;
  } catch (error) {
    if (!isCanonicalError(error)) throw error;
    const { code, offset = 0 } = error;
    return { code, message: `${error.message.replace(/ \(at offset \d+\)$/, '')}.`, offset };
  }
}

function inexactNumber(text: string): Problem | null {
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if (token.startsWith('"') || isExactNumber(token)) continue;
    const message = `the number ${shortened(token)} cannot be kept exactly. Write it as text, in quotes.`;
    return { code: 'NUMBER_OUT_OF_RANGE', message, offset: index };
  }
  return null;
}

function problemAt(text: string, offset: number, message: string): FileProblem {
  const { line, column } = placeOf(text, offset);
  return { line, message: `column ${column}: ${message}` };
}

function refusedAt(text: string, offset: number, message: string): Reading<never> {
  return { ok: false, problem: problemAt(text, offset, message) };
}

function shortened(token: string): string {
  return token.length > 40 ? `${token.slice(0, 40)}…` : token;
}

/** Whether a decimal number is written with the same value once it was a double, which has some 16 digits and ends at 1.8e308. */
export function isExactNumber(lexeme: string): boolean {
  // Almost every number: so few digits are always kept.
  if (/^-?\d{1,15}$/.test(lexeme)) return true;
  const number = Number(lexeme);
  return Number.isFinite(number) && sameDecimal(lexeme, String(number));
}

function sameDecimal(one: string, other: string): boolean {
  const [a, b] = [decimalOf(one), decimalOf(other)];
  return a.digits === b.digits && a.sign === b.sign && (a.digits === '' || a.exponent === b.exponent);
}

/** 0.digits × 10^exponent, without zeros at either end, so that equal numbers are written alike. */
function decimalOf(lexeme: string): { sign: string; digits: string; exponent: bigint } {
  const [mantissa = '', exponent = '0'] = lexeme.toLowerCase().replace(/^[-+]/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const significant = `${whole}${fraction}`.replace(/^0+/, '');
  const leading = whole.length + fraction.length - significant.length;
  const digits = significant.replace(/0+$/, '');
  const sign = lexeme.startsWith('-') && digits !== '' ? '-' : '';
  return { sign, digits, exponent: BigInt(whole.length - leading) + BigInt(exponent) };
}
