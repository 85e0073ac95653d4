import { describe, expect, test } from 'vitest';
import { formatMoney, formatMoneyExact, formatSum } from './money';
import { formatBytes, formatChange, formatDuration, formatTokens } from './numbers';
import { formatDate, formatMonth, formatWhen } from './time';

describe('money', () => {
  test.each([
    ['0', '$0.00'],
    ['0.000000000001', '<$0.000001'],
    ['0.0000009', '<$0.000001'],
    ['0.000001', '$0.000001'],
    ['0.0021345', '$0.002135'],
    ['0.01', '$0.0100'],
    ['0.43561', '$0.4356'],
    ['1', '$1.00'],
    ['1234.5', '$1,234.50'],
    ['-2.5', '-$2.50'],
  ])('%s USD', (usd, shown) => expect(formatMoney(usd, 'en-US')).toBe(shown));

  test('is written from the decimal string: a double would lose these digits', () => {
    expect(formatMoney('9007199254740993.01', 'en-US')).toBe('$9,007,199,254,740,993.01');
  });

  test('follows the locale', () => {
    expect(formatMoney('1234.5', 'de-DE')).toBe('1.234,50\u00a0$');
    expect(formatMoney('1234567.5', 'hi-IN')).toBe('$12,34,567.50');
  });

  test('keeps one precision in a column if asked to', () => {
    expect(formatMoney('2.5', 'en-US', 6)).toBe('$2.500000');
  });

  test('shows a sum with unpriced parts as a lower bound', () => {
    expect(formatSum('0.5', 0, 'en-US')).toBe('$0.5000');
    expect(formatSum('0.5', 2, 'en-US')).toBe('at least $0.5000');
    expect(formatSum('0', 2, 'en-US')).toBe('unpriced');
    expect(formatSum(null, 2, 'en-US')).toBe('unpriced');
  });

  test('shows an unknown cost as unpriced, not zero', () => {
    expect(formatMoney(null, 'en-US')).toBe('unpriced');
    expect(formatMoneyExact(null)).toMatch(/no price/i);
    expect(formatMoneyExact('0.000000000001')).toBe('0.000000000001 USD');
  });
});

test.each([
  [null, '–'],
  [842, '842 ms'],
  [999.4, '999 ms'],
  [12_400, '12.4 s'],
  [185_000, '3m 5s'],
])('a duration of %s ms', (ms, shown) => expect(formatDuration(ms, 'en-US')).toBe(shown));

test('shows unreported tokens as unknown, not zero', () => {
  expect(formatTokens(null, 'en-US')).toBe('–');
  expect(formatTokens(0, 'en-US')).toBe('0');
  expect(formatTokens(1284, 'en-US')).toBe('1,284');
});

test.each([
  [12, '12B'],
  [3400, '3.4 kB'],
  [9_000_000, '9.0 MB'],
  [18_234_112, '18.2 MB'],
])('%d bytes', (bytes, shown) => expect(formatBytes(bytes, 'en-US')).toBe(shown));

test('a change against a baseline is a percentage, or a factor once it is large', () => {
  expect(formatChange(112, 100, 'en-US')).toBe('+12%');
  expect(formatChange(92, 100, 'en-US')).toBe('-8%');
  expect(formatChange(1400, 100, 'en-US')).toBe('14×');
  expect(formatChange(1, 0, 'en-US')).toBeNull();
});

test('shows a time of day for today, a date for older times', () => {
  const now = new Date(2026, 4, 20, 18, 0);
  expect(formatWhen(new Date(2026, 4, 20, 9, 5).toISOString(), 'en-GB', now)).toBe('09:05');
  expect(formatWhen(new Date(2026, 3, 2, 9, 5).toISOString(), 'en-GB', now)).toBe('2 Apr, 09:05');
  expect(formatWhen(new Date(2025, 3, 2, 9, 5).toISOString(), 'en-GB', now)).toBe('2 Apr 2025');
  // No leading zero for locales with 12-hour clocks.
  expect(formatWhen(new Date(2026, 4, 20, 9, 5).toISOString(), 'en-US', now)).toMatch(/^9:05\sAM$/);
  expect(formatMonth('2026-11', 'en-GB')).toBe('November 2026');
  expect(formatDate('2027-01-31', 'en-GB')).toBe('31 Jan 2027');
});
