import { LEAST_FOR_P95, usdOfSum } from '../../src-shared/domain';
import {
  costOf,
  costReader,
  countOf,
  latencyReader,
  OUTCOMES,
  outcomesReader,
  quantileOf,
  TOKENS,
  tokensReader,
  type Counts,
  type Histogram,
  type SumReader,
} from '../store';

/** What a question can measure: how its sums are read, and what is shown of them. */
export interface Measure<Sum, Shown extends object> {
  readonly reader: SumReader<Sum>;
  show(sum: Sum): Shown;
  /** Sorts groups other than times, largest first. */
  weight(sum: Sum): number;
}

export const costs: Measure<Counts, { runs: number; unpriced: number; cost_usd: string | null }> = {
  reader: costReader,
  show(sum) {
    const [runs = 0, unpriced = 0] = sum;
    const cost = costOf(sum);
    return { runs, unpriced, cost_usd: usdOfSum(cost, unpriced) };
  },
  weight: (sum) => Number(costOf(sum)),
};

export const latency: Measure<Histogram, { answered: number; p50_ms: number | null; p95_ms: number | null }> =
  {
    reader: latencyReader,
    show(sum) {
      const answered = countOf(sum);
      return {
        answered,
        p50_ms: quantileOf(sum, 0.5),
        p95_ms: answered < LEAST_FOR_P95 ? null : quantileOf(sum, 0.95),
      };
    },
    weight: countOf,
  };

/** A measure whose sums are plain counts, the first of them `runs`. */
function counts<const Name extends string>(
  reader: SumReader<Counts>,
  names: readonly Name[],
): Measure<Counts, Record<Name, number>> {
  return {
    reader,
    show(sum) {
      const entries = names.map((name, index) => [name, sum[index] ?? 0] as const);
      // The entries are exactly the names, which `fromEntries` cannot say.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return Object.fromEntries(entries) as Record<Name, number>;
    },
    weight: ([runs = 0]) => runs,
  };
}

export const outcomes = counts(outcomesReader, OUTCOMES);
export const tokens = counts(tokensReader, TOKENS);
