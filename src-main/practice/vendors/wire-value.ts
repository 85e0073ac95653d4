/** Narrowing helpers for request bodies: validating untrusted JSON with a schema would slow the hot path. */

import { isRecord } from '../../../src-shared/domain';

export { isRecord };

export type WireRecord = Readonly<Record<string, unknown>>;

/** The value as a record; empty for anything else. */
export function recordOf(value: unknown): WireRecord {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A finite number. Accepts numeric strings, because protobuf JSON writes int64 as a string. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return undefined;
}

/** All three vendors treat an optional parameter of `null` as absent. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The text of a message's content: a string, or parts that carry `text`. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  let text = '';
  for (const part of listOf(content)) {
    const piece = typeof part === 'string' ? part : textOf(recordOf(part)['text']);
    if (piece !== undefined) text += text === '' ? piece : `\n${piece}`;
  }
  return text;
}

/** Characters of JSON in a request that are input too: tool definitions, calls in its history. */
export function jsonChars(value: unknown): number {
  return value === undefined || (Array.isArray(value) && value.length === 0)
    ? 0
    : JSON.stringify(value).length;
}

/** The first key of `record` that is not in `known`, if any. */
export function unknownKey(record: WireRecord, known: ReadonlySet<string>): string | undefined {
  for (const key in record) if (!known.has(key)) return key;
  return undefined;
}
