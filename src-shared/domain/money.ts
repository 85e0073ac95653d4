import * as z from 'zod';

/** Money in storage is a whole number of picodollars (1e-12 USD); outside it is a decimal string. Unknown is null, never 0. */
export const PICODOLLARS_PER_DOLLAR = 1_000_000_000_000n;

export const costUsdSchema = z.string().regex(/^-?\d+(\.\d+)?$/);

/** An amount that a person sets. Far below 2^63 picodollars, which is what storage can hold. */
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

/** Picodollars of a decimal string such as "0.002"; more than 12 fractional digits are refused, as they would be lost. */
export function picodollarsFromUsd(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text);
  if (!match) throw new RangeError(`not an amount in USD with at most 12 fractional digits: ${text}`);
  const [, sign = '', whole = '0', fraction = ''] = match;
  const amount = BigInt(whole) * PICODOLLARS_PER_DOLLAR + BigInt(fraction.padEnd(12, '0'));
  return sign ? -amount : amount;
}
