import type { CostsAnswer } from '../../../src-shared/domain';
import { picodollarsFromUsd, usdOfSum } from '../../../src-shared/domain/money';

/** A line or a part of a bar. */
export interface Series {
  readonly key: string;
  readonly label: string;
  /** Which of the looks it has; its place in the order where this is left out. */
  readonly look?: number;
}

/** A point of a chart: its slot, and a number (or nothing) for each series. */
export interface Point {
  readonly slot: string;
  readonly values: Readonly<Record<string, number | null>>;
}

/** Under this key are the templates or models that are not shown by themselves. */
export const OTHERS = 'others';
/** The quietest look: the rest is often the most, and not what one looks for. */
const REST_LOOK = 6;

/** An amount as a place in a chart; an unknown one has none, and is not 0. */
export function amountOf(usd: string | null): number | null {
  return usd === null ? null : Number(usd);
}

/** Stacked costs by slot, in the order of their size over the range. */
export function stackedCosts({ rows, slots }: CostsAnswer): { series: Series[]; points: Point[] } {
  const series = new Map<string, Series>();
  const values = new Map<string, Record<string, number | null>>();
  for (const { key, stack, stack_label, cost_usd } of rows) {
    const id = stack ?? OTHERS;
    if (!series.has(id)) {
      series.set(
        id,
        stack === null
          ? { key: id, label: 'all others', look: REST_LOOK }
          : { key: id, label: stack_label ?? id },
      );
    }
    const point = values.get(key) ?? {};
    point[id] = amountOf(cost_usd);
    values.set(key, point);
  }
  const ordered = [...series.values()].toSorted(
    (a, b) => Number(a.key === OTHERS) - Number(b.key === OTHERS),
  );
  return { series: ordered, points: slots.map((slot) => ({ slot, values: values.get(slot) ?? {} })) };
}

/** Each slot's cost, exactly: null where nothing is priced and something is not. */
export function costBySlot({ rows, slots }: CostsAnswer) {
  const sums = new Map<string, { runs: number; unpriced: number; cost: bigint }>();
  for (const { key, runs, unpriced, cost_usd } of rows) {
    const sum = sums.get(key) ?? { runs: 0, unpriced: 0, cost: 0n };
    sum.runs += runs;
    sum.unpriced += unpriced;
    sum.cost += cost_usd === null ? 0n : picodollarsFromUsd(cost_usd);
    sums.set(key, sum);
  }
  return slots.map((slot) => {
    const { runs, unpriced, cost } = sums.get(slot) ?? { runs: 0, unpriced: 0, cost: 0n };
    return { slot, runs, unpriced, cost_usd: usdOfSum(cost, unpriced) };
  });
}

/** Values of each slot where only slots with runs have rows. */
export function bySlot<Row extends { key: string }>(
  { rows, slots }: { rows: readonly Row[]; slots: readonly string[] },
  values: (row: Row | undefined) => Readonly<Record<string, number | null>>,
): Point[] {
  const found = new Map(rows.map((row) => [row.key, row]));
  return slots.map((slot) => ({ slot, values: values(found.get(slot)) }));
}

/** The slots from the first to the last in which anything ran: what is before and after them is empty. */
export function busySlots(
  slots: readonly string[],
  rows: readonly { readonly key: string; readonly runs: number }[],
): readonly string[] {
  const busy = new Set(rows.filter(({ runs }) => runs > 0).map(({ key }) => key));
  const first = slots.findIndex((slot) => busy.has(slot));
  const last = slots.findLastIndex((slot) => busy.has(slot));
  return first < 0 ? slots : slots.slice(first, last + 1);
}

/** A monthly budget spent evenly, for the line in a chart of days. */
export function budgetPerDay(monthlyUsd: string, month: string): number {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  return Number(monthlyUsd) / new Date(Date.UTC(year, number, 0)).getUTCDate();
}
