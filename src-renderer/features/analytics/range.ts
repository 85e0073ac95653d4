import type { InsightQuery } from '../../../src-shared/domain';
import { rangeName, type AnalyticsSearch } from './search';

export const RANGES = [
  { name: '24h', label: '24 h', days: 1 },
  { name: '7d', label: '7 d', days: 7 },
  { name: '30d', label: '30 d', days: 30 },
  { name: '90d', label: '90 d', days: 90 },
] as const;
/** The range as the core takes it; days are in the given zone. */
export type RangeInput = Pick<InsightQuery, 'from' | 'to' | 'last_hours' | 'time_zone' | 'simulated'>;

export function systemZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Local zone first, then UTC, then all others. */
export function zones(): string[] {
  return [...new Set([systemZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])];
}

export function rangeInput(search: AnalyticsSearch, now: Date): RangeInput {
  const time_zone = search.zone ?? systemZone();
  const base = { time_zone, simulated: search.practice === true };
  const name = rangeName(search);
  if (name === '24h') return { ...base, last_hours: 24 };
  if (name === 'custom') {
    return { ...base, ...(search.from && { from: search.from }), ...(search.to && { to: search.to }) };
  }
  const days = RANGES.find((range) => range.name === name)?.days ?? 30;
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: time_zone }).format(now);
  return { ...base, from: dayBefore(today, days - 1), to: today };
}

function dayBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * 86_400_000).toISOString().slice(0, 10);
}
