import type { JsonObject, JsonValue, Usage } from '../../../src-shared/domain';
import type { BilledPart, Billing, StoredAnswer } from '../../ports';
import {
  addCounts,
  asCount,
  asList,
  asObject,
  asObjects,
  asWord,
  headerValue,
  isObject,
  modifier,
  part,
  unknownUsage,
} from '../http';

/** Gemini counts thinking and tool results separately; ours are totals. */
export function usageOf(json: JsonObject, candidate: JsonObject | undefined, answer: StoredAnswer): Usage {
  const usage = asObject(json['usageMetadata']);
  const thoughts = asCount(usage['thoughtsTokenCount']);
  return {
    input_tokens: addCounts(asCount(usage['promptTokenCount']), asCount(usage['toolUsePromptTokenCount'])),
    cached_input_tokens: asCount(usage['cachedContentTokenCount']),
    cache_write_tokens: null,
    // Protobuf JSON omits zeros: thoughts alone still make output.
    output_tokens: addCounts(
      asCount(usage['candidatesTokenCount']) ?? (thoughts === null ? null : 0),
      thoughts,
    ),
    reasoning_tokens: thoughts,
    search_requests: searchesOf(json, candidate, answer),
  };
}

/** Up to Gemini 2.5, a prompt that searches is billed once; from Gemini 3 on, each query is. */
function searchesOf(
  json: JsonObject,
  candidate: JsonObject | undefined,
  answer: StoredAnswer,
): number | null {
  const queries = asObject(candidate?.['groundingMetadata'])['webSearchQueries'];
  if (!Array.isArray(queries)) return isObject(json['usageMetadata']) ? 0 : null;
  const model = asWord(json['modelVersion']) ?? answer.requestedModel;
  const isByPrompt = /(^|\/)gemini-[12](\.|-)/.test(model);
  return isByPrompt ? Math.min(1, queries.length) : queries.length;
}

const KNOWN: ReadonlySet<string> = new Set([
  'promptTokenCount',
  'candidatesTokenCount',
  'totalTokenCount',
  'thoughtsTokenCount',
  'cachedContentTokenCount',
  'toolUsePromptTokenCount',
  // Read by modality.
  'promptTokensDetails',
  'candidatesTokensDetails',
  'cacheTokensDetails',
  'toolUsePromptTokensDetails',
]);

/** Non-text tokens have their own rates. */
export function billingOf(
  json: JsonObject,
  candidate: JsonObject | undefined,
  answer: StoredAnswer,
): Billing {
  const usage = asObject(json['usageMetadata']);
  const cached = byModality(usage['cacheTokensDetails']);
  const prompt = byModality(usage['promptTokensDetails']);
  for (const [name, tokens] of byModality(usage['toolUsePromptTokensDetails']))
    prompt.set(name, (prompt.get(name) ?? 0) + tokens);
  const parts: BilledPart[] = [];
  // The prompt's counts include cached tokens, which have their own rates.
  for (const [name, tokens] of prompt)
    parts.push(...part('input', `input_${name}_mtok`, Math.max(0, tokens - (cached.get(name) ?? 0))));
  for (const [name, tokens] of cached) parts.push(...part('cached', `cache_${name}_read_mtok`, tokens));
  for (const [name, tokens] of byModality(usage['candidatesTokensDetails']))
    parts.push(...part('output', `output_${name}_mtok`, tokens));
  return { parts, fileSearches: 0, obstacles: obstaclesOf({ usage, candidate, answer, cached, prompt }) };
}

function obstaclesOf(of: {
  usage: JsonObject;
  candidate: JsonObject | undefined;
  answer: StoredAnswer;
  cached: ReadonlyMap<string, number>;
  prompt: ReadonlyMap<string, number>;
}): string[] {
  const { usage, candidate, answer, cached, prompt } = of;
  const obstacles = [
    ...modifier('the service tier', headerValue(answer.headers, 'x-gemini-service-tier'), ['standard']),
    ...modifier('the service tier', usage['serviceTier'], ['standard', 'service_tier_standard']),
    ...modifier('the traffic type', usage['trafficType'], ['on_demand']),
    ...unknownUsage(usage, KNOWN, 'usageMetadata'),
  ];
  const counts = [
    'promptTokenCount',
    'toolUsePromptTokenCount',
    'candidatesTokenCount',
    'thoughtsTokenCount',
  ];
  const sum = counts.reduce((total, name) => total + (asCount(usage[name]) ?? 0), 0);
  const total = asCount(usage['totalTokenCount']);
  if (total !== null && total !== sum)
    obstacles.push(`The answer counts ${total} tokens in total, but its parts add up to ${sum}.`);
  if (asCount(usage['cachedContentTokenCount']) && cached.size === 0 && prompt.size > 0)
    obstacles.push('Part of the prompt was cached, but the answer does not say how much of it was text.');
  const parts = asObjects(asObject(candidate?.['content'])['parts']);
  if (
    parts.some((piece) => isObject(piece['inlineData'])) &&
    !Array.isArray(usage['candidatesTokensDetails'])
  )
    obstacles.push('The answer contains more than text, but does not say how many of its tokens are text.');
  const grounding = asObject(candidate?.['groundingMetadata']);
  if (asObjects(grounding['groundingChunks']).some((chunk) => isObject(chunk['maps'])))
    obstacles.push('The model used Google Maps, for which the price list has no price.');
  if (asList(grounding['imageSearchQueries']).length > 0)
    obstacles.push('The model searched for images, for which the price list has no price.');
  return obstacles;
}

/** Tokens by modality, in lower case and without text. */
function byModality(details: JsonValue | undefined): Map<string, number> {
  const found = new Map<string, number>();
  for (const detail of asObjects(details)) {
    const name = (asWord(detail['modality']) ?? 'unnamed').toLowerCase();
    const tokens = asCount(detail['tokenCount']) ?? 0;
    if (name !== 'text' && tokens > 0) found.set(name, (found.get(name) ?? 0) + tokens);
  }
  return found;
}
