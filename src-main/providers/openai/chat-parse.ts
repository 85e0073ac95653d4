import type { FinishReason, JsonObject, JsonValue } from '../../../src-shared/domain';
import type { AnswerPart, StoredAnswer } from '../../ports';
import {
  asCount,
  asObject,
  asObjects,
  asText,
  asWord,
  finishReasonOf,
  joinThinking,
  mergeUsage,
  decisiveReason,
  isObject,
} from '../http';
import type { Assembled, Dialect, JsonEvent, Reading } from '../http';
import {
  finishedCalls,
  joinFunction,
  toolCallsOf,
  withToolCallPiece,
  type PartialCall,
} from './chat-tool-calls';
import { chatGrounding } from './grounding';
import { openAiExtra } from './responses-parse';
import { chatBilling, chatUsage } from './usage';

/** Chat completions, at OpenAI and compatible servers (docs/providers.md#openai-chat-completions). */
export const chatDialect: Dialect = { assemble, read };

function read(json: JsonObject, answer: StoredAnswer): Reading | null {
  if (!Array.isArray(json['choices'])) return null;
  const choice = asObject(firstChoice(json));
  const message = asObject(choice['message']);
  const refusal = asWord(message['refusal']) ?? refusalPart(message['content']);
  return {
    outputText: contentText(message['content']),
    toolCalls: toolCallsOf(message),
    thinkingText: thinkingOf(message),
    parts: partsOf(message),
    finishReason: finish(choice, message, refusal !== null),
    said: refusal,
    category: null,
    usage: chatUsage(json),
    billing: chatBilling(json),
    evidence: {
      requested_model: answer.requestedModel,
      echoed_model: asWord(json['model']),
      system_fingerprint: asWord(json['system_fingerprint']),
      extra: openAiExtra(json, 'created', answer),
    },
    grounding: chatGrounding(message),
  };
}

/** Requests ask for one choice only. Streams give its index in every chunk. */
function firstChoice(json: JsonObject): JsonObject | undefined {
  return asObjects(json['choices']).find((item) => (asCount(item['index']) ?? 0) === 0);
}

/** A text, or the text parts of a list. */
function contentText(content: JsonValue | undefined): string | null {
  if (typeof content === 'string') return content;
  const texts = contentParts(content)
    .filter(isTextPart)
    .map((part) => asText(part['text']))
    .filter((text) => text !== null);
  return texts.length > 0 ? texts.join('') : null;
}

/** Some servers put a refusal in a content part, like the Responses API. */
function refusalPart(content: JsonValue | undefined): string | null {
  const part = contentParts(content).find(({ type }) => type === 'refusal');
  return part === undefined
    ? null
    : (asWord(part['refusal']) ?? asWord(part['text']) ?? 'The model refused.');
}

function contentParts(content: JsonValue | undefined): JsonObject[] {
  return isObject(content) ? [content] : asObjects(content);
}

/** Thinking and images are parts too, but not output. */
function isTextPart({ type }: JsonObject): boolean {
  return type === undefined || type === null || type === 'text' || type === 'output_text';
}

function isThinkingPart({ type }: JsonObject): boolean {
  return type === 'thinking' || type === 'reasoning';
}

/** Compatible servers put it in a field, of several names, or in parts of the content. Where they send it twice, once. */
function thinkingOf(message: JsonObject): string | null {
  const field = THINKING_FIELDS.find((name) => asWord(message[name]) !== null);
  if (field !== undefined) return joinThinking([asText(message[field])]);
  return joinThinking(
    contentParts(message['content']).map((part) =>
      isThinkingPart(part) ? (contentText(part['thinking']) ?? asText(part['text'])) : null,
    ),
  );
}

const THINKING_FIELDS = ['reasoning_content', 'reasoning', 'thinking'];

function partsOf(message: JsonObject): AnswerPart[] {
  const others = contentParts(message['content']).filter((part) => !isTextPart(part));
  const parts: AnswerPart[] = [];
  if (thinkingOf(message) !== null || others.some(isThinkingPart)) parts.push('reasoning');
  if (isObject(message['audio']) || others.some((part) => !isThinkingPart(part))) parts.push('media');
  return parts;
}

function finish(choice: JsonObject, message: JsonObject, refused: boolean): FinishReason | null {
  const raw = asWord(choice['finish_reason']);
  if (refused) return { unified: 'filtered', raw: raw ?? 'refusal' };
  if (raw === null) return null;
  // Some servers end with `stop` although they call a tool.
  if (raw === 'stop' && toolCallsOf(message).length > 0) return { unified: 'tool', raw };
  return finishReasonOf(raw);
}

function assemble(events: readonly JsonEvent[]): Assembled {
  const head: JsonObject = {};
  const message: JsonObject = { role: 'assistant', content: null };
  let annotations: JsonObject[] = [];
  let calls: PartialCall[] = [];
  let finishReason: string | null = null;
  let isAnswer = false;
  let end: Assembled['end'] = 'open';
  for (const { name, json } of events) {
    if (name === '[DONE]') {
      end = 'final';
      continue;
    }
    isAnswer ||= Array.isArray(json['choices']);
    mergeHead(head, json);
    const choice = firstChoice(json);
    if (choice === undefined) continue;
    const isWhole = !isObject(choice['delta']) && isObject(choice['message']);
    const delta = asObject(isWhole ? choice['message'] : choice['delta']);
    // Some servers end with the whole message instead of a delta: it replaces the pieces.
    if (isWhole) {
      for (const field of Object.keys(delta)) delete message[field];
      if (asObjects(delta['annotations']).length > 0) annotations = [];
      if (asObjects(delta['tool_calls']).length > 0) calls = [];
    }
    message['content'] = joinContent(message['content'] ?? null, delta['content'] ?? null);
    for (const field of TEXT_FIELDS) append(message, field, delta[field]);
    if (isObject(delta['audio'])) message['audio'] = { ...asObject(message['audio']), ...delta['audio'] };
    if (isObject(delta['function_call']))
      message['function_call'] = joinFunction(asObject(message['function_call']), delta['function_call']);
    annotations = annotations.concat(asObjects(delta['annotations']));
    for (const piece of asObjects(delta['tool_calls'])) calls = withToolCallPiece(calls, piece);
    finishReason = decisiveReason(finishReason, asWord(choice['finish_reason']));
    if (finishReason !== null && end === 'open') end = 'finished';
  }
  if (!isAnswer) return { json: null, end };
  if (annotations.length > 0) message['annotations'] = annotations;
  if (calls.length > 0) message['tool_calls'] = finishedCalls(calls);
  const choices = [{ index: 0, message, finish_reason: finishReason }];
  return { json: { ...head, object: 'chat.completion', choices }, end };
}

/** Fields that a stream sends as text fragments. */
const TEXT_FIELDS = ['refusal', ...THINKING_FIELDS];

/** Joins texts; if any piece is a list of parts, so is the result. */
function joinContent(before: JsonValue, piece: JsonValue): JsonValue {
  if (piece === null || before === null) return piece ?? before;
  if (typeof before === 'string' && typeof piece === 'string') return before + piece;
  const parts = asParts(before);
  for (const part of asParts(piece)) {
    const last = parts.at(-1);
    if (last !== undefined && isTextPart(last) && isTextPart(part)) {
      const text = (asText(last['text']) ?? '') + (asText(part['text']) ?? '');
      parts[parts.length - 1] = { ...last, text };
    } else parts.push(part);
  }
  return parts;
}

function asParts(content: JsonValue): JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : [...contentParts(content)];
}

const HEAD_FIELDS = ['id', 'created', 'model', 'service_tier', 'system_fingerprint'];

/** Each field comes from the first chunk that fills it in: Azure opens with an empty one. Counts only grow. */
function mergeHead(head: JsonObject, chunk: JsonObject): void {
  for (const field of HEAD_FIELDS) {
    const value = chunk[field];
    const known = head[field];
    if (value !== undefined && (known === undefined || known === null || known === '' || known === 0))
      head[field] = value;
  }
  if (isObject(chunk['usage'])) head['usage'] = mergeUsage(asObject(head['usage']), chunk['usage']);
}

function append(message: JsonObject, field: string, piece: JsonValue | undefined): void {
  if (typeof piece === 'string') message[field] = (asText(message[field]) ?? '') + piece;
}

/** One event's output text. */
export function chatText({ json }: JsonEvent): string | null {
  return contentText(asObject(firstChoice(json)?.['delta'])['content']);
}
