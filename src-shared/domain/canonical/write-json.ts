import { CanonicalError } from './canonical-error';
import { canonicalNumberOf } from './numbers';

/** Arrays and objects nest this deep at most (docs/canonical.md#json). It also bounds the recursion here. */
export const MAX_DEPTH = 128;

/** Nothing to escape and no surrogate: true of almost every key, and twice as fast as asking `JSON.stringify`. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/**
 * A JSON string as JCS writes it (RFC 8785, section 3.2.2.2), which is how ECMAScript's `JSON.stringify`
 * writes any well-formed string: short escapes where they exist, `\u00xx` in lower case, all else as it is.
 */
export function writeString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw loneSurrogate();
  return JSON.stringify(value);
}

/** An object of which each key maps to its whole member, `"key":value`. Keys sort by UTF-16 code units. */
export function writeObject(members: ReadonlyMap<string, string>): string {
  const keys = [...members.keys()];
  const sorted = isSorted(keys) ? [...members.values()] : keys.toSorted().map((key) => members.get(key));
  return `{${sorted.join(',')}}`;
}

/** What is hashed has often been canonical before, and looking is much cheaper than sorting. */
function isSorted(keys: readonly string[]): boolean {
  let previous = '';
  for (const key of keys) {
    if (key < previous) return false;
    previous = key;
  }
  return true;
}

/**
 * The canonical JSON of a JavaScript value made of plain objects, arrays, strings, finite numbers, booleans
 * and null. Anything else is refused, never skipped: `undefined`, a `Date`, a class instance, a cycle.
 */
export function canonicalJsonOfValue(value: unknown): string {
  return writeValue(value, 0);
}

function writeValue(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      return canonicalNumberOf(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === MAX_DEPTH) throw tooDeep();
      if (Array.isArray(value)) return writeArrayValue(value, depth + 1);
      if (isPlainObject(value)) return writeObjectValue(value, depth + 1);
      throw new CanonicalError('INVALID_JSON', 'Not a JSON value: an object of a class');
    default:
      throw new CanonicalError('INVALID_JSON', `Not a JSON value: ${typeof value}`);
  }
}

function writeArrayValue(elements: readonly unknown[], depth: number): string {
  let text = '[';
  // By index: a hole is an `undefined` to refuse, not an element to skip.
  for (let index = 0; index < elements.length; index++) {
    if (index > 0) text += ',';
    text += writeValue(elements[index], depth);
  }
  return `${text}]`;
}

function writeObjectValue(object: Readonly<Record<string, unknown>>, depth: number): string {
  let text = '{';
  const keys = Object.keys(object);
  for (const key of isSorted(keys) ? keys : keys.toSorted()) {
    if (text.length > 1) text += ',';
    text += `${writeString(key)}:${writeValue(object[key], depth)}`;
  }
  return `${text}}`;
}

/** An object literal or the like, of any realm: its prototype is null or the end of the chain. */
function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function tooDeep(offset?: number): CanonicalError {
  return new CanonicalError('TOO_DEEP', `Nested more than ${MAX_DEPTH} deep`, offset);
}

export function loneSurrogate(offset?: number): CanonicalError {
  return new CanonicalError('LONE_SURROGATE', 'A string with half a surrogate pair', offset);
}
