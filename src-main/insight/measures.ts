import { usdFromPicodollars } from '../../src-shared/domain';
import {
  addEncoded,
  costSums,
  countOf,
  emptyHistogram,
  latencySums,
  OUTCOMES,
  outcomeSums,
  quantileOf,
  tokenSums,
  TOKENS,
  type Histogram,
  type ReadDb,
  type RollupFilter,
  type RollupRead,
  type SeriesKey,
} from '../store';
import type { Measure } from './group';

/** Under so many answers a P95 is one of the slowest, not a quantile (UX.md, Percent). */
const LEAST_FOR_P95 = 20;

export function costs(db: ReadDb, filter: RollupFilter) {
  return {
    read: (hours: RollupRead) => costSums(db, filter, hours),
    empty: () => ({ runs: 0, unpriced: 0, cost: 0n }),
    add(sum: CostSum, row: SeriesKey & { runs: number; unpriced: number; cost_text: string }) {
      sum.runs += row.runs;
      sum.unpriced += row.unpriced;
      sum.cost += BigInt(row.cost_text);
    },
    // Where nothing but unpriced runs is summed, the cost is not 0 but unknown.
    show: ({ runs, unpriced, cost }: CostSum) => ({
      runs,
      unpriced,
      cost_usd: cost === 0n && unpriced > 0 ? null : usdFromPicodollars(cost),
    }),
    weight: ({ cost }: CostSum) => Number(cost),
  };
}
interface CostSum {
  runs: number;
  unpriced: number;
  cost: bigint;
}

export function latency(db: ReadDb, filter: RollupFilter) {
  return {
    read: (hours: RollupRead) => latencySums(db, filter, hours),
    empty: emptyHistogram,
    add: (sum: Histogram, row: SeriesKey & { latency: Uint8Array }) => addEncoded(sum, row.latency),
    show(sum: Histogram) {
      const answered = countOf(sum);
      return {
        answered,
        p50_ms: quantileOf(sum, 0.5),
        p95_ms: answered < LEAST_FOR_P95 ? null : quantileOf(sum, 0.95),
      };
    },
    weight: (sum: Histogram) => countOf(sum),
  };
}

/** A measure whose sums are plain counts. */
function counts<const Name extends 'runs' | (string & {})>(
  names: readonly Name[],
  read: (hours: RollupRead) => readonly (SeriesKey & Record<Name | 'runs', number>)[],
): Measure<SeriesKey & Record<Name | 'runs', number>, Counts<Name>, Record<Name, number>> {
  const all = (value: (name: Name) => number): Record<Name, number> => {
    const entries = names.map((name) => [name, value(name)] as const);
    // The entries are exactly the names, which `fromEntries` cannot say.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Object.fromEntries(entries) as Record<Name, number>;
  };
  return {
    read,
    empty: () => ({ runs: 0, of: all(() => 0) }),
    add(sum, row) {
      sum.runs += row.runs;
      for (const name of names) sum.of[name] += row[name];
    },
    show: ({ of }) => of,
    weight: ({ runs }) => runs,
  };
}
interface Counts<Name extends string> {
  runs: number;
  readonly of: Record<Name, number>;
}

export function outcomes(db: ReadDb, filter: RollupFilter) {
  return counts(OUTCOMES, (hours) => outcomeSums(db, filter, hours));
}

export function tokens(db: ReadDb, filter: RollupFilter) {
  return counts(TOKENS, (hours) => tokenSums(db, filter, hours));
}
