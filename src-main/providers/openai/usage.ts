import type { JsonObject, Usage } from '../../../src-shared/domain';
import { asCount, asObject } from '../http';
import { isWebSearch } from './grounding';

export function chatUsage(json: JsonObject): Usage {
  const usage = asObject(json['usage']);
  const prompt = asObject(usage['prompt_tokens_details']);
  return {
    input_tokens: asCount(usage['prompt_tokens']),
    cached_input_tokens: asCount(prompt['cached_tokens']),
    cache_write_tokens: asCount(prompt['cache_write_tokens']),
    output_tokens: asCount(usage['completion_tokens']),
    reasoning_tokens: asCount(asObject(usage['completion_tokens_details'])['reasoning_tokens']),
    search_requests: null,
  };
}

export function responsesUsage(json: JsonObject, items: readonly JsonObject[]): Usage {
  const usage = asObject(json['usage']);
  const input = asObject(usage['input_tokens_details']);
  const searches = asCount(asObject(asObject(json['tool_usage'])['web_search'])['num_requests']);
  return {
    input_tokens: asCount(usage['input_tokens']),
    cached_input_tokens: asCount(input['cached_tokens']),
    cache_write_tokens: asCount(input['cache_write_tokens']),
    output_tokens: asCount(usage['output_tokens']),
    reasoning_tokens: asCount(asObject(usage['output_tokens_details'])['reasoning_tokens']),
    search_requests: searches ?? (items.length > 0 && !items.some(isWebSearch) ? 0 : null),
  };
}
