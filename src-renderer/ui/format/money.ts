import { picodollarsFromUsd, PICODOLLARS_PER_DOLLAR } from '../../../src-shared/domain/money';

const CENT = PICODOLLARS_PER_DOLLAR / 100n;
const SMALLEST_SHOWN = PICODOLLARS_PER_DOLLAR / 1_000_000n;

/** Fraction digits by size: whole dollars need cents, tiny costs need to stay visible. */
function digitsFor(amount: bigint): number {
  if (amount === 0n || amount >= PICODOLLARS_PER_DOLLAR) return 2;
  return amount >= CENT ? 4 : 6;
}

/**
 * A cost from its exact decimal string, never through a float. Null is "unpriced", which is not zero.
 * `digits` fixes the precision of a column.
 */
export function formatMoney(usd: string | null, locale: string, digits?: number): string {
  if (usd === null) return 'unpriced';
  const amount = picodollarsFromUsd(usd);
  const magnitude = amount < 0n ? -amount : amount;
  if (magnitude > 0n && magnitude < SMALLEST_SHOWN) return `<${write('0.000001', locale, 6)}`;
  return write(usd, locale, digits ?? digitsFor(magnitude));
}

/** A sum of which `unpriced` parts are not known: then it is the least that it can be, and never nothing. */
export function formatSum(usd: string | null, unpriced: number, locale: string): string {
  if (usd === null || unpriced === 0) return formatMoney(usd, locale);
  return picodollarsFromUsd(usd) === 0n ? 'unpriced' : `at least ${formatMoney(usd, locale)}`;
}

/** The amount with every digit it has, for tooltips. */
export function formatMoneyExact(usd: string | null): string {
  return usd === null ? 'No price is known for this model.' : `${usd} USD`;
}

function write(usd: string, locale: string, digits: number): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return isNumeric(usd) ? format.format(usd) : usd;
}

/** Intl formats decimal strings exactly, without going through a double. */
function isNumeric(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text);
}
