import type { JsonObject, Usage } from '../../../src-shared/domain';
import { addCounts, asCount, asObject } from '../http';

/** `input_tokens` leaves out what was cached; ours is the total. */
export function usageOf(usage: JsonObject): Usage {
  const cacheWrite = asCount(usage['cache_creation_input_tokens']);
  const cacheRead = asCount(usage['cache_read_input_tokens']);
  return {
    input_tokens: addCounts(asCount(usage['input_tokens']), cacheWrite, cacheRead),
    cached_input_tokens: cacheRead,
    cache_write_tokens: cacheWrite,
    output_tokens: asCount(usage['output_tokens']),
    reasoning_tokens: asCount(asObject(usage['output_tokens_details'])['thinking_tokens']),
    search_requests: asCount(asObject(usage['server_tool_use'])['web_search_requests']),
  };
}
