import { numberFormat } from './formatters';

/** A whole number with the locale's grouping. */
export function formatCount(count: number, locale: string): string {
  return numberFormat(locale, { maximumFractionDigits: 0 }).format(count);
}

/** Null means not reported, which is not zero. */
export function formatTokens(tokens: number | null, locale: string): string {
  return tokens === null ? '–' : formatCount(tokens, locale);
}

/** `842 ms`, `12.4 s`, `3m 5s`. */
export function formatDuration(ms: number | null, locale: string): string {
  if (ms === null) return '–';
  // Thresholds apply to the rounded value: 999.6 ms becomes a second, 59.98 s a minute.
  if (Math.round(ms) < 1000) return `${formatCount(ms, locale)} ms`;
  if (ms < 59_950) {
    const seconds = numberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    return `${seconds.format(ms / 1000)} s`;
  }
  const total = Math.round(ms / 1000);
  return `${formatCount(Math.floor(total / 60), locale)}m ${total % 60}s`;
}

/** `12 B`, `3.4 kB`. */
export function formatBytes(bytes: number | null, locale: string): string {
  if (bytes === null) return '–';
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  let value = bytes;
  let step = 0;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  const digits = step === 0 || value >= 100 ? 0 : 1;
  return numberFormat(locale, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: step === 0 ? 'narrow' : 'short',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** `62.5%`: one decimal, so that close shares stay distinguishable. */
export function formatPercent(share: number, locale: string): string {
  return numberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(share);
}

/** A signed difference in percent against a baseline: `+12%`, `−8%`, `14×`; null if there is nothing to compare. */
export function formatChange(value: number, baseline: number, locale: string): string | null {
  if (baseline <= 0) return null;
  if (value / baseline >= 10) return `${formatCount(Math.round(value / baseline), locale)}×`;
  return numberFormat(locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: 0,
  }).format(value / baseline - 1);
}
