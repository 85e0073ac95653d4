import { expect, it } from 'vitest';
import type { JsonObject } from '../../../src-shared/domain';
import { billOf, events, type BilledAnswer, type BillRow } from '../../../test/support/bill';

// Worked out by hand from the rates of @pydantic/genai-prices 0.1.8. Tokens × dollars per million are microdollars
// (µ$), of a million picodollars each. gpt-4o: 2.5 in, 1.25 cached, 10 out.

const NO_PRICE = 'no price for this model';

function chat(
  usage: JsonObject | null | undefined,
  { provider = 'openai', model = 'gpt-4o', ...more }: JsonObject & { provider?: string; model?: string } = {},
): BilledAnswer {
  const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hi' } }];
  const body: JsonObject = { id: 'c', object: 'chat.completion', model, choices, ...more };
  if (usage !== undefined) body['usage'] = usage;
  return { provider, model, body };
}

const plain = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 };
const of = (input: number, output: number, input_details: JsonObject = {}, details: JsonObject = {}) => ({
  prompt_tokens: input,
  completion_tokens: output,
  prompt_tokens_details: input_details,
  completion_tokens_details: details,
});

const ROWS: readonly BillRow[] = [
  // 1,000 × 2.5 + 100 × 10 = 3,500 µ$
  ['plain', chat(plain), 3_500_000_000n],
  // 600 × 2.5 + 400 × 1.25 + 100 × 10 = 3,000 µ$
  ['partly cached', chat(of(1000, 100, { cached_tokens: 400 })), 3_000_000_000n],
  // 1,000 × 1.25 + 10 × 10 = 1,350 µ$
  ['all cached', chat(of(1000, 10, { cached_tokens: 1000 })), 1_350_000_000n],
  // Servers that do not count fill in zeros: that is no price of nothing.
  ['zeros', chat(of(0, 0)), 'counts 0 tokens for the prompt'],
  ['no tokens for a text that came', chat(of(10, 0)), 'counts 0 tokens for the text'],
  ['cached less than none', chat(of(1000, 100, { cached_tokens: -5 })), 'cached_tokens (-5)'],
  ['half a cached token', chat(of(1000, 100, { cached_tokens: 2.5 })), 'cached_tokens (2.5)'],
  ['sound in hex', chat(of(1000, 100, { audio_tokens: '0x5' })), 'audio_tokens ("0x5")'],
  ['a total that is none', chat({ ...of(1000, 100), total_tokens: '1100.5' }), 'total_tokens ("1100.5")'],
  [
    'details in a list',
    chat({ ...plain, prompt_tokens_details: [{ cached_tokens: 400 }] }),
    'prompt_tokens_details ([{"cached_tokens":400}])',
  ],
  ['more than can be counted', chat(of(2 ** 60, 100)), 'usage.prompt_tokens (1152921504606847000)'],
  ['more cached than read', chat(of(100, 10, { cached_tokens: 200 })), 'more tokens in its parts'],
  // gpt-6-sol: 500 × 2 + 300 × 0.2 + 200 × 2.5 + 100 × 10 = 2,560 µ$
  [
    'cache writes',
    chat(of(1000, 100, { cached_tokens: 300, cache_write_tokens: 200 }), { model: 'gpt-6-sol' }),
    2_560_000_000n,
  ],
  [
    'cache writes of 12 hours, without a rate',
    chat(of(1000, 1, { cache_write_tokens_details: { ttl_12h_tokens: 200 } }), { model: 'gpt-6-sol' }),
    'no rate (cache_write_12h_mtok) for 200',
  ],
  // gpt-6-sol: 272,000 × 2 + 1,000 × 10 = 554,000 µ$
  ['the last token of the short tier', chat(of(272_000, 1000), { model: 'gpt-6-sol' }), 554_000_000_000n],
  // gpt-6-sol: 272,001 × 4 + 1,000 × 15 = 1,103,004 µ$
  ['the first of the long tier', chat(of(272_001, 1000), { model: 'gpt-6-sol' }), 1_103_004_000_000n],
  // gpt-5: 10 × 1.25 + (3 + 40) × 10 = 442.5 µ$
  [
    'reasoning beside the output',
    chat({ ...of(10, 3, {}, { reasoning_tokens: 40 }), total_tokens: 53 }, { model: 'gpt-5' }),
    442_500_000n,
  ],
  // gpt-5: 10 × 1.25 + 43 × 10 = 442.5 µ$
  [
    'reasoning in the output',
    chat({ ...of(10, 43, {}, { reasoning_tokens: 40 }), total_tokens: 53 }, { model: 'gpt-5' }),
    442_500_000n,
  ],
  [
    'more reasoning than output',
    chat({ ...of(10, 3, {}, { reasoning_tokens: 40 }), total_tokens: 13 }, { model: 'gpt-5' }),
    '40 reasoning tokens in an output of 3',
  ],
  // 100 × 2.5 + 50 × 10 = 750 µ$
  [
    'predictions, which are in the output',
    chat(of(100, 50, {}, { accepted_prediction_tokens: 20, rejected_prediction_tokens: 10 })),
    750_000_000n,
  ],
  // gpt-audio: 400 × 2.5 + 600 × 32 + 50 × 10 + 150 × 64 = 30,300 µ$
  [
    'sound in and out',
    chat(of(1000, 200, { audio_tokens: 600 }, { audio_tokens: 150 }), { model: 'gpt-audio' }),
    30_300_000_000n,
  ],
  ['sound without a rate', chat(of(1000, 1, { audio_tokens: 600 })), 'no rate (input_audio_mtok) for 600'],
  [
    'sound that may be cached',
    chat(of(1000, 1, { audio_tokens: 600, cached_tokens: 500 }), { model: 'gpt-audio' }),
    'does not say how much of it was text',
  ],
  ['tier default', chat(plain, { service_tier: 'default' }), 3_500_000_000n],
  ['tier standard', chat(plain, { service_tier: 'standard' }), 3_500_000_000n],
  ['tier null', chat(plain, { service_tier: null }), 3_500_000_000n],
  ['tier flex', chat(plain, { service_tier: 'flex' }), 'service tier “flex”'],
  ['tier priority', chat(plain, { service_tier: 'priority' }), 'service tier “priority”'],
  ['tier auto', chat(plain, { service_tier: 'auto' }), 'service tier “auto”'],
  ['tier batch', chat(plain, { service_tier: 'batch' }), 'service tier “batch”'],
  ['a count unheard of', chat({ ...plain, video_seconds: 7 }), 'usage.video_seconds (7)'],
  ['a count unheard of, of 0', chat({ ...plain, video_seconds: 0 }), 3_500_000_000n],
  [
    'a nested count unheard of',
    chat(of(1000, 100, { smell_tokens: 5 })),
    'usage.prompt_tokens_details.smell_tokens (5)',
  ],
  [
    'totals that contradict',
    chat({ ...plain, total_tokens: 1500 }),
    '1500 tokens in total, but its parts add up to 1100',
  ],
  [
    'searches that are not counted',
    chat(plain, {
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: 'Hi', annotations: [{ type: 'url_citation' }] },
        },
      ],
    }),
    'does not say how often',
  ],
  ['a dated snapshot', chat(plain, { model: 'gpt-4o-2024-08-06' }), 3_500_000_000n],
  ['Azure', chat(plain, { provider: 'azure-openai' }), 3_500_000_000n],
  ['a model that is not listed', chat(plain, { model: 'gpt-6.1-sol' }), NO_PRICE],
  ['a listed name at a compatible server', chat(plain, { provider: 'custom' }), NO_PRICE],
  ['a local server', chat(plain, { provider: 'ollama', model: 'llama3:8b' }), NO_PRICE],
  // Times and second names of the same counts are no units: 3,500 µ$
  [
    'a compatible server’s own names, behind the address of OpenAI',
    chat({ ...plain, queue_time: 0.5, total_time: 2, prompt_cache_miss_tokens: 1000 }),
    3_500_000_000n,
  ],
  ['no usage', chat(undefined), 'does not say how many tokens it read'],
  ['usage null', chat(null), 'does not say how many tokens it read'],
  ['no output count', chat({ prompt_tokens: 10 }), 'does not say how many tokens it wrote'],
  ['a count that is no number', chat({ ...plain, completion_tokens: -1 }), 'completion_tokens (-1)'],
  // 3,500 µ$, from the last event
  [
    'streamed',
    {
      provider: 'openai',
      model: 'gpt-4o',
      body: `${events(
        { id: 'c', model: 'gpt-4o', choices: [{ index: 0, delta: { content: 'Hi' } }], usage: null },
        { id: 'c', model: 'gpt-4o', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
        { id: 'c', model: 'gpt-4o', choices: [], usage: plain },
      )}data: [DONE]\n\n`,
    },
    3_500_000_000n,
  ],
  // 3,500 µ$: a later zero takes nothing back
  [
    'streamed, closed with zeros',
    {
      provider: 'openai',
      model: 'gpt-4o',
      body: `${events(
        {
          id: 'c',
          model: 'gpt-4o',
          choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }],
        },
        { id: 'c', model: 'gpt-4o', choices: [], usage: plain },
        { id: 'c', model: 'gpt-4o', choices: [], usage: of(0, 0) },
      )}data: [DONE]\n\n`,
    },
    3_500_000_000n,
  ],
  [
    'streamed without usage',
    {
      provider: 'openai',
      model: 'gpt-4o',
      body: `${events({
        id: 'c',
        model: 'gpt-4o',
        choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }],
      })}data: [DONE]\n\n`,
    },
    'does not say how many tokens it read',
  ],
];

it.each(ROWS)('a chat completion is billed: %s', (_what, answer, expected) => {
  const bill = billOf('openai.chat_completions', answer);
  if (typeof expected === 'bigint') expect(bill).toBe(expected);
  else expect(bill).toContain(expected);
});
