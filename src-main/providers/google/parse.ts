import type { FinishReason, JsonObject, JsonValue } from '../../../src-shared/domain';
import type { ProviderFailure, StoredAnswer } from '../../ports';
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
import type { Dialect, Reading } from '../http';
import { generateGrounding } from './grounding';
import { assembleContent } from './stream';
import { usageOf } from './usage';

/** How generateContent answers (PROVIDERS.md, section 3). */
export const generateDialect: Dialect = { assemble: assembleContent, read, embeddedError };

function embeddedError(json: JsonObject): JsonValue | null {
  return isObject(json['error']) && !Array.isArray(json['candidates']) ? json : null;
}

function read(json: JsonObject, answer: StoredAnswer): Reading | null {
  const blockReason = asWord(asObject(json['promptFeedback'])['blockReason']);
  const candidate = asObjects(json['candidates'])[0];
  // An answer cut short by its limit may have no candidate at all, but it always counts its tokens.
  if (candidate === undefined && blockReason === null && !isObject(json['usageMetadata'])) return null;
  const parts = asObjects(asObject(candidate?.['content'])['parts']);
  const texts = parts
    .filter((part) => part['thought'] !== true)
    .flatMap((part) => asText(part['text']) ?? []);
  const outputText = texts.length > 0 ? texts.join('') : null;
  const finishReason = finish(candidate, parts, blockReason);
  return {
    outputText,
    finishReason,
    usage: usageOf(json, candidate),
    evidence: {
      requested_model: answer.requestedModel,
      // From the raw JSON, since the SDK drops what its types do not list.
      echoed_model:
        modelName(json['modelVersion']) ?? modelName(json['model']) ?? modelName(json['model_name']),
      system_fingerprint: null,
      extra: knownOnly({
        response_id: asWord(json['responseId']),
        request_id: requestIdOf(answer.headers),
        model_status: json['modelStatus'],
        service_tier: headerValue(answer.headers, 'x-gemini-service-tier'),
        finish_message: asWord(candidate?.['finishMessage']),
      }),
    },
    grounding: generateGrounding(candidate),
    failure: failure(answer, finishReason, candidate, outputText),
  };
}

function modelName(value: JsonValue | undefined): string | null {
  return asWord(value)?.replace(/^models\//, '') ?? null;
}

const FILTERED = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'LANGUAGE',
  'IMAGE_SAFETY',
]);
const LENGTH = new Set(['MAX_TOKENS', 'CONTINUATION']);
const BROKEN = new Set(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'MALFORMED_RESPONSE']);

function finish(
  candidate: JsonObject | undefined,
  parts: readonly JsonObject[],
  blockReason: string | null,
): FinishReason | null {
  const raw = asWord(candidate?.['finishReason']);
  if (raw === null) return blockReason === null ? null : { unified: 'filtered', raw: blockReason };
  if (raw === 'STOP')
    return { unified: parts.some((part) => isObject(part['functionCall'])) ? 'tool' : 'stop', raw };
  if (LENGTH.has(raw)) return { unified: 'length', raw };
  if (FILTERED.has(raw)) return { unified: 'filtered', raw };
  return { unified: BROKEN.has(raw) ? 'error' : 'other', raw };
}

function failure(
  answer: StoredAnswer,
  finishReason: FinishReason | null,
  candidate: JsonObject | undefined,
  outputText: string | null,
): ProviderFailure | null {
  if (finishReason === null) return null;
  const raw = finishReason.raw ?? '';
  const said = asWord(candidate?.['finishMessage']);
  if (finishReason.unified === 'filtered' && (outputText ?? '') === '') {
    const where = candidate === undefined ? 'The prompt was blocked' : 'The answer was blocked';
    return refusedFailure(answer, said ?? `${where} (${raw}).`, raw);
  }
  if (finishReason.unified !== 'error') return null;
  const message = said ?? `The model ended with ${raw}.`;
  return { ...refusedFailure(answer, message, raw), code: 'provider_error' };
}
