import type { FinishReason, JsonObject, JsonValue } from '../../../src-shared/domain';
import type { AnswerPart, StoredAnswer } from '../../ports';
import {
  asCount,
  asList,
  asObject,
  asObjects,
  asText,
  asWord,
  finishReasonOf,
  headerValue,
  isObject,
  omitNulls,
  requestIdOf,
} from '../http';
import type { Assembled, Dialect, JsonEvent, Reading } from '../http';
import { responsesGrounding } from './grounding';
import { responsesBilling, responsesUsage } from './usage';

/** The Responses API (docs/providers.md#openai-responses). */
export const responsesDialect: Dialect = { assemble, read, ownError };

/** A 200, or a stream's last event, may carry `status: failed`. */
function ownError(json: JsonObject): JsonObject | null {
  const response = isObject(json['response']) ? json['response'] : json;
  if (response['status'] !== 'failed') return null;
  return { error: isObject(response['error']) ? response['error'] : { message: 'The response failed.' } };
}

function read(json: JsonObject, answer: StoredAnswer): Reading | null {
  if (!Array.isArray(json['output'])) return null;
  const items = asObjects(json['output']);
  const messages = items.filter((item) => item['type'] === 'message');
  const parts = messages.flatMap((item) => asObjects(item['content']));
  const answerParts = messages
    .filter((item) => !isCommentary(item))
    .flatMap((item) => asObjects(item['content']));
  const texts = answerParts
    .filter((part) => part['type'] === 'output_text')
    .map((part) => asText(part['text']) ?? '');
  const refusal = parts
    .map((part) => (part['type'] === 'refusal' ? asText(part['refusal']) : null))
    .find((text) => text !== null);
  return {
    outputText: texts.length > 0 ? texts.join('') : null,
    parts: partsOf(items, parts),
    finishReason: finish(json, items, refusal !== undefined),
    said: refusal ?? null,
    category: null,
    usage: responsesUsage(json, items),
    billing: responsesBilling(json, items),
    evidence: {
      requested_model: answer.requestedModel,
      echoed_model: asWord(json['model']),
      system_fingerprint: asWord(json['system_fingerprint']),
      extra: openAiExtra(json, 'created_at', answer),
    },
    grounding: responsesGrounding(items, answerParts),
  };
}

/** A model's remarks between its steps are not part of its answer: they stay in the stored bytes. */
function isCommentary(item: JsonObject): boolean {
  return item['phase'] === 'commentary';
}

const CALLS: ReadonlySet<JsonValue | undefined> = new Set(['function_call', 'custom_tool_call']);

function partsOf(items: readonly JsonObject[], content: readonly JsonObject[]): AnswerPart[] {
  const parts: AnswerPart[] = [];
  if (items.some(({ type }) => CALLS.has(type))) parts.push('tool_call');
  if (items.some(({ type }) => type === 'reasoning')) parts.push('reasoning');
  if (
    items.some(({ type }) => type === 'image_generation_call') ||
    content.some(({ type }) => type === 'output_image' || type === 'output_audio')
  )
    parts.push('media');
  return parts;
}

/** Further evidence of the version, for both OpenAI APIs. */
export function openAiExtra(json: JsonObject, createdField: string, answer: StoredAnswer): JsonObject {
  return omitNulls({
    response_id: asWord(json['id']),
    created: asCount(json[createdField]),
    service_tier: asWord(json['service_tier']),
    request_id: requestIdOf(answer.headers),
    openai_version: headerValue(answer.headers, 'openai-version'),
    openai_processing_ms: headerValue(answer.headers, 'openai-processing-ms'),
    region: headerValue(answer.headers, 'x-ms-region'),
  });
}

function finish(json: JsonObject, items: readonly JsonObject[], refused: boolean): FinishReason | null {
  const status = asWord(json['status']);
  if (status === null) return null;
  if (refused) return { unified: 'filtered', raw: 'refusal' };
  const reason = asWord(asObject(json['incomplete_details'])['reason']);
  if (reason !== null) return finishReasonOf(reason);
  // The response may be "completed" although its message is not.
  if (items.some((item) => item['type'] === 'message' && item['status'] === 'incomplete'))
    return finishReasonOf('incomplete');
  const isCall = status === 'completed' && items.some(({ type }) => CALLS.has(type));
  return isCall ? { unified: 'tool', raw: status } : finishReasonOf(status);
}

const FINAL_EVENTS: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

function assemble(events: readonly JsonEvent[]): Assembled {
  let base: JsonObject | null = null;
  const items = new Map<number, JsonObject>();
  const written = new Map<number, PartialItem>();
  for (const { name, json } of events) {
    const type = asWord(json['type']) ?? name ?? '';
    const response = json['response'];
    if (isObject(response)) base = response;
    if (FINAL_EVENTS.has(type) && isObject(response)) {
      // Some servers omit the streamed items from the final object.
      const isBare = asList(response['output']).length === 0 && items.size + written.size > 0;
      return { json: isBare ? partial(response, items, written) : response, end: 'final' };
    }
    const index = asCount(json['output_index']) ?? 0;
    if (isObject(json['item'])) items.set(index, json['item']);
    const { text, refusal } = written.get(index) ?? { text: '', refusal: '' };
    const more = asText(json['delta']) ?? '';
    if (type === 'response.output_text.delta') written.set(index, { text: text + more, refusal });
    if (type === 'response.refusal.delta') written.set(index, { text, refusal: refusal + more });
  }
  return { json: partial(base, items, written), end: 'open' };
}

/** What an item's events have brought so far. */
interface PartialItem {
  readonly text: string;
  readonly refusal: string;
}

/** What a broken-off stream had brought: finished items, and the text or refusal being written. */
function partial(
  base: JsonObject | null,
  items: ReadonlyMap<number, JsonObject>,
  written: ReadonlyMap<number, PartialItem>,
): JsonObject | null {
  if (base === null) return null;
  const indexes = [...new Set([...items.keys(), ...written.keys()])].toSorted((a, b) => a - b);
  const output = indexes.map((index): JsonObject => {
    const item = items.get(index) ?? { type: 'message', role: 'assistant' };
    const parts = written.get(index);
    if (parts === undefined || asList(item['content']).length > 0) return item;
    const content: JsonObject[] = [];
    if (parts.text !== '') content.push({ type: 'output_text', text: parts.text, annotations: [] });
    if (parts.refusal !== '') content.push({ type: 'refusal', refusal: parts.refusal });
    return { ...item, content };
  });
  return { ...base, output };
}

/** Creates a reader of one stream's output text. An item says at its start whether it is commentary. */
export function responsesTextReader(): (event: JsonEvent) => string | null {
  const commentary = new Set<number>();
  return ({ json }) => {
    const index = asCount(json['output_index']) ?? 0;
    if (isCommentary(asObject(json['item']))) commentary.add(index);
    const isAnswer = json['type'] === 'response.output_text.delta' && !commentary.has(index);
    return isAnswer ? asText(json['delta']) : null;
  };
}
