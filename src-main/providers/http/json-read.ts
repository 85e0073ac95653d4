import type { JsonObject, JsonValue } from '../../../src-shared/domain';

/** Narrowing for answers: a field that is missing or of another type is null, never an exception. */

export type Maybe = JsonValue | undefined;

const NOTHING: JsonObject = Object.freeze({});

export function isObject(value: Maybe): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; anything else is an empty one. */
export function asObject(value: Maybe): JsonObject {
  return isObject(value) ? value : NOTHING;
}

export function asList(value: Maybe): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list; other items are left out. */
export function asObjects(value: Maybe): JsonObject[] {
  return asList(value).filter(isObject);
}

export function asText(value: Maybe): string | null {
  return typeof value === 'string' ? value : null;
}

/** A text that is not empty, as it can be kept: half a surrogate pair has no UTF-8 and no canonical JSON. */
export function asWord(value: Maybe): string | null {
  return typeof value === 'string' && value !== '' ? value.toWellFormed() : null;
}

/** A token count: a safe integer, not negative. Protobuf JSON may write it as a string. */
export function asCount(value: Maybe): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/**
 * The usage of a stream so far with what a later event says of it. Its counts only grow, so a smaller one (servers that
 * fill in zeros) takes nothing back.
 */
export function grownUsage(before: JsonObject, later: JsonObject): JsonObject {
  const grown: JsonObject = { ...before };
  for (const [name, value] of Object.entries(later)) {
    const known = before[name];
    if (isObject(known) && isObject(value)) grown[name] = grownUsage(known, value);
    else if (value !== null && (asCount(known) ?? -1) <= (asCount(value) ?? Infinity)) grown[name] = value;
  }
  return grown;
}

/** The sum of counts where at least the first is known; unknown parts add nothing. */
export function addCounts(first: number | null, ...others: (number | null)[]): number | null {
  if (first === null) return null;
  return others.reduce<number>((sum, other) => sum + (other ?? 0), first);
}

/** Only the entries that are known. */
export function knownOnly(entries: Readonly<Record<string, Maybe>>): JsonObject {
  const known: JsonObject = {};
  for (const key in entries) {
    const value = entries[key];
    if (value !== null && value !== undefined) known[key] = value;
  }
  return known;
}

/** A null in a later piece of an answer takes nothing back that an earlier one said. */
export function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
