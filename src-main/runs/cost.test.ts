import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Decimal } from 'decimal.js';
import { UNKNOWN_USAGE, usdFromPicodollars } from '../../src-shared/domain';
import { costOf as exactCost, createPricing, listPriceOf, PRICE_LIST, sameModel, type Price } from './cost';
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

describe('the price of a model in a list', () => {
  const listed = (providerId: string, modelId: string) =>
    listPriceOf(createPricing(), { providerId, modelId }, new Date('2026-10-01'));

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

  it('is unknown where the list has none for exactly this model at this provider', () => {
    expect(listed('openai', 'gpt-4o-of-tomorrow')).toBeNull();
    expect(listed('lm-studio', 'gpt-4o')).toBeNull();
  });
});
