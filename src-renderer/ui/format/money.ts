import { picodollarsFromUsd, PICODOLLARS_PER_DOLLAR } from '../../../src-shared/domain/money';
import { numberFormat } from './formatters';

const CENT = PICODOLLARS_PER_DOLLAR / 100n;
const SMALLEST_SHOWN = PICODOLLARS_PER_DOLLAR / 1_000_000n;

/** Fraction digits by size: dollars need cents, tiny costs must stay visible. */
function digitsFor(amount: bigint): number {
  if (amount === 0n || amount >= PICODOLLARS_PER_DOLLAR) return 2;
  return amount >= CENT ? 4 : 6;
}

/**
 * A cost from its exact decimal string, never through a float. Null means unpriced, which is not zero. `digits` fixes
 * the precision of a column.
 */
export function formatMoney(usd: string | null, locale: string, digits?: number): string {
  if (usd === null) return 'unpriced';
  const amount = picodollarsFromUsd(usd);
  const magnitude = amount < 0n ? -amount : amount;
  if (magnitude > 0n && magnitude < SMALLEST_SHOWN) return `<${write('0.000001', locale, 6)}`;
  return write(usd, locale, digits ?? digitsFor(magnitude));
}

/** A sum with `unpriced` unknown parts: shown as a lower bound, never as zero. */
export function formatSum(usd: string | null, unpriced: number, locale: string): string {
  if (usd === null || unpriced === 0) return formatMoney(usd, locale);
  return picodollarsFromUsd(usd) === 0n ? 'unpriced' : `at least ${formatMoney(usd, locale)}`;
}

/** The amount with all its digits, for tooltips. */
export function formatMoneyExact(usd: string | null): string {
  return usd === null ? 'No price is known for this model.' : `${usd} USD`;
}

function write(usd: string, locale: string, digits: number): string {
  const format = numberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return isNumeric(usd) ? format.format(usd) : usd;
}

/** A type guard: Intl formats decimal strings exactly, without going through a double. */
function isNumeric(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text);
}
