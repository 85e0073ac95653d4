import { validationError, type InsightQuery } from '../../src-shared/domain';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DEFAULT_DAYS = 30;
/** A chart with more points than a leap year of days, or a fortnight of hours, is unreadable. */
const MAX_DAYS = 400;
const MAX_DAYS_BY_HOUR = 14;

/** A range of whole UTC hours: `from` inclusive, `to` exclusive. */
export interface Slot {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

export interface Range {
  readonly from: string;
  readonly to: string;
  readonly whole: Slot;
  /** Its days or hours, if the question groups by them. */
  readonly slots: readonly Slot[];
  readonly exactDays: boolean;
}

/**
 * The hours that a question covers. Sums are kept by UTC hour: in a zone whose midnight falls inside one (India,
 * Nepal), the day starts at the next full hour, so that every hour belongs to exactly one day.
 */
export function rangeOf(
  query: Pick<InsightQuery, 'from' | 'to' | 'last_hours' | 'time_zone' | 'group_by'>,
  now: number,
): Range {
  if (query.last_hours !== undefined) return lastHours({ ...query, last_hours: query.last_hours }, now);
  const zone = query.time_zone;
  const to = query.to ?? localDate(zone, now);
  const from = query.from ?? addDays(to, 1 - DEFAULT_DAYS);
  const count = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  const most = query.group_by === 'hour' ? MAX_DAYS_BY_HOUR : MAX_DAYS;
  if (count < 1) throw validationError([{ path: 'to', message: 'is before from' }]);
  if (count > most) throw validationError([{ path: 'from', message: `ask for at most ${most} days` }]);

  const midnights = Array.from({ length: count + 1 }, (_, index) => startOfDay(zone, addDays(from, index)));
  const hours = midnights.map((time) => Math.ceil(time / HOUR_MS));
  const first = hours[0] ?? 0;
  const end = hours.at(-1) ?? first;
  const days = hours
    .slice(0, -1)
    .map((hour, index) => ({ key: addDays(from, index), from: hour, to: hours[index + 1] ?? hour }));
  return {
    from,
    to,
    whole: { key: '', from: first, to: end },
    slots: query.group_by === 'day' ? days : query.group_by === 'hour' ? hoursBetween(first, end) : [],
    exactDays: midnights.every((time) => time % HOUR_MS === 0),
  };
}

function lastHours(
  query: Pick<InsightQuery, 'from' | 'to' | 'time_zone' | 'group_by'> & { last_hours: number },
  now: number,
): Range {
  const { time_zone, group_by, last_hours } = query;
  if (query.from !== undefined || query.to !== undefined) {
    throw validationError([{ path: 'last_hours', message: 'give days or hours, not both' }]);
  }
  if (group_by === 'day') {
    throw validationError([
      { path: 'group_by', message: 'a range of hours cannot be grouped by day: group by hour' },
    ]);
  }
  const to = Math.floor(now / HOUR_MS) + 1;
  const whole = { key: '', from: to - last_hours, to };
  return {
    from: localDate(time_zone, whole.from * HOUR_MS),
    to: localDate(time_zone, now),
    whole,
    slots: group_by === 'hour' ? hoursBetween(whole.from, to) : [],
    exactDays: true,
  };
}

function hoursBetween(first: number, end: number): Slot[] {
  return Array.from({ length: end - first }, (_, index) => ({
    key: new Date((first + index) * HOUR_MS).toISOString(),
    from: first + index,
    to: first + index + 1,
  }));
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

const KEPT_DAYS = 5_000;
const starts = new Map<string, number>();

/** The first moment of a local day, cached: asking `Intl` for a year of them takes longer than reading their sums. */
export function startOfDay(zone: string, date: string): number {
  const key = `${zone} ${date}`;
  let start = starts.get(key);
  if (start === undefined) {
    if (starts.size >= KEPT_DAYS) starts.clear();
    starts.set(key, (start = findStartOfDay(zone, date)));
  }
  return start;
}

/** If clocks skip midnight, the day starts at the skip. */
function findStartOfDay(zone: string, date: string): number {
  const midnight = Date.parse(date);
  // The zone's offset may change on this very day: the day starts at one of the two offsets around it.
  const candidates = [midnight + DAY_MS, midnight - DAY_MS].map((near) => midnight - offsetAt(zone, near));
  const fitting = candidates.filter((time) => localDate(zone, time) === date);
  return Math.min(...(fitting.length > 0 ? fitting : candidates));
}

function localDate(zone: string, time: number): string {
  return new Date(time + offsetAt(zone, time)).toISOString().slice(0, 10);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far local clocks are ahead of UTC, in milliseconds. */
function offsetAt(zone: string, time: number): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
}
