import { expect, it } from 'vitest';
import type { JsonObject } from '../../../src-shared/domain';
import { billOf, events, type BilledAnswer, type BillRow } from '../../../test/support/bill';

// Worked out by hand from the rates of @pydantic/genai-prices 0.1.8, in microdollars (µ$) of a million picodollars.
// gpt-4o: 2.5 in, 1.25 cached, 10 out; 10,000 a search, 2,500 a file search. gpt-5: 1.25, 0.125, 10.

function response(
  usage: JsonObject | null,
  { model = 'gpt-4o', items = [], ...more }: JsonObject & { model?: string; items?: JsonObject[] } = {},
): BilledAnswer & { readonly body: JsonObject } {
  const message = {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
  };
  const output = [...items, message];
  return {
    provider: 'openai',
    model,
    body: { id: 'r', object: 'response', status: 'completed', model, output, usage, ...more },
  };
}

const plain = { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 };
const search = (type: string) => ({ type: 'web_search_call', status: 'completed', action: { type } });
const tool = (type: string) => ({ type, status: 'completed' });

const ROWS: readonly BillRow[] = [
  // 1,000 × 1.25 + 100 × 10 = 2,250 µ$
  ['plain', response(plain, { model: 'gpt-5' }), 2_250_000_000n],
  // 600 × 1.25 + 400 × 0.125 + 100 × 10 = 1,800 µ$
  [
    'partly cached',
    response({ ...plain, input_tokens_details: { cached_tokens: 400 } }, { model: 'gpt-5' }),
    1_800_000_000n,
  ],
  // Reasoning is in the output: 2,250 µ$
  [
    'reasoning',
    response({ ...plain, output_tokens_details: { reasoning_tokens: 64 } }, { model: 'gpt-5' }),
    2_250_000_000n,
  ],
  // gpt-5: 10 × 1.25 + (3 + 40) × 10 = 442.5 µ$
  [
    'reasoning beside the output',
    response(
      {
        input_tokens: 10,
        output_tokens: 3,
        total_tokens: 53,
        output_tokens_details: { reasoning_tokens: 40 },
      },
      { model: 'gpt-5' },
    ),
    442_500_000n,
  ],
  // gpt-5.4: 271,999 × 2.5 + 100 × 15 = 681,497.5 µ$
  [
    'the last token of the short tier',
    response({ input_tokens: 271_999, output_tokens: 100 }, { model: 'gpt-5.4' }),
    681_497_500_000n,
  ],
  // gpt-5.4: 272,000 × 5 + 100 × 22.5 = 1,362,250 µ$
  [
    'the first of the long tier',
    response({ input_tokens: 272_000, output_tokens: 100 }, { model: 'gpt-5.4' }),
    1_362_250_000_000n,
  ],
  // 3,500 + 2 × 10,000 = 23,500 µ$
  [
    'two searches, counted from the items',
    response(plain, { items: [search('search'), search('search')] }),
    23_500_000_000n,
  ],
  // 3,500 + 10,000 = 13,500 µ$
  [
    'a search whose page was opened and read',
    response(plain, { items: [search('search'), search('open_page'), search('find_in_page')] }),
    13_500_000_000n,
  ],
  // 3,500 + 3 × 10,000 = 33,500 µ$
  [
    'searches that the answer counts itself',
    response(plain, { items: [search('search')], tool_usage: { web_search: { num_requests: 3 } } }),
    33_500_000_000n,
  ],
  // 3,500 + 2,500 = 6,000 µ$
  ['a file search', response(plain, { items: [tool('file_search_call')] }), 6_000_000_000n],
  [
    'the code interpreter',
    response(plain, { items: [tool('code_interpreter_call')] }),
    'billed separately from tokens',
  ],
  ['a picture', response(plain, { items: [tool('image_generation_call')] }), 'image generation'],
  [
    'a tool count unheard of',
    response(plain, { tool_usage: { teleport: { trips: 2 } } }),
    'tool_usage.teleport.trips (2)',
  ],
  ['tier default', response(plain, { service_tier: 'default' }), 3_500_000_000n],
  ['tier flex', response(plain, { service_tier: 'flex' }), 'service tier “flex”'],
  ['tier auto', response(plain, { service_tier: 'auto' }), 'service tier “auto”'],
  ['a count unheard of', response({ ...plain, heat_units: 4 }), 'usage.heat_units (4)'],
  [
    'totals that contradict',
    response({ ...plain, total_tokens: 9 }),
    '9 tokens in total, but its parts add up to 1100',
  ],
  ['usage null', response(null), 'does not say how many tokens it read'],
  // 3,500 µ$, from the last event
  [
    'streamed',
    {
      provider: 'openai',
      model: 'gpt-4o',
      body: events(
        {
          type: 'response.created',
          sequence_number: 0,
          response: { id: 'r', status: 'in_progress', output: [] },
        },
        { type: 'response.completed', sequence_number: 1, response: response(plain).body },
      ),
    },
    3_500_000_000n,
  ],
];

it.each(ROWS)('a response is billed: %s', (_what, answer, expected) => {
  const bill = billOf('openai.responses', answer);
  if (typeof expected === 'bigint') expect(bill).toBe(expected);
  else expect(bill).toContain(expected);
});
