import { describe, expect, test } from 'vitest';
import { durationTick, durationTicks } from './duration-axis';

describe('a duration axis', () => {
  test.each([
    [0, [0, 1]],
    [842, [0, 200, 400, 600, 800, 1000]],
    [4100, [0, 1000, 2000, 3000, 4000, 5000]],
    [80_000, [0, 30_000, 60_000, 90_000]],
    [7 * 60_000, [0, 120_000, 240_000, 360_000, 480_000]],
  ])('up to %d ms has steps that a clock has', (longest, ticks) => {
    expect(durationTicks(longest)).toEqual(ticks);
  });

  test('covers the longest value in few steps, however long it is', () => {
    for (let longest = 1; longest < 1e9; longest = Math.ceil(longest * 1.7)) {
      const ticks = durationTicks(longest);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(longest);
      expect(ticks.length).toBeLessThanOrEqual(6);
    }
  });

  test('labels its lines briefly', () => {
    const format = (ms: number) => `${ms} as it is`;
    expect([0, 500, 30_000, 60_000, 90_000].map((ms) => durationTick(ms, format))).toEqual([
      '0',
      '500 as it is',
      '30 s',
      '1m',
      '90000 as it is',
    ]);
  });
});
