import type { FinishReason, JsonObject, JsonValue } from '../../../src-shared/domain';
import type { StoredAnswer } from '../../ports';
import {
  asCount,
  asList,
  asObject,
  asObjects,
  asText,
  asWord,
  headerValue,
  isObject,
  knownOnly,
  refusedFailure,
  requestIdOf,
} from '../http';
import type { Assembled, Dialect, JsonEvent, Reading } from '../http';
import { responsesGrounding } from './grounding';
import { responsesUsage } from './usage';

/** How the Responses API answers (PROVIDERS.md, section 1). */
export const responsesDialect: Dialect = { assemble, read, embeddedError };

function embeddedError(json: JsonObject): JsonValue | null {
  // A 200 may carry `status: failed`.
  if (json['status'] === 'failed')
    return { error: isObject(json['error']) ? json['error'] : { message: 'The response failed.' } };
  return !('output' in json) && isObject(json['error']) ? json : null;
}

function read(json: JsonObject, answer: StoredAnswer): Reading | null {
  if (!Array.isArray(json['output'])) return null;
  const items = asObjects(json['output']);
  const parts = items
    .filter((item) => item['type'] === 'message')
    .flatMap((item) => asObjects(item['content']));
  const texts = parts
    .filter((part) => part['type'] === 'output_text')
    .map((part) => asText(part['text']) ?? '');
  const refusal = parts
    .map((part) => (part['type'] === 'refusal' ? asText(part['refusal']) : null))
    .find((text) => text !== null);
  const outputText = texts.length > 0 ? texts.join('') : null;
  const finishReason = finish(json, items, refusal !== undefined);
  const refused =
    refusal !== undefined || (finishReason?.unified === 'filtered' && (outputText ?? '') === '');
  return {
    outputText,
    finishReason,
    usage: responsesUsage(json, items),
    evidence: {
      requested_model: answer.requestedModel,
      echoed_model: asWord(json['model']),
      system_fingerprint: asWord(json['system_fingerprint']),
      extra: openAiExtra(json, 'created_at', answer),
    },
    grounding: responsesGrounding(items, parts),
    failure: refused ? refusedFailure(answer, refusal ?? FILTERED, finishReason?.raw ?? null) : null,
  };
}

/** Said of a refusal without words of its own. */
export const FILTERED = 'The answer was filtered before any text came.';

/** Other facts about which version answered, for both OpenAI APIs. */
export function openAiExtra(json: JsonObject, createdField: string, answer: StoredAnswer): JsonObject {
  return knownOnly({
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
  if (status === 'completed') {
    const calls = items.some(
      (item) => item['type'] === 'function_call' || item['type'] === 'custom_tool_call',
    );
    return { unified: calls ? 'tool' : 'stop', raw: status };
  }
  if (status === 'failed') return { unified: 'error', raw: status };
  const reason = asWord(asObject(json['incomplete_details'])['reason']);
  if (reason === 'max_output_tokens') return { unified: 'length', raw: reason };
  if (reason === 'content_filter') return { unified: 'filtered', raw: reason };
  return { unified: 'other', raw: reason ?? status };
}

const FINAL_EVENTS: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

function assemble(events: readonly JsonEvent[]): Assembled {
  let base: JsonObject | null = null;
  const items = new Map<number, JsonObject>();
  const texts = new Map<number, string>();
  for (const { name, json } of events) {
    const type = asWord(json['type']) ?? name ?? '';
    const response = json['response'];
    if (isObject(response)) base = response;
    if (FINAL_EVENTS.has(type) && isObject(response)) return finalOf(type, response);
    if (type === 'error' || (type === '' && isObject(json['error']))) {
      return {
        json: partial(base, items, texts),
        end: 'final',
        error: isObject(json['error']) ? json : { error: json },
      };
    }
    const index = asCount(json['output_index']) ?? 0;
    if (isObject(json['item'])) items.set(index, json['item']);
    if (type === 'response.output_text.delta')
      texts.set(index, (texts.get(index) ?? '') + (asText(json['delta']) ?? ''));
  }
  return { json: partial(base, items, texts), end: 'open', error: null };
}

function finalOf(type: string, response: JsonObject): Assembled {
  const error =
    type === 'response.failed'
      ? (embeddedError(response) ?? { error: { message: 'The response failed.' } })
      : null;
  return { json: response, end: 'final', error };
}

/** What a stream that broke off had brought: finished items, and the text of the one being written. */
function partial(
  base: JsonObject | null,
  items: ReadonlyMap<number, JsonObject>,
  texts: ReadonlyMap<number, string>,
): JsonObject | null {
  if (base === null) return null;
  const indexes = [...new Set([...items.keys(), ...texts.keys()])].toSorted((a, b) => a - b);
  const output = indexes.map((index): JsonObject => {
    const item = items.get(index) ?? { type: 'message', role: 'assistant' };
    const text = texts.get(index);
    if (text === undefined || asList(item['content']).length > 0) return item;
    return { ...item, content: [{ type: 'output_text', text, annotations: [] }] };
  });
  return { ...base, output };
}

/** The output text in one event of a stream. */
export function responsesText({ json }: JsonEvent): string | null {
  return json['type'] === 'response.output_text.delta' ? asText(json['delta']) : null;
}
