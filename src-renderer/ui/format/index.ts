import { useMemo } from 'react';
import { useIntl } from 'react-intl';
import { formatMoney, formatMoneyExact, formatSum } from './money';
import {
  formatBytes,
  formatChange,
  formatCount,
  formatDuration,
  formatPercent,
  formatTokens,
} from './numbers';
import { formatDate, formatExactTimes, formatMonth, formatTick, formatWhen } from './time';

export interface Format {
  money(usd: string | null, digits?: number): string;
  moneyExact(usd: string | null): string;
  /** A sum that may include unpriced parts: `at least $0.12`. */
  sum(usd: string | null, unpriced: number): string;
  count(count: number): string;
  tokens(tokens: number | null): string;
  duration(ms: number | null): string;
  bytes(bytes: number | null): string;
  /** A share from 0 to 1; always show the total beside it. */
  percent(share: number): string;
  change(value: number, baseline: number): string | null;
  when(iso: string): string;
  date(iso: string): string;
  month(month: string): string;
  /** A short name for a chart's slot; only the first includes the year. */
  tick(slot: string, timeZone: string, isFirst: boolean): string;
  exactTime(iso: string): string;
  /** The two parts of `exactTime`. */
  exactTimes(iso: string): readonly [local: string, utc: string];
  /** `1 run`, `1,204 runs`. */
  plural(count: number, one: string, other: string): string;
}

/** All formatting of numbers, amounts and times, in the user's locale. */
export function useFormat(): Format {
  const { locale } = useIntl();
  return useMemo(
    () => ({
      money: (usd, digits) => formatMoney(usd, locale, digits),
      moneyExact: formatMoneyExact,
      sum: (usd, unpriced) => formatSum(usd, unpriced, locale),
      count: (count) => formatCount(count, locale),
      tokens: (tokens) => formatTokens(tokens, locale),
      duration: (ms) => formatDuration(ms, locale),
      bytes: (bytes) => formatBytes(bytes, locale),
      percent: (share) => formatPercent(share, locale),
      change: (value, baseline) => formatChange(value, baseline, locale),
      date: (iso) => formatDate(iso, locale),
      month: (month) => formatMonth(month, locale),
      tick: (slot, timeZone, isFirst) => formatTick(slot, locale, timeZone, isFirst),
      when: (iso) => formatWhen(iso, locale),
      exactTime: (iso) => formatExactTimes(iso, locale).filter(Boolean).join(' · '),
      exactTimes: (iso) => formatExactTimes(iso, locale),
      plural: (count, one, other) => `${formatCount(count, locale)} ${count === 1 ? one : other}`,
    }),
    [locale],
  );
}

/** How many rows a list shows: `12 runs`, or `200+ runs` if more can be loaded. */
export function listSize(
  format: Format,
  { rows, hasMore }: { readonly rows: readonly unknown[]; readonly hasMore: boolean },
  one: string,
  other: string,
): string {
  return hasMore ? `${format.count(rows.length)}+ ${other}` : format.plural(rows.length, one, other);
}

/** The first characters of an id or hash: enough to distinguish two at a glance. */
export function shortId(id: string): string {
  return id.length <= 10 ? id : id.slice(0, 8);
}

/** The end of a UUIDv7: it begins with the time, so ids of the same minute look alike at the start. */
export function tailId(id: string): string {
  return id.length <= 8 ? id : id.slice(-6);
}
