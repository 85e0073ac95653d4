import type { JsonValue } from '../../../src-shared/domain';
import { isObject, type Maybe } from './json-read';

/**
 * A call's arguments as text: as the provider wrote it. Where it sends an object instead, its JSON with sorted keys, so
 * that a streamed answer, which may come in another order, gives the same text. Numbers are not canonical here: what the
 * model wrote is shown, and only the hash rounds them (docs/canonical.md#answers-that-call-tools).
 */
export function argumentsText(value: Maybe): string {
  if (typeof value === 'string') return value.toWellFormed();
  return value === undefined || value === null ? '' : sortedJson(value);
}

/** `readJson` has limited the depth. */
function sortedJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${sortedJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

/**
 * Thinking text. `texts` that follow each other are pieces of one, as a stream cuts them; null stands for something else
 * between them, which starts a new paragraph.
 */
export function joinThinking(texts: readonly (string | null)[]): string | null {
  const paragraphs: string[] = [];
  let paragraph = '';
  for (const text of [...texts, null]) {
    if (text !== null) paragraph += text;
    else {
      if (paragraph !== '') paragraphs.push(paragraph);
      paragraph = '';
    }
  }
  return paragraphs.length === 0 ? null : paragraphs.join('\n\n').toWellFormed();
}
