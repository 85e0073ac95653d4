import {
  type InsightDimension,
  type InsightQuery,
  type LatencyQuery,
  timestampOf,
} from '../../src-shared/domain';
import { nameOfBatch, nameOfConnection, nameOfTemplate, type ReadDb, type RollupFilter } from '../store';
import { rangeOf, type Range } from './days';
import type { Measure } from './measures';
import { sumsByKey, sumsBySlot } from './sums';

const HOUR_MS = 3_600_000;
const DEFAULT_STACKS = 5;

interface Group<Sum> {
  readonly key: string;
  /** Null for the total, and for what the stacks leave over. */
  readonly stack: string | null;
  readonly sum: Sum;
}

/** Answers a question from the kept sums: its cost depends on how much is shown, not on the number of runs. */
export function answerQuestion<Sum, Shown extends object>(
  db: ReadDb,
  query: InsightQuery | LatencyQuery,
  now: number,
  measure: Measure<Sum, Shown>,
) {
  const range = rangeOf(query, now);
  const { group_by } = query;
  const stack_by = 'stack_by' in query ? query.stack_by : undefined;
  const byTime = group_by === 'day' || group_by === 'hour';
  const groups = byTime
    ? groupsByTime(db, query, range, measure)
    : groupsByKey(db, query, group_by, range, measure);
  const totals = measure.reader.empty();
  for (const { sum } of groups) measure.reader.add(totals, sum, 1);
  const label = createLabels(db);
  return {
    ...headOf(query, range),
    rows: groups.map(({ key, stack, sum }) => ({
      key,
      label: byTime ? key : label(group_by, key),
      stack,
      stack_label: stack === null || stack_by === undefined ? null : label(stack_by, stack),
      ...measure.show(sum),
    })),
    totals: measure.show(totals),
  };
}

function groupsByKey<Sum>(
  db: ReadDb,
  query: InsightQuery,
  by: InsightDimension,
  range: Range,
  { reader, weight }: Measure<Sum, object>,
): Group<Sum>[] {
  return [...sumsByKey(db, filterOf(query), reader, by, range.whole)]
    .map(([key, sum]) => ({ key, stack: null, sum }))
    .filter(({ sum }) => !reader.isNothing(sum))
    .toSorted((a, b) => weight(b.sum) - weight(a.sum) || (a.key < b.key ? -1 : 1));
}

function groupsByTime<Sum>(
  db: ReadDb,
  query: InsightQuery,
  range: Range,
  measure: Measure<Sum, object>,
): Group<Sum>[] {
  const { stack_by } = query;
  const filter = filterOf(query);
  const { reader } = measure;
  const sumsOf = (only: Parameters<typeof sumsBySlot>[4]) =>
    sumsBySlot(db, filter, reader, range.slots, only);
  if (stack_by === undefined) {
    return (sumsOf(null).get('') ?? [])
      .map((sum, index) => ({ key: range.slots[index]?.key ?? '', stack: null, sum }))
      .filter(({ sum }) => !reader.isNothing(sum));
  }
  const keys = groupsByKey(db, query, stack_by, range, measure).map(({ key }) => key);
  const shown = keys.slice(0, query.stack_top ?? DEFAULT_STACKS);
  const stacks = [...sumsOf({ by: stack_by, keys: shown })];
  // If every stack is shown, nothing is left over.
  const rest = keys.length === shown.length ? undefined : sumsOf(null).get('');
  return range.slots.flatMap(({ key }, index) => {
    const stacked = stacks.map(([stack, sums]) => ({ key, stack, sum: sums[index] ?? reader.empty() }));
    const left = rest?.[index] ?? reader.empty();
    if (rest) for (const { sum } of stacked) reader.add(left, sum, -1);
    return [...stacked, { key, stack: null, sum: left }].filter(({ sum }) => !reader.isNothing(sum));
  });
}

function filterOf({ simulated, workspace_id }: InsightQuery): RollupFilter {
  return { simulated, workspace_id: workspace_id ?? null };
}

export function headOf(query: Pick<InsightQuery, 'time_zone' | 'group_by' | 'simulated'>, range: Range) {
  return {
    from: range.from,
    to: range.to,
    time_zone: query.time_zone,
    exact_days: range.exactDays,
    simulated: query.simulated,
    group_by: query.group_by,
    slots: range.slots.map(({ key }) => key),
    boundaries: [...(range.slots.length > 0 ? range.slots : [range.whole]), { from: range.whole.to }].map(
      ({ from }) => timestampOf(from * HOUR_MS),
    ),
  };
}

/** Display names for ids; each is looked up once. */
function createLabels(db: ReadDb): (by: InsightDimension, key: string) => string {
  const known = new Map<string, string>();
  return (by, key) => {
    const id = `${by}\n${key}`;
    let name = known.get(id);
    if (name === undefined) known.set(id, (name = nameOf(db, by, key)));
    return name;
  };
}

function nameOf(db: ReadDb, by: InsightDimension, key: string): string {
  switch (by) {
    case 'template':
      return nameOfTemplate(db, key);
    case 'connection':
      return nameOfConnection(db, key);
    case 'batch':
      return nameOfBatch(db, key);
    case 'model':
    case 'provider':
      return key;
  }
}
