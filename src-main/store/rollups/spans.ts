const HOUR_MS = 3_600_000;

/** The lengths of time that sums are kept for (UTC), shortest first. */
export const HOUR = 0;
export const SIX_HOURS = 1;
export const DAY = 2;
export const MONTH = 3;
export const SPANS = [HOUR, SIX_HOURS, DAY, MONTH] as const;
export type Span = (typeof SPANS)[number];

/** A range of whole spans, numbered since 1970: `from` inclusive, `to` exclusive. */
export interface Piece {
  readonly span: Span;
  readonly from: number;
  readonly to: number;
}

/** The hour of a stored time, in whole hours since 1970 (UTC). */
export function hourOf(time: string): number {
  return Math.floor(Date.parse(time) / HOUR_MS);
}

/** The hour and the longer spans that contain it. */
export function spansOfHour(hour: number): Readonly<Record<Span, number>> {
  return {
    [HOUR]: hour,
    [SIX_HOURS]: Math.floor(hour / 6),
    [DAY]: Math.floor(hour / 24),
    [MONTH]: monthOf(hour),
  };
}

/** The fewest whole spans that cover the hours from `from` (inclusive) to `to` (exclusive). */
export function piecesOf(from: number, to: number): Piece[] {
  const firstMonth = monthOf(from) + (firstHourOfMonth(monthOf(from)) === from ? 0 : 1);
  const endMonth = monthOf(to);
  if (firstMonth >= endMonth) return inDays(from, to);
  return [
    ...inDays(from, firstHourOfMonth(firstMonth)),
    { span: MONTH, from: firstMonth, to: endMonth },
    ...inDays(firstHourOfMonth(endMonth), to),
  ];
}

function inDays(from: number, to: number): Piece[] {
  return inWhole(DAY, 24, from, to, (start, end) =>
    inWhole(SIX_HOURS, 6, start, end, (first, last) => [{ span: HOUR, from: first, to: last }]),
  );
}

/** Whole spans of `hours` hours, with shorter spans for what remains before and after. */
function inWhole(
  span: Span,
  hours: number,
  from: number,
  to: number,
  shorter: (from: number, to: number) => Piece[],
): Piece[] {
  if (from >= to) return [];
  const first = Math.ceil(from / hours);
  const end = Math.floor(to / hours);
  if (first >= end) return shorter(from, to);
  const edge = (start: number, last: number): Piece[] => (start < last ? shorter(start, last) : []);
  return [...edge(from, first * hours), { span, from: first, to: end }, ...edge(end * hours, to)];
}

function monthOf(hour: number): number {
  const date = new Date(hour * HOUR_MS);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

function firstHourOfMonth(month: number): number {
  return Date.UTC(1970 + Math.floor(month / 12), month % 12) / HOUR_MS;
}
