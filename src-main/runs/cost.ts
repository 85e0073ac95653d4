import { hash } from 'node:crypto';
import { dependencies } from '../../package.json';
import { calcPrice, type ModelPrice, type TieredPrices } from '@pydantic/genai-prices';
import {
  isPracticeProvider,
  modelName,
  splitPracticeModel,
  systemProvider,
  type JsonObject,
  type ListedFacts,
  PICODOLLARS_PER_DOLLAR,
  type Usage,
} from '../../src-shared/domain';
import { PLAIN_BILLING, type Billing, type ParsedAnswer } from '../ports';

const PRICE_PACKAGE = '@pydantic/genai-prices';

/** Recorded in every snapshot as the source of its price. The dependency is pinned exactly. */
const PRICE_SOURCE = `${PRICE_PACKAGE} ${dependencies[PRICE_PACKAGE]}`;

/** The price list, with its publication date (npm). */
export const PRICE_LIST = { source: PRICE_SOURCE, as_of: '2026-09-23' } as const;

export interface Price {
  /** The price and its source as JSON, stored once under its hash. */
  readonly snapshotText: string;
  readonly snapshotSha256: string;
  readonly modelPrice: ModelPrice;
  /** The model's context window in tokens; null where the list has none. */
  readonly contextTokens: number | null;
}

export interface Pricing {
  /** The model's price at that time; null if none is known for exactly this model. */
  priceOf(providerId: string, modelId: string, at: Date): Price | null;
}

const MINUTE_MS = 60_000;

/**
 * Looks prices up once a minute per model: some depend on the time, to the minute, but none on the call.
 * Re-reading an old run uses the price of its own time, whatever was requested before.
 */
export function createPricing(): Pricing {
  const known = new Map<string, { price: Price | null; minute: number }>();
  return {
    priceOf(providerId, modelId, at) {
      const key = `${providerId}\n${modelId}`;
      const minute = Math.floor(at.getTime() / MINUTE_MS);
      const hit = known.get(key);
      if (hit?.minute === minute) return hit.price;
      if (known.size > 1000) known.clear();
      const price = lookUp(providerId, modelId, at);
      known.set(key, { price, minute });
      return price;
    },
  };
}

function lookUp(providerId: string, modelId: string, at: Date): Price | null {
  // Local and custom servers are unpriced.
  const listed = systemProvider(providerId)?.priceList ?? null;
  if (listed === null) return null;
  // Fault suffixes do not affect the price: a practice model costs what the model that it simulates costs.
  const model = isPracticeProvider(providerId) ? splitPracticeModel(modelId).id : modelId;
  const found = calcPrice({}, modelName(model), { providerId: listed, timestamp: at });
  // The list matches by prefix, pricing claude-sonnet-5-5 as claude-sonnet-5 (docs/providers.md#prices).
  if (!found || !sameModel(model, found.model.id)) return null;
  const snapshot: JsonObject = {
    source: PRICE_SOURCE,
    provider: listed,
    model: found.model.id,
    usd_per: Object.fromEntries(
      Object.entries(found.model_price).flatMap(([unit, price]) =>
        price === undefined ? [] : [[unit, priceText(price)]],
      ),
    ),
  };
  const snapshotText = JSON.stringify(snapshot);
  return {
    snapshotText,
    snapshotSha256: hash('sha256', snapshotText),
    modelPrice: found.model_price,
    contextTokens: found.model.context_window ?? null,
  };
}

function priceText(price: number | TieredPrices): JsonObject | string {
  if (typeof price === 'number') return String(price);
  return {
    base: String(price.base),
    tiers: price.tiers.map((tier) => ({ above_input_tokens: tier.start, price: String(tier.price) })),
  };
}

/** What the list says of a model, for display. A practice model shows what the one that it simulates has. */
export function listedFactsOf(
  pricing: Pricing,
  model: { readonly providerId: string; readonly modelId: string },
  at: Date,
): ListedFacts {
  const known = pricing.priceOf(model.providerId, model.modelId, at);
  if (known === null) return { price: null, context_tokens: null };
  const { input_mtok, cache_read_mtok, output_mtok } = known.modelPrice;
  return {
    price: {
      input: baseRate(input_mtok),
      cached_input: baseRate(cache_read_mtok),
      output: baseRate(output_mtok),
      tiered: [input_mtok, cache_read_mtok, output_mtok].some((rate) => typeof rate === 'object'),
    },
    context_tokens: known.contextTokens,
  };
}

function baseRate(price: number | TieredPrices | undefined): string | null {
  if (price === undefined) return null;
  return String(typeof price === 'number' ? price : price.base);
}

/** Same model, any snapshot: ids are compared without dates, build numbers and `-latest`. */
export function sameModel(requested: string, listed: string): boolean {
  return familyOf(requested) === familyOf(listed);
}

function familyOf(id: string): string {
  return id
    .toLowerCase()
    .replace(/^models\//, '')
    .replaceAll('.', '-')
    .replace(/-(latest|\d{4}-\d{2}-\d{2}|\d{8}|\d{3}|\d{2}-\d{4})$/, '');
}

/** An exact cost, or why there is none. */
export type Cost =
  { readonly picodollars: bigint; readonly why: null } | { readonly picodollars: null; readonly why: string };

/** An answer's cost at the prices of its time, billed for the model that answered instead of the one requested. */
export function costOfAnswer(
  pricing: Pricing,
  answer: Pick<ParsedAnswer, 'outputText' | 'toolCalls' | 'usage' | 'billing' | 'version'>,
  call: { readonly providerId: string; readonly modelId: string; readonly executedAt: string },
): { readonly price: Price | null; readonly cost: Cost } {
  const model = answer.version.evidence.echoed_model ?? call.modelId;
  const price = pricing.priceOf(call.providerId, model, new Date(call.executedAt));
  const cost = costOf(answer.usage, price, answer.billing);
  const uncounted = cost.why === null ? whyUncounted(answer) : null;
  return { price, cost: uncounted === null ? cost : unpriced(uncounted) };
}

/** Servers that do not count report zeros: no real prompt, and no text that arrived, has zero tokens. */
function whyUncounted({
  usage,
  outputText,
  toolCalls,
}: Pick<ParsedAnswer, 'outputText' | 'toolCalls' | 'usage'>): string | null {
  if (usage.input_tokens === 0) return 'The answer counts 0 tokens for the prompt that it read.';
  const isUnwritten = usage.output_tokens === 0 && (outputText !== null || toolCalls.length > 0);
  return isUnwritten ? 'The answer counts 0 tokens for the text that it wrote.' : null;
}

/** An answer's cost, or null with the reason if a count, a rate or the model's price is unknown. */
export function costOf(usage: Usage, price: Price | null, billing: Billing = PLAIN_BILLING): Cost {
  if (price === null) return unpriced('The price list has no price for this model from this provider.');
  const [obstacle] = billing.obstacles;
  return obstacle === undefined ? sumOf(usage, price, billing) : unpriced(obstacle);
}

function unpriced(why: string): Cost {
  return { picodollars: null, why };
}

/** The price list's rate for each total, less the parts that have their own rate. */
const PLAIN_UNIT = {
  input: 'input_mtok',
  cached: 'cache_read_mtok',
  written: 'cache_write_mtok',
  output: 'output_mtok',
} as const;

/**
 * Input includes cached and cache-written tokens (docs/providers.md#usage), which have their own rates and count as
 * zero if not reported. Reasoning is part of the output. A non-zero count without its own rate makes the whole cost
 * unknown: no rate stands in for another.
 */
function sumOf(usage: Usage, price: Price, billing: Billing): Cost {
  const { input_tokens: input, output_tokens: output } = usage;
  if (input === null) return unpriced('The answer does not say how many tokens it read.');
  if (output === null) return unpriced('The answer does not say how many tokens it wrote.');
  const cached = usage.cached_input_tokens ?? 0;
  const written = usage.cache_write_tokens ?? 0;
  const left = { input: input - cached - written, cached, written, output };
  for (const { of, tokens } of billing.parts) left[of] -= tokens;
  if (Object.values(left).some((tokens) => tokens < 0))
    return unpriced('The answer counts more tokens in its parts than in its totals.');

  const totals = ['input', 'cached', 'written', 'output'] as const;
  let perMillion = 0n;
  for (const { unit, tokens } of [
    ...totals.map((of) => ({ unit: PLAIN_UNIT[of], tokens: left[of] })),
    ...billing.parts,
  ]) {
    if (tokens === 0) continue;
    const rate = rateOf(price.modelPrice[unit], input);
    if (rate === null) return unpriced(`The price list has no rate (${unit}) for ${tokens} of its tokens.`);
    perMillion += BigInt(tokens) * rate;
  }
  let perThousand = 0n;
  for (const { unit, calls, what } of [
    { unit: 'web_searches_kcount', calls: usage.search_requests ?? 0, what: 'web searches' },
    { unit: 'storage_searches_kcount', calls: billing.fileSearches, what: 'file searches' },
    // Some models add a fee per request.
    { unit: 'requests_kcount', calls: 'requests_kcount' in price.modelPrice ? 1 : 0, what: 'requests' },
  ]) {
    if (calls === 0) continue;
    const rate = rateOf(price.modelPrice[unit], input);
    if (rate === null) return unpriced(`The price list has no price for ${what} of this model.`);
    perThousand += BigInt(calls) * rate;
  }
  return {
    picodollars: roundedDivision(perMillion, 1_000_000n) + roundedDivision(perThousand, 1000n),
    why: null,
  };
}

/** Picodollars per million tokens (or per thousand searches). */
type Scaled = bigint;

function rateOf(price: number | TieredPrices | undefined, inputTokens: number): Scaled | null {
  if (price === undefined) return null;
  if (typeof price === 'number') return scaled(price);
  // Crossing a tier prices the whole request at that tier.
  const tier = price.tiers.findLast(({ start }) => inputTokens > start);
  return scaled(tier?.price ?? price.base);
}

/** The list's binary floats stand for short decimals: the shortest decimal is the intended price. */
function scaled(price: number): Scaled | null {
  const match = /^(\d+)(?:\.(\d+))?(?:e-(\d+))?$/.exec(String(price));
  if (!match) return null;
  const [, whole = '0', fraction = '', exponent = '0'] = match;
  const places = fraction.length + Number(exponent);
  return roundedDivision(BigInt(whole + fraction) * PICODOLLARS_PER_DOLLAR, 10n ** BigInt(places));
}

function roundedDivision(amount: bigint, by: bigint): bigint {
  return (amount + by / 2n) / by;
}
