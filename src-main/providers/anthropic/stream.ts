import type { JsonObject, JsonValue } from '../../../src-shared/domain';
import {
  asCount,
  asObject,
  asObjects,
  asText,
  asWord,
  mergeUsage,
  decisiveReason,
  isObject,
  readJson,
  withoutNulls,
} from '../http';
import type { Assembled, JsonEvent } from '../http';

/** Assembles a message from its events (docs/providers.md#streams). */
export function assembleMessage(events: readonly JsonEvent[]): Assembled {
  let message: JsonObject | null = null;
  let usage: JsonObject = {};
  let end: Assembled['end'] = 'open';
  const blocks = new Map<number, JsonObject>();
  const partialInputs = new Map<number, string>();
  for (const { name, json } of events) {
    const type = asWord(json['type']) ?? name ?? '';
    const index = asCount(json['index']) ?? 0;
    if (type === 'message_start' && isObject(json['message'])) {
      message = json['message'];
      usage = asObject(message['usage']);
    } else if (type === 'content_block_start') {
      blocks.set(index, asObject(json['content_block']));
    } else if (type === 'content_block_delta') {
      const delta = asObject(json['delta']);
      if (delta['type'] === 'input_json_delta') {
        partialInputs.set(index, (partialInputs.get(index) ?? '') + (asText(delta['partial_json']) ?? ''));
      } else blocks.set(index, withDelta(blocks.get(index) ?? {}, delta));
    } else if (type === 'message_delta') {
      // Cumulative; a field that it omits keeps its value from message_start.
      usage = mergeUsage(usage, withoutNulls(asObject(json['usage'])));
      const before = asWord(asObject(message)['stop_reason']);
      message = { ...asObject(message), ...withoutNulls(asObject(json['delta'])) };
      message['stop_reason'] = decisiveReason(before, asWord(message['stop_reason']));
      if (asWord(message['stop_reason']) !== null) end = 'finished';
    } else if (type === 'message_stop') end = 'final';
  }
  if (message === null) return { json: null, end: end === 'final' ? 'open' : end };
  const content = [...blocks.entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([index, block]) => withInput(block, partialInputs.get(index)));
  return { json: { ...message, content, usage }, end };
}

function withDelta(block: JsonObject, delta: JsonObject): JsonObject {
  switch (delta['type']) {
    case 'text_delta':
      return { type: 'text', ...block, text: joined(block['text'], delta['text']) };
    case 'thinking_delta':
      return { type: 'thinking', ...block, thinking: joined(block['thinking'], delta['thinking']) };
    case 'signature_delta':
      return { ...block, signature: joined(block['signature'], delta['signature']) };
    case 'citations_delta':
      return { ...block, citations: [...asObjects(block['citations']), asObject(delta['citation'])] };
    default:
      return block;
  }
}

function joined(before: JsonValue | undefined, more: JsonValue | undefined): string {
  return (asText(before) ?? '') + (asText(more) ?? '');
}

/** A tool's input arrives as fragments of JSON; an incomplete one is kept as text. */
function withInput(block: JsonObject, text: string | undefined): JsonObject {
  if (text === undefined || text === '') return block;
  const input = readJson(text);
  return { ...block, input: input.ok ? input.value : text };
}

/** One event's output text. */
export function messageText({ json }: JsonEvent): string | null {
  const delta = asObject(json['delta']);
  return delta['type'] === 'text_delta' ? asText(delta['text']) : null;
}
