import type { FinishReason, JsonObject, JsonValue, RunToolCall } from '../../../src-shared/domain';
import type { AnswerPart, StoredAnswer } from '../../ports';
import {
  argumentsText,
  asCount,
  asObject,
  asObjects,
  asText,
  asWord,
  finishReasonOf,
  headerValue,
  isObject,
  joinThinking,
  omitNulls,
  requestIdOf,
} from '../http';
import type { Dialect, JsonEvent, Reading } from '../http';
import { responsesGrounding } from './grounding';
import { assembleResponse } from './responses-stream';
import { responsesBilling, responsesUsage } from './usage';

/** The Responses API (docs/providers.md#openai-responses). */
export const responsesDialect: Dialect = { assemble: assembleResponse, read, ownError };

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
    toolCalls: items.filter(({ type }) => CALLS.has(type)).map(toolCallOf),
    thinkingText: thinkingOf(items),
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

/** A custom tool takes a text, `input`, in place of arguments. */
function toolCallOf(item: JsonObject): RunToolCall {
  return {
    id: asWord(item['call_id']) ?? asWord(item['id']),
    name: asWord(item['name']) ?? '',
    arguments: argumentsText(item['arguments'] ?? item['input']),
  };
}

/** Open models show what they thought, in `content`; OpenAI's show at most a summary of it. */
function thinkingOf(items: readonly JsonObject[]): string | null {
  const texts = items
    .filter(({ type }) => type === 'reasoning')
    .flatMap((item) => {
      const content = asObjects(item['content']);
      return content.length > 0 ? content : asObjects(item['summary']);
    })
    .flatMap((part) => [asText(part['text']), null]);
  return joinThinking(texts);
}

function partsOf(items: readonly JsonObject[], content: readonly JsonObject[]): AnswerPart[] {
  const parts: AnswerPart[] = [];
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
