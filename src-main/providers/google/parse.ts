import type { FinishReason, JsonObject, JsonValue, RunToolCall } from '../../../src-shared/domain';
import type { AnswerPart, StoredAnswer } from '../../ports';
import {
  argumentsText,
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
import type { Dialect, Reading } from '../http';
import { generateGrounding } from './grounding';
import { assembleContent, firstCandidate } from './stream';
import { billingOf, usageOf } from './usage';

/** The generateContent API (docs/providers.md#gemini-generatecontent). */
export const generateDialect: Dialect = { assemble: assembleContent, read };

function read(json: JsonObject, answer: StoredAnswer): Reading | null {
  const blockReason = asWord(asObject(json['promptFeedback'])['blockReason']);
  const candidate = firstCandidate(json);
  // An answer cut short by its limit may lack candidates, but always counts its tokens.
  if (!Array.isArray(json['candidates']) && blockReason === null && !isObject(json['usageMetadata']))
    return null;
  const parts = asObjects(asObject(candidate?.['content'])['parts']);
  const texts = parts
    .filter((part) => part['thought'] !== true)
    .flatMap((part) => asText(part['text']) ?? []);
  return {
    outputText: texts.length > 0 ? texts.join('') : null,
    toolCalls: toolCallsOf(parts),
    thinkingText: thinkingOf(parts),
    parts: partsOf(parts),
    finishReason: finish(candidate, parts, blockReason),
    said:
      asWord(candidate?.['finishMessage']) ??
      (blockReason === null ? null : `The prompt was blocked (${blockReason}).`),
    category: null,
    usage: usageOf(json, candidate, answer),
    billing: billingOf(json, candidate, answer),
    evidence: {
      requested_model: answer.requestedModel,
      // From the raw JSON, since the SDK drops fields that its types do not list.
      echoed_model:
        modelName(json['modelVersion']) ?? modelName(json['model']) ?? modelName(json['model_name']),
      system_fingerprint: null,
      extra: omitNulls({
        response_id: asWord(json['responseId']),
        request_id: requestIdOf(answer.headers),
        model_status: json['modelStatus'],
        service_tier: headerValue(answer.headers, 'x-gemini-service-tier'),
        finish_message: asWord(candidate?.['finishMessage']),
      }),
    },
    grounding: generateGrounding(candidate),
  };
}

function modelName(value: JsonValue | undefined): string | null {
  return asWord(value)?.replace(/^models\//, '') ?? null;
}

function toolCallsOf(parts: readonly JsonObject[]): RunToolCall[] {
  return parts
    .map((part) => part['functionCall'])
    .filter(isObject)
    .map((call) => ({
      id: asWord(call['id']),
      name: asWord(call['name']) ?? '',
      arguments: argumentsText(call['args'] ?? {}),
    }));
}

/** A part without text, such as a signature alone, separates nothing. */
function thinkingOf(parts: readonly JsonObject[]): string | null {
  return joinThinking(
    parts
      .filter((part) => part['text'] !== '')
      .map((part) => (part['thought'] === true ? asText(part['text']) : null)),
  );
}

function partsOf(parts: readonly JsonObject[]): AnswerPart[] {
  const found: AnswerPart[] = [];
  if (parts.some((part) => part['thought'] === true)) found.push('reasoning');
  if (parts.some((part) => isObject(part['inlineData']) || isObject(part['fileData']))) found.push('media');
  return found;
}

/** A block reason means that the prompt was refused, whatever else arrived. */
function finish(
  candidate: JsonObject | undefined,
  parts: readonly JsonObject[],
  blockReason: string | null,
): FinishReason | null {
  if (blockReason !== null) return { unified: 'filtered', raw: blockReason };
  const raw = asWord(candidate?.['finishReason']);
  if (raw === null) return null;
  const isCall = raw === 'STOP' && parts.some((part) => isObject(part['functionCall']));
  return isCall ? { unified: 'tool', raw } : finishReasonOf(raw);
}
