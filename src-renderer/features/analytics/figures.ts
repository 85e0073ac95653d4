import type { CostsAnswer } from '../../../src-shared/domain';
import { picodollarsFromUsd, usdOfSum } from '../../../src-shared/domain/money';

/** A line, or a segment of stacked bars. */
export interface Series {
  readonly key: string;
  readonly label: string;
  /** Its style; by default its position. */
  readonly look?: number;
}

/** A slot with a number or null for each series. */
export interface Point {
  readonly slot: string;
  readonly values: Readonly<Record<string, number | null>>;
}

/** Key of the sum of series that are not shown individually. */
export const OTHERS = 'others';
/** The quietest style: "others" is often the largest part and rarely what people look for. */
const OTHERS_LOOK = 6;

/** An amount as a chart coordinate; null if unknown, never 0. */
export function amountOf(usd: string | null): number | null {
  return usd === null ? null : Number(usd);
}

/** Stacked costs by slot; series are ordered by their total over the range. */
export function stackedCosts({ rows, slots }: CostsAnswer): { series: Series[]; points: Point[] } {
  const series = new Map<string, Series>();
  const values = new Map<string, Record<string, number | null>>();
  for (const { key, stack, stack_label, cost_usd } of rows) {
    const id = stack ?? OTHERS;
    if (!series.has(id)) {
      series.set(
        id,
        stack === null
          ? { key: id, label: 'all others', look: OTHERS_LOOK }
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

/** Each slot's exact cost; null if it has runs but none with a price. */
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

/** Spreads rows over all slots: only slots with runs have rows. */
export function bySlot<Row extends { key: string }>(
  { rows, slots }: { rows: readonly Row[]; slots: readonly string[] },
  values: (row: Row | undefined) => Readonly<Record<string, number | null>>,
): Point[] {
  const found = new Map(rows.map((row) => [row.key, row]));
  return slots.map((slot) => ({ slot, values: values(found.get(slot)) }));
}

/** The slots from the first to the last with runs. */
export function busySlots(
  slots: readonly string[],
  rows: readonly { readonly key: string; readonly runs: number }[],
): readonly string[] {
  const busy = new Set(rows.filter(({ runs }) => runs > 0).map(({ key }) => key));
  const first = slots.findIndex((slot) => busy.has(slot));
  const last = slots.findLastIndex((slot) => busy.has(slot));
  return first < 0 ? slots : slots.slice(first, last + 1);
}

/** A monthly budget spread evenly over days, for the line in daily charts. */
export function budgetPerDay(monthlyUsd: string, month: string): number {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  return Number(monthlyUsd) / new Date(Date.UTC(year, number, 0)).getUTCDate();
}
