import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountUsdSchema, picodollarsFromUsd, usdFromPicodollars } from './money';

describe('money', () => {
  it.each([
    [0n, '0'],
    [37_500n, '0.0000000375'],
    [1_000_000_000_000n, '1'],
    [-1_500_000_000_000n, '-1.5'],
    [9_007_199_254_740_993_000_000n, '9007199254.740993'],
  ])('%s picodollars are %s USD', (amount, text) => {
    expect(usdFromPicodollars(amount)).toBe(text);
  });

  it('survives the way out and back exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (amount) => {
        expect(picodollarsFromUsd(usdFromPicodollars(amount))).toBe(amount);
      }),
    );
  });

  it.each(['', '1.', '.5', '1e3', '0.0000000000001', 'NaN', ' 1'])('refuses %j', (text) => {
    expect(() => picodollarsFromUsd(text)).toThrow(RangeError);
  });

  it('takes only amounts that can be stored exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999_999_999n }), (amount) => {
        expect(amountUsdSchema.safeParse(usdFromPicodollars(amount)).success).toBe(true);
      }),
    );
    for (const text of ['-5', '1000000', '0.0000000000001', '1e3', '', '5 USD'])
      expect(amountUsdSchema.safeParse(text).error?.issues[0]?.message).toContain('such as 25.50');
  });
});
