import { hash } from 'node:crypto';
import { calcPrice, type ModelPrice, type TieredPrices } from '@pydantic/genai-prices';
import { modelName, type JsonObject, PICODOLLARS_PER_DOLLAR, type Usage } from '../../src-shared/domain';

/** Named in every snapshot, so that a reader knows where a price came from. */
const PRICE_SOURCE = '@pydantic/genai-prices 0.1.8';

/** The price list's name for each of our providers; what is not here (local and custom servers) is unpriced. */
const PRICE_LIST_PROVIDER: Readonly<Record<string, string>> = {
  openai: 'openai',
  'azure-openai': 'azure',
  anthropic: 'anthropic',
  google: 'google',
  // Practice runs are priced like the model they play; they are marked simulated and never counted as spend.
  'practice-openai': 'openai',
  'practice-anthropic': 'anthropic',
  'practice-google': 'google',
};

export interface Price {
  /** What the price was and where it came from, as JSON; stored once under its hash. */
  readonly snapshotText: string;
  readonly snapshotSha256: string;
  readonly modelPrice: ModelPrice;
}

export interface Pricing {
  /** The price of a model at that time, or null where none is known for exactly this model. */
  priceOf(providerId: string, modelId: string, at: Date): Price | null;
}

const MINUTE_MS = 60_000;

/**
 * Prices looked up once a minute per model: some prices depend on the time, by whole minutes, and none on the call. A run
 * of long ago that is read again has the price of its own time, whatever was asked for before.
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
  const listed = PRICE_LIST_PROVIDER[providerId];
  if (listed === undefined) return null;
  const found = calcPrice({}, modelName(modelId), { providerId: listed, timestamp: at });
  // The list matches by prefix and so prices claude-sonnet-5-5 as claude-sonnet-5 (PROVIDERS.md, Prices).
  if (!found || !sameModel(modelId, found.model.id)) return null;
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
  return { snapshotText, snapshotSha256: hash('sha256', snapshotText), modelPrice: found.model_price };
}

function priceText(price: number | TieredPrices): JsonObject | string {
  if (typeof price === 'number') return String(price);
  return {
    base: String(price.base),
    tiers: price.tiers.map((tier) => ({ above_input_tokens: tier.start, price: String(tier.price) })),
  };
}

/** Same model, whatever snapshot: the ids agree once dates, build numbers and `-latest` are taken off. */
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

/**
 * The exact cost in picodollars, or null where a count or a price that it needs is not known.
 * Input counts include cached and cache-written tokens (PROVIDERS.md, Usage normalisation), which have their own
 * rates; where the provider reported none of them, none is assumed. Reasoning is part of the output.
 */
export function costOf(usage: Usage, price: Price): bigint | null {
  const { input_tokens: input, output_tokens: output } = usage;
  if (input === null || output === null) return null;
  const cached = usage.cached_input_tokens ?? 0;
  const written = usage.cache_write_tokens ?? 0;
  const fresh = input - cached - written;
  if (fresh < 0) return null;
  const rate = (unit: string): Scaled | null => rateOf(price.modelPrice[unit], input);
  const inputRate = rate('input_mtok');
  const outputRate = rate('output_mtok');
  if (inputRate === null || outputRate === null) return null;
  const searches = usage.search_requests ?? 0;
  const searchRate = rate('web_searches_kcount');
  if (searches > 0 && searchRate === null) return null;
  const perMillion =
    BigInt(fresh) * inputRate +
    BigInt(cached) * (rate('cache_read_mtok') ?? inputRate) +
    BigInt(written) * (rate('cache_write_mtok') ?? inputRate) +
    BigInt(output) * outputRate;
  return (
    roundedDivision(perMillion, 1_000_000n) + roundedDivision(BigInt(searches) * (searchRate ?? 0n), 1000n)
  );
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

/** The list's binary floats are short decimals written down: their shortest decimal is the price meant. */
function scaled(price: number): Scaled | null {
  const match = /^(\d+)(?:\.(\d+))?(?:e-(\d+))?$/.exec(String(price));
  if (!match) return null;
  const [, whole = '0', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  const shift = fraction.length + Number(exponent);
  return shift <= 12
    ? digits * 10n ** BigInt(12 - shift)
    : roundedDivision(digits * PICODOLLARS_PER_DOLLAR, 10n ** BigInt(shift));
}

function roundedDivision(amount: bigint, by: bigint): bigint {
  return (amount + by / 2n) / by;
}
