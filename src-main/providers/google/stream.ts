import type { JsonObject } from '../../../src-shared/domain';
import {
  asCount,
  asObject,
  asObjects,
  asText,
  asWord,
  mergeUsage,
  decisiveReason,
  isObject,
  withoutNulls,
} from '../http';
import type { Assembled, JsonEvent } from '../http';

/** Requests ask for one candidate only. */
export function firstCandidate(json: JsonObject): JsonObject | undefined {
  return asObjects(json['candidates']).find((item) => (asCount(item['index']) ?? 0) === 0);
}

/** Assembles an answer from partial ones: text is joined, other fields keep their last value. */
export function assembleContent(events: readonly JsonEvent[]): Assembled {
  let whole: JsonObject | null = null;
  let candidate: JsonObject | null = null;
  let hasCandidates = false;
  let parts: JsonObject[] = [];
  let end: Assembled['end'] = 'open';
  for (const { json } of events) {
    const { candidates, ...rest } = json;
    const usage = mergeUsage(asObject(whole?.['usageMetadata']), asObject(json['usageMetadata']));
    whole = { ...asObject(whole), ...withoutNulls(rest) };
    if (isObject(json['usageMetadata'])) whole['usageMetadata'] = usage;
    hasCandidates ||= Array.isArray(candidates);
    if (asWord(asObject(json['promptFeedback'])['blockReason']) !== null) end = 'finished';
    const piece = firstCandidate(json);
    if (piece === undefined) continue;
    parts = joinParts(parts, asObjects(asObject(piece['content'])['parts']));
    candidate = mergeCandidate(candidate, withoutNulls(piece));
    if (asWord(piece['finishReason']) !== null) end = 'finished';
  }
  if (whole === null || !hasCandidates) return { json: whole, end };
  if (candidate === null) return { json: { candidates: [], ...whole }, end };
  const role = asWord(asObject(candidate['content'])['role']) ?? 'model';
  return { json: { candidates: [{ ...candidate, content: { role, parts } }], ...whole }, end };
}

/** Adjacent pieces of plain text, or of thought, form one part. */
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

/** Grounding may arrive in pieces: a field of a later piece, list or not, replaces the earlier one. */
function mergeCandidate(before: JsonObject | null, piece: JsonObject): JsonObject {
  const merged: JsonObject = { ...before, ...piece };
  const reason = decisiveReason(asWord(before?.['finishReason']), asWord(piece['finishReason']));
  if (reason !== null) merged['finishReason'] = reason;
  const earlier = before?.['groundingMetadata'];
  const later = piece['groundingMetadata'];
  if (isObject(earlier)) merged['groundingMetadata'] = isObject(later) ? { ...earlier, ...later } : earlier;
  return merged;
}

/** One event's output text. */
export function contentText({ json }: JsonEvent): string | null {
  const parts = asObjects(asObject(firstCandidate(json)?.['content'])['parts']);
  const texts = parts
    .filter((part) => part['thought'] !== true)
    .flatMap((part) => asText(part['text']) ?? []);
  return texts.length > 0 ? texts.join('') : null;
}
