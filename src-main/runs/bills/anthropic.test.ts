import { expect, it } from 'vitest';
import type { JsonObject } from '../../../src-shared/domain';
import { billOf, events, type BilledAnswer, type BillRow } from '../../../test/support/bill';

// Worked out by hand from the rates of @pydantic/genai-prices 0.1.8, in microdollars (µ$) of a million picodollars.
// claude-sonnet-4-5: 3 in, 0.3 cached, 3.75 written for 5 minutes, 6 for an hour, 15 out; above 200,000 tokens of
// input 6, 0.6, 7.5, 12 and 22.5; 10,000 a search.

const SONNET = 'claude-sonnet-4-5';

function message(
  usage: JsonObject | undefined,
  { model = SONNET, blocks = [] }: { model?: string; blocks?: readonly JsonObject[] } = {},
): BilledAnswer {
  const content = [...blocks, { type: 'text', text: 'Hi' }];
  return {
    provider: 'anthropic',
    model,
    body: {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model,
      content,
      stop_reason: 'end_turn',
      stop_sequence: null,
      ...(usage === undefined ? {} : { usage }),
    },
  };
}

const plain = { input_tokens: 1000, output_tokens: 100 };
const written = (short: number, long: number, total = short + long) => ({
  input_tokens: 10,
  output_tokens: 10,
  cache_creation_input_tokens: total,
  cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
});
const call = (name: string) => ({ type: 'server_tool_use', id: `t-${name}`, name, input: {} });

const ROWS: readonly BillRow[] = [
  // 1,000 × 3 + 100 × 15 = 4,500 µ$
  ['plain', message(plain), 4_500_000_000n],
  // Cached tokens are beside the input: 600 × 3 + 400 × 0.3 + 100 × 15 = 3,420 µ$
  [
    'cached',
    message({ input_tokens: 600, output_tokens: 100, cache_read_input_tokens: 400 }),
    3_420_000_000n,
  ],
  // 10 × 3 + 1,000 × 3.75 + 10 × 15 = 3,930 µ$
  ['written for 5 minutes', message(written(1000, 0)), 3_930_000_000n],
  [
    'written, not split',
    message({ input_tokens: 10, output_tokens: 10, cache_creation_input_tokens: 1000 }),
    3_930_000_000n,
  ],
  // 10 × 3 + 100,000 × 6 + 10 × 15 = 600,180 µ$
  ['written for an hour', message(written(0, 100_000)), 600_180_000_000n],
  // 10 × 3 + 400 × 3.75 + 600 × 6 + 10 × 15 = 5,280 µ$
  ['written for both', message(written(400, 600)), 5_280_000_000n],
  ['writes that do not add up', message(written(400, 600, 900)), 'do not add up to their total'],
  // 150,000 × 3 + 50,000 × 0.3 + 100 × 15 = 466,500 µ$
  [
    'the last token of the short tier',
    message({ input_tokens: 150_000, cache_read_input_tokens: 50_000, output_tokens: 100 }),
    466_500_000_000n,
  ],
  // 150,000 × 6 + 50,001 × 0.6 + 100 × 22.5 = 932,250.6 µ$
  [
    'the first of the long tier, which is a cached one',
    message({ input_tokens: 150_000, cache_read_input_tokens: 50_001, output_tokens: 100 }),
    932_250_600_000n,
  ],
  // 10 × 6 + 200,000 × 12 + 10 × 22.5 = 2,400,285 µ$
  ['written for an hour in the long tier', message(written(0, 200_000)), 2_400_285_000_000n],
  // 4,500 + 2 × 10,000 = 24,500 µ$
  ['two searches', message({ ...plain, server_tool_use: { web_search_requests: 2 } }), 24_500_000_000n],
  [
    'two searches, counted from the blocks',
    message(plain, { blocks: [call('web_search'), call('web_search')] }),
    24_500_000_000n,
  ],
  [
    'pages fetched, which cost their tokens',
    message({ ...plain, server_tool_use: { web_search_requests: 0, web_fetch_requests: 3 } }),
    4_500_000_000n,
  ],
  // Thinking is in the output.
  ['thinking', message({ ...plain, output_tokens_details: { thinking_tokens: 64 } }), 4_500_000_000n],
  ['code that ran', message(plain, { blocks: [call('bash_code_execution')] }), 'billed by time'],
  ['tier standard', message({ ...plain, service_tier: 'standard' }), 4_500_000_000n],
  ['tier priority', message({ ...plain, service_tier: 'priority' }), 'service tier “priority”'],
  ['tier batch', message({ ...plain, service_tier: 'batch' }), 'service tier “batch”'],
  ['speed standard', message({ ...plain, speed: 'standard' }), 4_500_000_000n],
  ['speed fast', message({ ...plain, speed: 'fast' }), 'the speed “fast”'],
  ['region global', message({ ...plain, inference_geo: 'global' }), 4_500_000_000n],
  ['region us', message({ ...plain, inference_geo: 'us' }), 'the inference region “us”'],
  [
    'turns of its own',
    message({ ...plain, iterations: [{ type: 'message', input_tokens: 1000, output_tokens: 100 }] }),
    4_500_000_000n,
  ],
  [
    'a compaction beside its totals',
    message({ ...plain, iterations: [{ type: 'compaction', input_tokens: 9000, output_tokens: 100 }] }),
    'a step (compaction) that its totals leave out',
  ],
  ['a count unheard of', message({ ...plain, dream_tokens: 3 }), 'usage.dream_tokens (3)'],
  // claude-haiku-4-5: 1,000 × 1 + 100 × 5 = 1,500 µ$
  [
    'cached less than none',
    message({ ...plain, cache_read_input_tokens: -4 }),
    'cache_read_input_tokens (-4)',
  ],
  [
    'a search and a half',
    message({ ...plain, server_tool_use: { web_search_requests: 1.5 } }),
    'web_search_requests (1.5)',
  ],
  [
    'more thinking than output',
    message({ ...plain, output_tokens_details: { thinking_tokens: 101 } }),
    '101 tokens of thinking in an output of 100',
  ],
  ['a dated snapshot', message(plain, { model: 'claude-haiku-4-5-20251001' }), 1_500_000_000n],
  ['a model that is not listed', message(plain, { model: 'claude-sonnet-5-5' }), 'no price for this model'],
  ['no usage', message(undefined), 'does not say how many tokens it read'],
  ['no output count', message({ input_tokens: 10 }), 'does not say how many tokens it wrote'],
  // 4,500 µ$: the input from the first event, the output from the last
  [
    'streamed',
    {
      provider: 'anthropic',
      model: SONNET,
      body: events(
        {
          type: 'message_start',
          message: {
            id: 'm',
            type: 'message',
            role: 'assistant',
            model: SONNET,
            content: [],
            stop_reason: null,
            usage: { input_tokens: 1000, output_tokens: 1 },
          },
        },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
        { type: 'content_block_stop', index: 0 },
        // Some servers fill in zeros for what they had said before.
        {
          type: 'message_delta',
          delta: { stop_reason: 'end_turn' },
          usage: { input_tokens: 0, output_tokens: 100 },
        },
        { type: 'message_stop' },
      ),
    },
    4_500_000_000n,
  ],
];

it.each(ROWS)('a message is billed: %s', (_what, answer, expected) => {
  const bill = billOf('anthropic.messages', answer);
  if (typeof expected === 'bigint') expect(bill).toBe(expected);
  else expect(bill).toContain(expected);
});
