import * as z from 'zod';

/** Money in storage is a whole number of picodollars (1e-12 USD); outside it is a decimal string. Unknown is null, never 0. */
export const PICODOLLARS_PER_DOLLAR = 1_000_000_000_000n;

export const costUsdSchema = z.string().regex(/^-?\d+(\.\d+)?$/);

/** An amount set by a person, far below the 2^63 picodollars that storage can hold. */
export const amountUsdSchema = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,12})?$/, 'must be an amount in USD below a million, such as 25.50');

/** Exact decimal string of a picodollar amount, without trailing zeros: 37500n → "0.0000000375". */
export function usdFromPicodollars(amount: bigint): string {
  const negative = amount < 0n;
  const digits = (negative ? -amount : amount).toString().padStart(13, '0');
  const whole = digits.slice(0, -12);
  const fraction = digits.slice(-12).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
}

/**
 * What a sum says, everywhere: what is known of it, and null where nothing is, since a sum of unpriced calls alone is
 * not 0. Beside it stands the number of unpriced calls; a sum with some in it is a lower bound.
 */
export function usdOfSum(known: bigint, unpriced: number): string | null {
  return known === 0n && unpriced > 0 ? null : usdFromPicodollars(known);
}

/** The same as text: `$1.5`, `at least $1.5 + 2 unpriced`, or `unpriced`. */
export function sumInWords(cost_usd: string | null, unpriced: number): string {
  if (cost_usd === null) return unpriced > 0 ? `${unpriced} unpriced` : 'unpriced';
  return unpriced > 0 ? `at least $${cost_usd} + ${unpriced} unpriced` : `$${cost_usd}`;
}

/** Picodollars of a decimal string such as "0.002"; more than 12 fractional digits would be lost, so they are refused. */
export function picodollarsFromUsd(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text);
  if (!match) throw new RangeError(`not an amount in USD with at most 12 fractional digits: ${text}`);
  const [, sign = '', whole = '0', fraction = ''] = match;
  const amount = BigInt(whole) * PICODOLLARS_PER_DOLLAR + BigInt(fraction.padEnd(12, '0'));
  return sign ? -amount : amount;
}
