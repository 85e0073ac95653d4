import type { JsonObject, JsonValue, Usage } from '../../../src-shared/domain';
import type { BilledPart, Billing } from '../../ports';
import { asCount, asObject, asObjects, asWord, isObject, modifier, part, unknownUsage } from '../http';
import { isWebSearch } from './grounding';

export function chatUsage(json: JsonObject): Usage {
  const usage = asObject(json['usage']);
  const prompt = asObject(usage['prompt_tokens_details']);
  const counts = chatCounts(usage);
  return {
    input_tokens: counts.input,
    cached_input_tokens: asCount(prompt['cached_tokens']),
    cache_write_tokens: writtenOf(prompt),
    output_tokens: outputOf(counts),
    reasoning_tokens: counts.reasoning,
    search_requests: null,
  };
}

export function responsesUsage(json: JsonObject, items: readonly JsonObject[]): Usage {
  const usage = asObject(json['usage']);
  const input = asObject(usage['input_tokens_details']);
  const counts = responsesCounts(usage);
  const searches = asCount(asObject(asObject(json['tool_usage'])['web_search'])['num_requests']);
  return {
    input_tokens: counts.input,
    cached_input_tokens: asCount(input['cached_tokens']),
    cache_write_tokens: writtenOf(input),
    output_tokens: outputOf(counts),
    reasoning_tokens: counts.reasoning,
    search_requests: searches ?? (items.length > 0 ? items.filter(isBilledSearch).length : null),
  };
}

/** Opening a result page, or searching in it, is part of the search. */
function isBilledSearch(item: JsonObject): boolean {
  const action = asWord(asObject(item['action'])['type']);
  return isWebSearch(item) && action !== 'open_page' && action !== 'find_in_page';
}

interface Counts {
  readonly input: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  readonly total: number | null;
}

function chatCounts(usage: JsonObject): Counts {
  return {
    input: asCount(usage['prompt_tokens']),
    output: asCount(usage['completion_tokens']),
    reasoning: asCount(asObject(usage['completion_tokens_details'])['reasoning_tokens']),
    total: asCount(usage['total_tokens']),
  };
}

function responsesCounts(usage: JsonObject): Counts {
  return {
    input: asCount(usage['input_tokens']),
    output: asCount(usage['output_tokens']),
    reasoning: asCount(asObject(usage['output_tokens_details'])['reasoning_tokens']),
    total: asCount(usage['total_tokens']),
  };
}

/** Some servers exclude reasoning from the output. Only their total reveals it. */
function outputOf({ input, output, reasoning, total }: Counts): number | null {
  if (input === null || output === null || reasoning === null || total === null) return output;
  return total !== input + output && total === input + output + reasoning ? output + reasoning : output;
}

function contradiction(counts: Counts): string[] {
  const { input, reasoning, total } = counts;
  const output = outputOf(counts);
  if (input === null || output === null) return [];
  if (total !== null && total !== input + output)
    return [`The answer counts ${total} tokens in total, but its parts add up to ${input + output}.`];
  if (reasoning !== null && reasoning > output)
    return [`The answer counts ${reasoning} reasoning tokens in an output of ${output} tokens.`];
  return [];
}

function writtenOf(details: JsonObject): number | null {
  const { short, long } = splitOf(details);
  const split = short === null && long === null ? null : (short ?? 0) + (long ?? 0);
  return asCount(details['cache_write_tokens']) ?? split;
}

function splitOf(details: JsonObject): { short: number | null; long: number | null } {
  const split = asObject(details['cache_write_tokens_details']);
  return { short: asCount(split['ttl_30m_tokens']), long: asCount(split['ttl_12h_tokens']) };
}

const INPUT_DETAILS = [
  'cached_tokens',
  'cache_write_tokens',
  'cache_write_tokens_details.ttl_30m_tokens',
  'cache_write_tokens_details.ttl_12h_tokens',
  'text_tokens',
  'audio_tokens',
  'image_tokens',
  'video_tokens',
];
const OUTPUT_DETAILS = [
  'reasoning_tokens',
  'text_tokens',
  'audio_tokens',
  'image_tokens',
  'video_tokens',
  // Both are included in the output at the same rate.
  'accepted_prediction_tokens',
  'rejected_prediction_tokens',
];
/** Times, and other servers' aliases and totals: no units of their own. */
const ALIASES = [
  'total_tokens',
  'prompt_cache_hit_tokens',
  'prompt_cache_miss_tokens',
  'cached_tokens',
  'queue_time',
  'prompt_time',
  'completion_time',
  'total_time',
  'latency_checkpoint',
  'cost',
  'cost_details',
];

function knownOf(input: string, output: string): ReadonlySet<string> {
  return new Set([
    `${input}_tokens`,
    `${output}_tokens`,
    ...INPUT_DETAILS.map((name) => `${input}_tokens_details.${name}`),
    ...OUTPUT_DETAILS.map((name) => `${output}_tokens_details.${name}`),
    ...ALIASES,
  ]);
}
const KNOWN_CHAT = knownOf('prompt', 'completion');
const KNOWN_RESPONSES = knownOf('input', 'output');
const KNOWN_TOOLS: ReadonlySet<string> = new Set(['web_search.num_requests']);

export function chatBilling(json: JsonObject): Billing {
  const usage = asObject(json['usage']);
  const { parts, obstacles } = detailsOf(
    asObject(usage['prompt_tokens_details']),
    asObject(usage['completion_tokens_details']),
  );
  const message = asObject(asObject(asObjects(json['choices'])[0])['message']);
  const cites = asObjects(message['annotations']).some((item) => item['type'] === 'url_citation');
  // Search models search on every call, and chat completions do not count it.
  if (cites || /-search(-|$)/.test(asWord(json['model']) ?? ''))
    obstacles.push('The model searched the web, but the answer does not say how often.');
  return {
    parts,
    fileSearches: 0,
    obstacles: [
      ...tierOf(json),
      ...obstacles,
      ...contradiction(chatCounts(usage)),
      ...unknownUsage(usage, KNOWN_CHAT, 'usage'),
    ],
  };
}

export function responsesBilling(json: JsonObject, items: readonly JsonObject[]): Billing {
  const usage = asObject(json['usage']);
  const { parts, obstacles } = detailsOf(
    asObject(usage['input_tokens_details']),
    asObject(usage['output_tokens_details']),
  );
  for (const type of new Set(items.map((item) => asWord(item['type']) ?? ''))) {
    const tool = BILLED_APART.get(type);
    if (tool !== undefined) obstacles.push(`The model used ${tool}, which is billed separately from tokens.`);
  }
  return {
    parts,
    fileSearches: items.filter((item) => item['type'] === 'file_search_call').length,
    obstacles: [
      ...tierOf(json),
      ...obstacles,
      ...contradiction(responsesCounts(usage)),
      ...unknownUsage(usage, KNOWN_RESPONSES, 'usage'),
      ...unknownUsage(asObject(json['tool_usage']), KNOWN_TOOLS, 'tool_usage'),
    ],
  };
}

const BILLED_APART: ReadonlyMap<string, string> = new Map([
  ['code_interpreter_call', 'the code interpreter'],
  ['image_generation_call', 'image generation'],
  ['shell_call', 'a hosted shell'],
]);

/** `auto` means that the project's settings decided, without saying how. */
function tierOf(json: JsonObject): string[] {
  return modifier('the service tier', json['service_tier'], ['default', 'standard']);
}

function detailsOf(input: JsonObject, output: JsonObject): { parts: BilledPart[]; obstacles: string[] } {
  const { short, long } = splitOf(input);
  const obstacles: string[] = [];
  if ((short !== null || long !== null) && (short ?? 0) + (long ?? 0) !== writtenOf(input))
    obstacles.push("The answer's cache-write counts do not add up to their total.");
  const fresh = MODALITIES.flatMap((name) => part('input', `input_${name}_mtok`, count(input, name)));
  if (fresh.length > 0 && ((asCount(input['cached_tokens']) ?? 0) > 0 || (writtenOf(input) ?? 0) > 0))
    obstacles.push('Part of the input was cached, but the answer does not say how much of it was text.');
  return {
    parts: [
      ...fresh,
      ...part('written', 'cache_write_12h_mtok', long),
      ...MODALITIES.flatMap((name) => part('output', `output_${name}_mtok`, count(output, name))),
    ],
    obstacles,
  };
}

const MODALITIES = ['audio', 'image', 'video'];

function count(details: JsonObject, modality: string): JsonValue | undefined {
  const value = details[`${modality}_tokens`];
  return isObject(value) ? undefined : value;
}
