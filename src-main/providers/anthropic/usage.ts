import type { JsonObject, Usage } from '../../../src-shared/domain';
import type { Billing } from '../../ports';
import { addCounts, asCount, asObject, asObjects, asWord, modifier, part, unknownUsage } from '../http';

/** Anthropic's `input_tokens` excludes cached tokens; ours is the total. */
export function usageOf(usage: JsonObject, blocks: readonly JsonObject[]): Usage {
  const cacheWrite = writtenOf(usage);
  const cacheRead = asCount(usage['cache_read_input_tokens']);
  const searches = blocks.filter((block) => isCallOf(block, 'web_search')).length;
  return {
    input_tokens: addCounts(asCount(usage['input_tokens']), cacheWrite, cacheRead),
    cached_input_tokens: cacheRead,
    cache_write_tokens: cacheWrite,
    output_tokens: asCount(usage['output_tokens']),
    reasoning_tokens: asCount(asObject(usage['output_tokens_details'])['thinking_tokens']),
    search_requests:
      asCount(asObject(usage['server_tool_use'])['web_search_requests']) ?? (searches > 0 ? searches : null),
  };
}

function isCallOf(block: JsonObject, tool: string): boolean {
  return block['type'] === 'server_tool_use' && block['name'] === tool;
}

function writtenOf(usage: JsonObject): number | null {
  const split = asObject(usage['cache_creation']);
  const short = asCount(split['ephemeral_5m_input_tokens']);
  const long = asCount(split['ephemeral_1h_input_tokens']);
  return (
    asCount(usage['cache_creation_input_tokens']) ?? addCounts(short ?? long, short === null ? null : long)
  );
}

const KNOWN: ReadonlySet<string> = new Set([
  'input_tokens',
  'output_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'cache_creation.ephemeral_5m_input_tokens',
  'cache_creation.ephemeral_1h_input_tokens',
  'output_tokens_details.thinking_tokens',
  'server_tool_use.web_search_requests',
  // Fetched pages cost their tokens and nothing else.
  'server_tool_use.web_fetch_requests',
  // Judged by type below.
  'iterations',
]);

/**
 * One-hour cache writes cost more than five-minute ones. Prices are listed only for the standard tier, speed and
 * region: other ways of being served have none.
 */
export function billingOf(usage: JsonObject, blocks: readonly JsonObject[]): Billing {
  const split = asObject(usage['cache_creation']);
  const short = asCount(split['ephemeral_5m_input_tokens']);
  const long = asCount(split['ephemeral_1h_input_tokens']);
  const obstacles = [
    ...modifier('the service tier', usage['service_tier'], ['standard']),
    ...modifier('the speed', usage['speed'], ['standard']),
    ...modifier('the inference region', usage['inference_geo'], ['global', 'not_available']),
    ...unknownUsage(usage, KNOWN, 'usage'),
  ];
  if ((short !== null || long !== null) && (short ?? 0) + (long ?? 0) !== (writtenOf(usage) ?? 0))
    obstacles.push("The answer's cache-write counts do not add up to their total.");
  const output = asCount(usage['output_tokens']);
  const thinking = asCount(asObject(usage['output_tokens_details'])['thinking_tokens']);
  if (output !== null && thinking !== null && thinking > output)
    obstacles.push(`The answer counts ${thinking} tokens of thinking in an output of ${output}.`);
  // The totals include a message's own turns, but not what compaction and advisers used.
  const others = asObjects(usage['iterations']).find((turn) => turn['type'] !== 'message');
  if (others !== undefined)
    obstacles.push(
      `The answer took a step (${asWord(others['type']) ?? 'unnamed'}) that its totals leave out.`,
    );
  if (
    blocks.some(
      (block) => block['type'] === 'server_tool_use' && /code_execution/.test(asWord(block['name']) ?? ''),
    )
  )
    obstacles.push('The model ran code on the provider’s servers, which is billed by time.');
  return { parts: part('written', 'cache_write_1h_mtok', long), fileSearches: 0, obstacles };
}
