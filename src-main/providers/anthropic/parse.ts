import type { FinishReason, JsonObject, RunToolCall } from '../../../src-shared/domain';
import type { AnswerPart, StoredAnswer } from '../../ports';
import {
  argumentsText,
  asObject,
  asObjects,
  asText,
  asWord,
  finishReasonOf,
  headerValue,
  joinThinking,
  omitNulls,
  requestIdOf,
} from '../http';
import type { Dialect, Reading } from '../http';
import { messagesGrounding } from './grounding';
import { assembleMessage } from './stream';
import { billingOf, usageOf } from './usage';

/** The Messages API (docs/providers.md#anthropic-messages). */
export const messagesDialect: Dialect = { assemble: assembleMessage, read };

function read(json: JsonObject, answer: StoredAnswer): Reading | null {
  if (!Array.isArray(json['content'])) return null;
  const blocks = asObjects(json['content']);
  const texts = blocks
    .filter((block) => block['type'] === 'text')
    .map((block) => asText(block['text']) ?? '');
  const usage = asObject(json['usage']);
  const details = asObject(json['stop_details']);
  return {
    outputText: texts.length > 0 ? texts.join('') : null,
    toolCalls: blocks.filter(({ type }) => type === 'tool_use').map(toolCallOf),
    thinkingText: joinThinking(blocks.flatMap((block) => [asText(block['thinking']), null])),
    parts: partsOf(blocks),
    finishReason: finish(json),
    said: asWord(details['explanation']),
    category: asWord(details['category']),
    usage: usageOf(usage, blocks),
    billing: billingOf(usage, blocks),
    evidence: {
      requested_model: answer.requestedModel,
      echoed_model: asWord(json['model']),
      system_fingerprint: null,
      extra: omitNulls({
        response_id: asWord(json['id']),
        request_id: requestIdOf(answer.headers),
        // Set if a request did not use the SDK's own API version.
        anthropic_version: headerValue(answer.headers, 'x-prompter-anthropic-version'),
        organization_id: headerValue(answer.headers, 'anthropic-organization-id'),
        service_tier: asWord(usage['service_tier']),
        speed: asWord(usage['speed']),
        inference_geo: asWord(usage['inference_geo']),
        stop_details: json['stop_details'],
      }),
    },
    grounding: messagesGrounding(blocks),
  };
}

function toolCallOf(block: JsonObject): RunToolCall {
  return {
    id: asWord(block['id']),
    name: asWord(block['name']) ?? '',
    arguments: argumentsText(block['input'] ?? {}),
  };
}

function partsOf(blocks: readonly JsonObject[]): AnswerPart[] {
  const has = (...types: string[]): boolean => blocks.some(({ type }) => types.some((one) => one === type));
  const parts: AnswerPart[] = [];
  if (has('thinking', 'redacted_thinking')) parts.push('reasoning');
  if (has('image', 'document', 'container_upload')) parts.push('media');
  return parts;
}

function finish(json: JsonObject): FinishReason | null {
  const raw = asWord(json['stop_reason']);
  return raw === null ? null : finishReasonOf(raw);
}
