import type { JsonObject, Usage } from '../../../src-shared/domain';
import { addCounts, asCount, asObject, isObject } from '../http';

/** Thinking and tool results are counted apart here; ours are totals. */
export function usageOf(json: JsonObject, candidate: JsonObject | undefined): Usage {
  const usage = asObject(json['usageMetadata']);
  const reported = isObject(json['usageMetadata']);
  const thoughts = asCount(usage['thoughtsTokenCount']);
  const queries = asObject(candidate?.['groundingMetadata'])['webSearchQueries'];
  return {
    input_tokens: addCounts(asCount(usage['promptTokenCount']), asCount(usage['toolUsePromptTokenCount'])),
    cached_input_tokens: asCount(usage['cachedContentTokenCount']),
    cache_write_tokens: null,
    // A zero count is left out of protobuf JSON: thoughts alone are output, too.
    output_tokens: addCounts(
      asCount(usage['candidatesTokenCount']) ?? (thoughts === null ? null : 0),
      thoughts,
    ),
    reasoning_tokens: thoughts,
    search_requests: Array.isArray(queries) ? queries.length : reported ? 0 : null,
  };
}
