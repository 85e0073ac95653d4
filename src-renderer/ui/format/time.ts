import { dateFormat } from './formatters';

/** Time of day if today, otherwise the date: short enough for a column. */
export function formatWhen(iso: string, locale: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  // 12-hour clocks have no leading zero.
  const { hour12 } = dateFormat(locale, { timeStyle: 'short' }).resolvedOptions();
  const time = { hour: hour12 ? 'numeric' : '2-digit', minute: '2-digit' } as const;
  const sameDay = date.toDateString() === now.toDateString();
  if (sameDay) return dateFormat(locale, time).format(date);
  const sameYear = now.getFullYear() === date.getFullYear();
  return dateFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? time : { year: 'numeric' }),
  }).format(date);
}

/** The date alone. */
export function formatDate(iso: string, locale: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return dateFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(date);
}

/** A day or hour, short enough for an axis; with the year at its start. */
export function formatTick(iso: string, locale: string, timeZone: string, withYear: boolean): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const year = withYear ? ({ year: 'numeric' } as const) : {};
  return iso.length === 10
    ? dateFormat(locale, { day: 'numeric', month: 'short', ...year, timeZone: 'UTC' }).format(date)
    : dateFormat(locale, {
        ...(withYear && { day: 'numeric', month: 'short' }),
        hour: 'numeric',
        minute: '2-digit',
        timeZone,
      }).format(date);
}

/** A calendar month, from `2026-11`. */
export function formatMonth(month: string, locale: string): string {
  const date = new Date(`${month}-01`);
  if (Number.isNaN(date.getTime())) return month;
  return dateFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(date);
}

/** Local time with its offset, then UTC: for tooltips and details. */
export function formatExactTimes(iso: string, locale: string): readonly [local: string, utc: string] {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return [iso, ''];
  const local = dateFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'long',
  }).format(date);
  return [local, iso];
}
