import { hash } from 'node:crypto';
import { TieredPrices } from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Decimal } from 'decimal.js';
import { UNKNOWN_USAGE, usdFromPicodollars } from '../../src-shared/domain';
import {
  costOf as exactCost,
  costOfAnswer,
  createPricing,
  listedFactsOf,
  PRICE_LIST,
  sameModel,
  type Price,
} from './cost';
import { PLAIN_BILLING } from '../ports';
import type { Usage } from '../../src-shared/domain';

const costOf = (usage: Usage, price: Price) => exactCost(usage, price).picodollars;

const at = new Date('2026-11-20T12:00:00.000Z');
const pricing = createPricing();

function priced(provider: string, model: string) {
  const price = pricing.priceOf(provider, model, at);
  if (!price) throw new Error(`no price for ${model}`);
  return price;
}

it('the day that prices are of belongs to the release of the list that is installed', () => {
  // Another release has another day (npm says which): change both.
  expect(PRICE_LIST).toEqual({ source: '@pydantic/genai-prices 0.1.8', as_of: '2026-09-23' });
});

describe('price lookup', () => {
  it('keeps what the price was and where it came from, tier by tier, under the hash of that text', () => {
    const { snapshotText, snapshotSha256 } = priced('google', 'gemini-2.5-pro');
    expect(JSON.parse(snapshotText)).toEqual({
      source: PRICE_LIST.source,
      provider: 'google',
      model: 'gemini-2.5-pro',
      usd_per: {
        input_mtok: { base: '1.25', tiers: [{ above_input_tokens: 200_000, price: '2.5' }] },
        cache_read_mtok: { base: '0.125', tiers: [{ above_input_tokens: 200_000, price: '0.25' }] },
        output_mtok: { base: '10', tiers: [{ above_input_tokens: 200_000, price: '15' }] },
      },
    });
    expect(snapshotSha256).toBe(hash('sha256', snapshotText));
    expect(JSON.parse(priced('google', 'gemini-2.0-flash-lite').snapshotText)).toMatchObject({
      usd_per: { input_mtok: '0.075', output_mtok: '0.3' },
    });
  });

  it('happens once a minute for a model, and remembers no more than a thousand', () => {
    const prices = createPricing();
    const first = prices.priceOf('openai', 'gpt-4o', at);
    const priceAfter = (ms: number) => prices.priceOf('openai', 'gpt-4o', new Date(at.getTime() + ms));
    expect(priceAfter(59_999)).toBe(first);
    for (let other = 0; other < 1000; other += 1) prices.priceOf('ollama', `model ${other}`, at);
    expect(priceAfter(0)).toBe(first);
    prices.priceOf('ollama', 'one more', at);
    expect(priceAfter(0)).toEqual(first);
    const again = priceAfter(0);
    expect(again).not.toBe(first);
    expect(priceAfter(60_000)).not.toBe(again);
  });

  it.each([
    ['models/gemini-2.5-pro', 'gemini-2.5-pro', true],
    ['tuned-models/gemini', 'tuned-gemini', false],
    ['gpt-4.1', 'gpt-4-1', true],
    ['gpt-4.1', 'gpt-41', false],
    ['gemini-2.5-flash-preview-04-2025', 'gemini-2.5-flash-preview', true],
    ['gpt-latest-mini', 'gpt-mini', false],
    ['GPT-4o', 'gpt-4o', true],
  ])('takes %s and %s for the same model: %s', (requested, listed, same) => {
    expect(sameModel(requested, listed)).toBe(same);
  });

  it('prices a dated snapshot and an alias of the same model alike', () => {
    expect(priced('openai', 'gpt-4o').snapshotText).toEqual(
      priced('openai', 'gpt-4o-2024-08-06').snapshotText,
    );
  });

  it('refuses the price of another model that only shares a prefix', () => {
    expect(pricing.priceOf('anthropic', 'claude-sonnet-5-5', at)).toBeNull();
    expect(sameModel('claude-sonnet-5-5', 'claude-sonnet-5')).toBe(false);
    expect(sameModel('claude-3-opus-20240229', 'claude-3-opus-latest')).toBe(true);
    expect(sameModel('gemini-2.0-flash-001', 'gemini-2.0-flash')).toBe(true);
  });

  it('leaves local and unknown models unpriced', () => {
    expect(pricing.priceOf('ollama', 'llama3:8b', at)).toBeNull();
    expect(pricing.priceOf('openai', 'gpt-6.1-sol', at)).toBeNull();
  });

  it('is of the time that is asked about, in whatever order times are asked about', () => {
    // It became cheaper on 10 June 2025.
    const inputRate = (day: string) =>
      pricing.priceOf('openai', 'o3', new Date(`${day}T12:00:00.000Z`))?.modelPrice['input_mtok'];
    expect(['2026-11-20', '2025-06-01', '2025-06-11', '2025-06-01'].map(inputRate)).toEqual([2, 10, 2, 10]);
  });

  it('prices a practice model like the model it plays', () => {
    expect(priced('practice-openai', 'gpt-4o').snapshotText).toEqual(priced('openai', 'gpt-4o').snapshotText);
    // What it was told to do wrong costs nothing; at a real provider such a name is another model.
    expect(pricing.priceOf('practice-openai', 'gpt-4o-mini@drift_once=7', at)).toEqual(
      pricing.priceOf('openai', 'gpt-4o-mini', at),
    );
    expect(pricing.priceOf('openai', 'gpt-4o-mini@drift_once=7', at)).toBeNull();
  });
});

describe('cost of what has a rate of its own', () => {
  const usage = { ...UNKNOWN_USAGE, input_tokens: 100_000, cache_write_tokens: 100_000, output_tokens: 0 };
  const written = { of: 'written', unit: 'cache_write_1h_mtok', tokens: 100_000 } as const;

  it('tells cache writes of an hour from those of five minutes', () => {
    const price = priced('anthropic', 'claude-sonnet-4-5');
    // 100,000 × $6/M, and 100,000 × $3.75/M
    expect(exactCost(usage, price, { ...PLAIN_BILLING, parts: [written] }).picodollars).toBe(
      600_000_000_000n,
    );
    expect(exactCost(usage, price).picodollars).toBe(375_000_000_000n);
  });

  it('is unknown with its reason where a part has no rate, and where the answer names an obstacle', () => {
    const price = priced('openai', 'gpt-4o');
    const image = { of: 'output', unit: 'output_image_mtok', tokens: 5 } as const;
    const plain = { ...UNKNOWN_USAGE, input_tokens: 10, output_tokens: 10 };
    expect(exactCost(plain, price, { ...PLAIN_BILLING, parts: [image] })).toEqual({
      picodollars: null,
      why: 'The price list has no rate (output_image_mtok) for 5 of its tokens.',
    });
    expect(exactCost(plain, price, { ...PLAIN_BILLING, obstacles: ['Flex.'] })).toEqual({
      picodollars: null,
      why: 'Flex.',
    });
  });
});

describe('cost', () => {
  it('is exact for the published example rates', () => {
    const usage = { ...UNKNOWN_USAGE, input_tokens: 1000, cached_input_tokens: 400, output_tokens: 100 };
    // 600 × $2.50/M + 400 × $1.25/M + 100 × $10/M
    expect(usdFromPicodollars(costOf(usage, priced('openai', 'gpt-4o')) ?? -1n)).toBe('0.003');
  });

  it('uses the tier of the whole request', () => {
    const price = priced('google', 'gemini-2.5-pro');
    const at200k = { ...UNKNOWN_USAGE, input_tokens: 200_000, output_tokens: 0 };
    expect(usdFromPicodollars(costOf(at200k, price) ?? -1n)).toBe('0.25');
    expect(usdFromPicodollars(costOf({ ...at200k, input_tokens: 200_001 }, price) ?? -1n)).toBe('0.5000025');
  });

  it('is unknown, not 0, where a count is missing', () => {
    const price = priced('openai', 'gpt-4o');
    expect(costOf({ ...UNKNOWN_USAGE, input_tokens: 10 }, price)).toBeNull();
    expect(costOf({ ...UNKNOWN_USAGE, output_tokens: 10 }, price)).toBeNull();
    expect(costOf(UNKNOWN_USAGE, price)).toBeNull();
  });

  it('charges searches where the list has a price for them and is unknown where it has none', () => {
    const usage = { ...UNKNOWN_USAGE, input_tokens: 0, output_tokens: 0, search_requests: 3 };
    expect(usdFromPicodollars(costOf(usage, priced('openai', 'gpt-4o')) ?? -1n)).toBe('0.03');
    expect(costOf(usage, priced('google', 'gemini-2.0-flash'))).toBeNull();
  });

  it('equals a decimal oracle for any counts', () => {
    const price = priced('anthropic', 'claude-opus-5-5');
    const count = fc.integer({ min: 0, max: 5_000_000 });
    fc.assert(
      fc.property(count, count, count, count, (fresh, cached, written, output) => {
        const usage = {
          ...UNKNOWN_USAGE,
          input_tokens: fresh + cached + written,
          cached_input_tokens: cached,
          cache_write_tokens: written,
          output_tokens: output,
        };
        const expected = new Decimal(fresh)
          .times(4)
          .plus(new Decimal(cached).times('0.2'))
          .plus(new Decimal(written).times(5))
          .plus(new Decimal(output).times(20))
          .div(1_000_000);
        expect(usdFromPicodollars(costOf(usage, price) ?? -1n)).toBe(expected.toFixed());
      }),
    );
  });
});

/** A price that no list has, for what lists may yet hold. */
const priceOf = (modelPrice: Price['modelPrice']): Price => ({
  contextTokens: null,
  snapshotText: '{}',
  snapshotSha256: hash('sha256', '{}'),
  modelPrice,
});

describe('a rate', () => {
  const of = (input_mtok: number, tokens = 1_000_000) =>
    costOf({ ...UNKNOWN_USAGE, input_tokens: tokens, output_tokens: 0 }, priceOf({ input_mtok }));

  it('is exact however it is written, and rounded half up below a picodollar', () => {
    expect([2, 0.075, 1e-7, 2.5e-10, 1.25e-10].map((rate) => of(rate))).toEqual([
      2_000_000_000_000n,
      75_000_000_000n,
      100_000n,
      250n,
      125n,
    ]);
    expect([1.4e-12, 1.5e-12].map((rate) => of(rate))).toEqual([1n, 2n]);
  });

  it.each([-2, 1e21, Number.NaN])('of %d is none', (rate) => {
    expect(of(rate, 1)).toBeNull();
  });
});

describe('what a model charges beside its tokens', () => {
  const usage = { ...UNKNOWN_USAGE, input_tokens: 0, output_tokens: 0 };

  it('is a fee for each request, where it has one', () => {
    expect(costOf(usage, priceOf({ requests_kcount: 12 }))).toBe(12_000_000_000n);
    expect(exactCost(usage, priceOf({ requests_kcount: undefined })).why).toBe(
      'The price list has no price for requests of this model.',
    );
  });

  it('is named where it has no price', () => {
    const none = priceOf({ input_mtok: 1, output_mtok: 1 });
    expect(exactCost({ ...usage, search_requests: 1 }, none).why).toContain('no price for web searches');
    expect(exactCost(usage, none, { ...PLAIN_BILLING, fileSearches: 1 }).why).toContain(
      'no price for file searches',
    );
    const some = priceOf({ storage_searches_kcount: 2.5 });
    expect(exactCost(usage, some, { ...PLAIN_BILLING, fileSearches: 2 }).picodollars).toBe(5_000_000_000n);
  });
});

describe('the cost of an answer', () => {
  const call = { providerId: 'openai', modelId: 'gpt-4o', executedAt: at.toISOString() };
  const answerOf = (
    usage: Partial<Usage>,
    outputText: string | null,
    echoed_model: string | null = null,
  ) => ({
    outputText,
    toolCalls: [],
    usage: { ...UNKNOWN_USAGE, ...usage },
    billing: PLAIN_BILLING,
    version: {
      provider_version_key: 'unknown',
      evidence_grade: 'none' as const,
      evidence: { requested_model: 'gpt-4o', echoed_model, system_fingerprint: null, extra: {} },
    },
  });
  const million = { input_tokens: 1_000_000, output_tokens: 0 };

  it('is at the price of the model that says it answered, else of the one that was asked', () => {
    const asked = costOfAnswer(pricing, answerOf(million, null), call);
    expect(asked).toMatchObject({
      price: priced('openai', 'gpt-4o'),
      cost: { picodollars: 2_500_000_000_000n },
    });
    const other = costOfAnswer(pricing, answerOf(million, null, 'gpt-4o-mini'), call);
    expect(other.cost.picodollars).toBe(150_000_000_000n);
  });

  it('counts no text as no tokens, but no text that came', () => {
    expect(costOfAnswer(pricing, answerOf(million, null), call).cost.why).toBeNull();
    expect(costOfAnswer(pricing, answerOf(million, 'text'), call).cost.why).toContain(
      'the text that it wrote',
    );
    expect(costOfAnswer(pricing, answerOf({ ...million, input_tokens: 0 }, null), call).cost.why).toContain(
      'the prompt that it read',
    );
  });

  it('is unknown where zero tokens are said to be a tool call', () => {
    const toolCalls = [{ id: null, name: 'look', arguments: '{}' }];
    const counted = costOfAnswer(pricing, { ...answerOf(million, null), toolCalls }, call);
    expect(counted.cost.why).toContain('0 tokens for the text that it wrote');
  });

  it('says first why nobody could know it', () => {
    const uncounted = answerOf({ input_tokens: 0, output_tokens: 0 }, 'text', 'no-such-model');
    expect(costOfAnswer(pricing, uncounted, call)).toEqual({
      price: null,
      cost: {
        picodollars: null,
        why: 'The price list has no price for this model from this provider.',
      },
    });
  });
});

describe('what a list says of a model', () => {
  const facts = (providerId: string, modelId: string) =>
    listedFactsOf(createPricing(), { providerId, modelId }, new Date('2026-10-01'));
  const listed = (providerId: string, modelId: string) => facts(providerId, modelId).price;

  it('is its context window too, where the list has one', () => {
    expect(facts('openai', 'gpt-4o').context_tokens).toBe(128_000);
    expect(facts('practice-anthropic', 'claude-sonnet-4-5').context_tokens).toBe(
      facts('anthropic', 'claude-sonnet-4-5').context_tokens,
    );
    expect(facts('lm-studio', 'gpt-4o').context_tokens).toBeNull();
  });

  it('is the model’s own, per million tokens', () => {
    expect(listed('openai', 'gpt-4o')).toEqual({
      input: '2.5',
      cached_input: '1.25',
      output: '10',
      tiered: false,
    });
    expect(listed('practice-openai', 'gpt-4o-mini')?.input).toBe('0.15');
    expect(listed('google', 'gemini-2.5-pro')).toMatchObject({ input: '1.25', tiered: true });
  });

  it('leaves out the rate that a model has not, and is tiered where any of its rates is', () => {
    const tiers = new TieredPrices({ base: 1, tiers: [{ start: 10, price: 2 }] });
    const list = { priceOf: () => priceOf({ input_mtok: tiers, output_mtok: 5 }) };
    expect(listedFactsOf(list, { providerId: 'openai', modelId: 'm' }, at).price).toEqual({
      input: '1',
      cached_input: null,
      output: '5',
      tiered: true,
    });
  });

  it('is unknown where the list has none for exactly this model at this provider', () => {
    expect(listed('openai', 'gpt-4o-of-tomorrow')).toBeNull();
    expect(listed('lm-studio', 'gpt-4o')).toBeNull();
  });
});
