import type { FinishReason, JsonObject, JsonValue } from '../../../src-shared/domain';
import type { StoredAnswer } from '../../ports';
import {
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
import type { Assembled, Dialect, Reading } from '../http';
import { messagesGrounding } from './grounding';
import { assembleMessage } from './stream';
import { usageOf } from './usage';

/** How the Messages API answers (PROVIDERS.md, section 2). */
export const messagesDialect: Dialect = {
  assemble: (events): Assembled => assembleMessage(events),
  read,
  embeddedError,
};

function embeddedError(json: JsonObject): JsonValue | null {
  return json['type'] === 'error' || (!Array.isArray(json['content']) && isObject(json['error']))
    ? json
    : null;
}

function read(json: JsonObject, answer: StoredAnswer): Reading | null {
  if (!Array.isArray(json['content'])) return null;
  const blocks = asObjects(json['content']);
  const texts = blocks
    .filter((block) => block['type'] === 'text')
    .map((block) => asText(block['text']) ?? '');
  const finishReason = finish(json);
  const usage = asObject(json['usage']);
  return {
    outputText: texts.length > 0 ? texts.join('') : null,
    finishReason,
    usage: usageOf(usage),
    evidence: {
      requested_model: answer.requestedModel,
      echoed_model: asWord(json['model']),
      system_fingerprint: null,
      extra: knownOnly({
        response_id: asWord(json['id']),
        request_id: requestIdOf(answer.headers),
        // Where a request did not use the SDK's own API version.
        anthropic_version: headerValue(answer.headers, 'x-prompter-anthropic-version'),
        organization_id: headerValue(answer.headers, 'anthropic-organization-id'),
        service_tier: asWord(usage['service_tier']),
        speed: asWord(usage['speed']),
        inference_geo: asWord(usage['inference_geo']),
        stop_details: json['stop_details'],
      }),
    },
    grounding: messagesGrounding(blocks),
    failure:
      finishReason?.raw === 'refusal'
        ? refusedFailure(answer, refusalText(json, texts), refusalCategory(json))
        : null,
  };
}

function refusalCategory(json: JsonObject): string | null {
  return asWord(asObject(json['stop_details'])['category']);
}

function refusalText(json: JsonObject, texts: readonly string[]): string {
  const explanation = asWord(asObject(json['stop_details'])['explanation']);
  return explanation ?? (texts.join('') || 'The model refused to answer.');
}

const UNIFIED: ReadonlyMap<string, FinishReason['unified']> = new Map<string, FinishReason['unified']>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['refusal', 'filtered'],
  ['tool_use', 'tool'],
  ['pause_turn', 'paused'],
]);

function finish(json: JsonObject): FinishReason | null {
  const raw = asWord(json['stop_reason']);
  return raw === null ? null : { unified: UNIFIED.get(raw) ?? 'other', raw };
}
