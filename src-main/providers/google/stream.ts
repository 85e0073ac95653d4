import type { JsonObject, JsonValue } from '../../../src-shared/domain';
import { asCount, asObject, asObjects, asText, asWord, isObject } from '../http';
import type { Assembled, JsonEvent } from '../http';

/** Puts an answer together from partial ones: text is joined, of everything else the last word holds. */
export function assembleContent(events: readonly JsonEvent[]): Assembled {
  let whole: JsonObject | null = null;
  let candidate: JsonObject | null = null;
  let parts: JsonObject[] = [];
  let end: Assembled['end'] = 'open';
  let error: JsonValue | null = null;
  for (const { json } of events) {
    if (isObject(json['error'])) {
      error = json;
      break;
    }
    const { candidates, ...rest } = json;
    whole = { ...asObject(whole), ...rest };
    const piece = asObjects(candidates).find((item) => (asCount(item['index']) ?? 0) === 0);
    if (
      isObject(asObject(json['promptFeedback'])) &&
      asWord(asObject(json['promptFeedback'])['blockReason']) !== null
    )
      end = 'finished';
    if (piece === undefined) continue;
    parts = joinParts(parts, asObjects(asObject(piece['content'])['parts']));
    candidate = mergeCandidate(candidate, piece);
    if (asWord(piece['finishReason']) !== null) end = 'finished';
  }
  if (whole === null) return { json: null, end, error };
  if (candidate === null) return { json: whole, end, error };
  const role = asWord(asObject(candidate['content'])['role']) ?? 'model';
  return { json: { candidates: [{ ...candidate, content: { role, parts } }], ...whole }, end, error };
}

/** Neighbouring pieces of plain text, or of thought, are one part in the end. */
function joinParts(before: readonly JsonObject[], more: readonly JsonObject[]): JsonObject[] {
  const joined = [...before];
  for (const part of more) {
    const last = joined.at(-1);
    const text = asText(part['text']);
    const isPlain = text !== null && Object.keys(part).every((key) => key === 'text' || key === 'thought');
    if (
      isPlain &&
      last !== undefined &&
      asText(last['text']) !== null &&
      last['thought'] === part['thought']
    ) {
      joined[joined.length - 1] = { ...last, text: `${asText(last['text']) ?? ''}${text}` };
    } else joined.push(part);
  }
  return joined;
}

/** Grounding may come in pieces: its lists grow, its other fields are replaced. */
function mergeCandidate(before: JsonObject | null, piece: JsonObject): JsonObject {
  const merged: JsonObject = { ...before, ...piece };
  const earlier = before?.['groundingMetadata'];
  const later = piece['groundingMetadata'];
  if (isObject(earlier)) merged['groundingMetadata'] = isObject(later) ? { ...earlier, ...later } : earlier;
  return merged;
}

/** The output text in one event of a stream. */
export function contentText({ json }: JsonEvent): string | null {
  const parts = asObjects(asObject(asObjects(json['candidates'])[0]?.['content'])['parts']);
  const texts = parts
    .filter((part) => part['thought'] !== true)
    .flatMap((part) => asText(part['text']) ?? []);
  return texts.length > 0 ? texts.join('') : null;
}
