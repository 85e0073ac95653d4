import type { JsonObject, JsonValue } from '../../../src-shared/domain';

/** Narrowing for answers: a field that is missing or of another type is null, never an exception. */

export type Maybe = JsonValue | undefined;

const NOTHING: JsonObject = Object.freeze({});

export function isObject(value: Maybe): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; empty for anything else. */
export function asObject(value: Maybe): JsonObject {
  return isObject(value) ? value : NOTHING;
}

export function asList(value: Maybe): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The objects in a list; other items are skipped. */
export function asObjects(value: Maybe): JsonObject[] {
  return asList(value).filter(isObject);
}

export function asText(value: Maybe): string | null {
  return typeof value === 'string' ? value : null;
}

/** A non-empty text that can be stored: a lone surrogate has neither UTF-8 nor canonical JSON. */
export function asWord(value: Maybe): string | null {
  return typeof value === 'string' && value !== '' ? value.toWellFormed() : null;
}

/** A token count: a non-negative safe integer. Protobuf JSON may write it as a string. */
export function asCount(value: Maybe): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/**
 * Merges a later event's usage into a stream's usage so far. Counts only grow, so a smaller one (some servers fill in
 * zeros) is ignored.
 */
export function mergeUsage(before: JsonObject, later: JsonObject): JsonObject {
  const grown: JsonObject = { ...before };
  for (const [name, value] of Object.entries(later)) {
    const known = before[name];
    if (isObject(known) && isObject(value)) grown[name] = mergeUsage(known, value);
    else if (value !== null && (asCount(known) ?? -1) <= (asCount(value) ?? Infinity)) grown[name] = value;
  }
  return grown;
}

/** The sum, provided that the first count is known; other unknown counts add nothing. */
export function addCounts(first: number | null, ...others: (number | null)[]): number | null {
  if (first === null) return null;
  return others.reduce<number>((sum, other) => sum + (other ?? 0), first);
}

export function omitNulls(entries: Readonly<Record<string, Maybe>>): JsonObject {
  const known: JsonObject = {};
  for (const key in entries) {
    const value = entries[key];
    if (value !== null && value !== undefined) known[key] = value;
  }
  return known;
}

/** A null in a later piece of an answer must not erase an earlier value. */
export function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
