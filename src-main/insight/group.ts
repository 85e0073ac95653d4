import type { InsightGroup, InsightQuery, InsightStack } from '../../src-shared/domain';
import { nameOfConnection, nameOfTemplate, type ReadDb, type RollupRead, type SeriesKey } from '../store';
import { rangeOf, type Range, type Slot } from './days';

/** How one measure is summed: an empty sum, adding a series' row to it, and what is shown of it. */
export interface Measure<Row extends SeriesKey, Sum, Shown extends object> {
  read(hours: RollupRead): readonly Row[];
  empty(): Sum;
  add(sum: Sum, row: Row): void;
  show(sum: Sum): Shown;
  /** By what groups that are not times are ordered, largest first. */
  weight(sum: Sum): number;
}

interface Group<Sum> {
  readonly key: string;
  readonly stack: string | null;
  readonly sum: Sum;
}

/** Answers a question: one pass over the sums of each day (or of the whole range), merged by what is grouped by. */
export function answerQuestion<Row extends SeriesKey, Sum, Shown extends object>(
  db: ReadDb,
  query: InsightQuery,
  now: number,
  measure: Measure<Row, Sum, Shown>,
) {
  const range = rangeOf(query, now);
  const { group_by } = query;
  const byTime = group_by === 'day' || group_by === 'hour';
  const bySeries = !byTime || query.stack_by !== undefined;
  const totals = measure.empty();
  const groups = new Map<string, Group<Sum>>();
  const addSlot = (slot: Slot): void => {
    for (const row of measure.read({ ...slot, bySeries })) {
      const key = byTime ? slot.key : dimensionOf(row, group_by);
      const stack = query.stack_by === undefined ? null : dimensionOf(row, query.stack_by);
      const id = stack === null ? key : `${key}\n${stack}`;
      let group = groups.get(id);
      if (!group) groups.set(id, (group = { key, stack, sum: measure.empty() }));
      measure.add(group.sum, row);
      measure.add(totals, row);
    }
  };
  for (const slot of byTime ? range.slots : [range.whole]) addSlot(slot);

  const rows = [...groups.values()];
  if (!byTime) rows.sort((a, b) => measure.weight(b.sum) - measure.weight(a.sum));
  const label = createLabels(db);
  return {
    ...headOf(query, range),
    rows: rows.map(({ key, stack, sum }) => ({
      key,
      label: byTime ? key : label(group_by, key),
      stack,
      stack_label: stack === null || query.stack_by === undefined ? null : label(query.stack_by, stack),
      ...measure.show(sum),
    })),
    totals: measure.show(totals),
  };
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
  };
}

function dimensionOf(row: SeriesKey, by: InsightStack): string {
  switch (by) {
    case 'template':
      return row.template_id;
    case 'model':
      return row.model_id;
    case 'connection':
      return row.connection_id;
    case 'provider':
      return row.provider;
  }
}

/** Names for ids, each looked up once. */
function createLabels(db: ReadDb): (by: InsightGroup, key: string) => string {
  const known = new Map<string, string>();
  return (by, key) => {
    const named = known.get(key);
    if (named !== undefined) return named;
    const name =
      by === 'template' ? nameOfTemplate(db, key) : by === 'connection' ? nameOfConnection(db, key) : key;
    known.set(key, name);
    return name;
  };
}
