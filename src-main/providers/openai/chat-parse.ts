import type { FinishReason, JsonObject, JsonValue } from '../../../src-shared/domain';
import type { StoredAnswer } from '../../ports';
import { asCount, asObject, asObjects, asText, asWord, isObject, refusedFailure } from '../http';
import type { Assembled, Dialect, JsonEvent, Reading } from '../http';
import { chatGrounding } from './grounding';
import { FILTERED, openAiExtra } from './responses-parse';
import { chatUsage } from './usage';

/** How chat completions answer, at OpenAI and at compatible servers (PROVIDERS.md, section 1). */
export const chatDialect: Dialect = { assemble, read, embeddedError };

function embeddedError(json: JsonObject): JsonValue | null {
  if (Array.isArray(json['choices'])) return null;
  // vLLM's flat form is an object of its own; others wrap it.
  return json['error'] !== undefined && json['error'] !== null
    ? json
    : json['object'] === 'error'
      ? json
      : null;
}

function read(json: JsonObject, answer: StoredAnswer): Reading | null {
  const choices = json['choices'];
  if (!Array.isArray(choices)) return null;
  const choice = asObject(choices[0]);
  const message = asObject(choice['message']);
  const outputText = contentText(message['content']);
  const refusal = asWord(message['refusal']);
  const finishReason = finish(choice, message, refusal !== null);
  const empty = (outputText ?? '') === '';
  const refused = (refusal !== null && empty) || (finishReason?.unified === 'filtered' && empty);
  return {
    outputText,
    finishReason,
    usage: chatUsage(json),
    evidence: {
      requested_model: answer.requestedModel,
      echoed_model: asWord(json['model']),
      system_fingerprint: asWord(json['system_fingerprint']),
      extra: openAiExtra(json, 'created', answer),
    },
    grounding: chatGrounding(message),
    failure: refused ? refusedFailure(answer, refusal ?? FILTERED, finishReason?.raw ?? null) : null,
  };
}

/** A text, or parts that carry text. */
function contentText(content: JsonValue | undefined): string | null {
  if (typeof content === 'string') return content;
  const parts = asObjects(content)
    .map((part) => asText(part['text']))
    .filter((text) => text !== null);
  return parts.length > 0 ? parts.join('') : null;
}

const UNIFIED: ReadonlyMap<string, FinishReason['unified']> = new Map<string, FinishReason['unified']>([
  ['stop', 'stop'],
  ['length', 'length'],
  ['content_filter', 'filtered'],
  ['tool_calls', 'tool'],
  ['function_call', 'tool'],
]);

function finish(choice: JsonObject, message: JsonObject, refused: boolean): FinishReason | null {
  const raw = asWord(choice['finish_reason']);
  if (refused) return { unified: 'filtered', raw: raw ?? 'refusal' };
  if (raw === null) return null;
  // Some servers end with `stop` although they call a tool.
  if (raw === 'stop' && asObjects(message['tool_calls']).length > 0) return { unified: 'tool', raw };
  return { unified: UNIFIED.get(raw) ?? 'other', raw };
}

function assemble(events: readonly JsonEvent[]): Assembled {
  const head: JsonObject = {};
  const message: JsonObject = { role: 'assistant', content: null };
  let annotations: JsonObject[] = [];
  const tools = new Map<number, JsonObject>();
  let finishReason: JsonValue = null;
  let started = false;
  let end: Assembled['end'] = 'open';
  let error: JsonValue | null = null;
  for (const { name, json } of events) {
    if (name === '[DONE]') {
      end = 'final';
      continue;
    }
    if (embeddedError(json) !== null) {
      error = json;
      break;
    }
    started = true;
    takeHead(head, json);
    const choice = asObjects(json['choices']).find((item) => (asCount(item['index']) ?? 0) === 0);
    if (choice === undefined) continue;
    const delta = asObject(choice['delta']);
    append(message, 'content', delta['content']);
    append(message, 'refusal', delta['refusal']);
    annotations = annotations.concat(asObjects(delta['annotations']));
    for (const call of asObjects(delta['tool_calls'])) takeToolCall(tools, call);
    finishReason = asWord(choice['finish_reason']) ?? finishReason;
    if (finishReason !== null && end === 'open') end = 'finished';
  }
  if (!started) return { json: null, end, error };
  if (annotations.length > 0) message['annotations'] = annotations;
  if (tools.size > 0) message['tool_calls'] = [...tools.values()];
  const choices = [{ index: 0, message, finish_reason: finishReason }];
  return { json: { ...head, object: 'chat.completion', choices }, end, error };
}

const HEAD_FIELDS = ['id', 'created', 'model', 'service_tier', 'system_fingerprint'];

/** From the first chunk that says something: Azure opens with an empty one. The last usage wins. */
function takeHead(head: JsonObject, chunk: JsonObject): void {
  for (const field of HEAD_FIELDS) {
    const value = chunk[field];
    const known = head[field];
    if (value !== undefined && (known === undefined || known === null || known === '' || known === 0))
      head[field] = value;
  }
  if (isObject(chunk['usage'])) head['usage'] = chunk['usage'];
}

function append(message: JsonObject, field: string, piece: JsonValue | undefined): void {
  if (typeof piece === 'string') message[field] = (asText(message[field]) ?? '') + piece;
}

function takeToolCall(tools: Map<number, JsonObject>, piece: JsonObject): void {
  const index = asCount(piece['index']) ?? tools.size;
  const known = tools.get(index);
  const call = asObject(piece['function']);
  const before = asObject(known?.['function']);
  tools.set(index, {
    id: asWord(known?.['id']) ?? piece['id'] ?? null,
    type: 'function',
    function: {
      name: asWord(before['name']) ?? call['name'] ?? null,
      arguments: (asText(before['arguments']) ?? '') + (asText(call['arguments']) ?? ''),
    },
  });
}

/** The output text in one event of a stream. */
export function chatText({ json }: JsonEvent): string | null {
  return asText(asObject(asObject(asObjects(json['choices'])[0])['delta'])['content']);
}
