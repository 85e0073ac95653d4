import {
  costStandingOf,
  picodollarsFromUsd,
  usdOfSum,
  type BatchCounts,
  type RunSummary,
} from '../../src-shared/domain';
import {
  countedAs,
  countLatency,
  countTally,
  latencyTotals,
  targetLatencies,
  type BatchRecord,
  type BatchTally,
  type ReadDb,
} from '../store';

/** The fields of a cell that are counted. */
type CountedCell = Pick<
  RunSummary,
  'status' | 'failure_code' | 'usage' | 'cost_usd' | 'latency_ms' | 'response_output_sha256'
>;

/** Counts and totals of a running batch: read once, then updated with each stored cell, without scans. */
export interface BatchProgress {
  tally(): BatchTally;
  readonly spent: bigint;
  /** The most expensive cell of a target in this process; null until one is priced. */
  mostExpensive(targetIndex: number): bigint | null;
  /** Cells in flight, by target. */
  running(targetIndex: number): number;
  /** A cell starts; `earlier` is its previous result, if it already had a run. */
  starting(targetIndex: number, earlier: CountedCell | null): void;
  /** A cell that was counted as running ended. */
  ended(targetIndex: number, cell: CountedCell): void;
}

export function readProgress(db: ReadDb, batch: BatchRecord): BatchProgress {
  const { counts, target_totals } = countTally(db, batch);
  const totals = target_totals.map(({ cost_usd, ...rest }) => ({
    ...rest,
    cost: picodollarsFromUsd(cost_usd ?? '0'),
  }));
  const latencies = targetLatencies(db, batch);
  const mostExpensive = new Map<number, bigint>();
  const running = new Map<number, number>();

  const count = (status: keyof BatchCounts, by: 1 | -1): void => {
    counts[status] += by;
  };
  /** Everything but the cost, which stays paid when a cell is retried. */
  const addUp = (targetIndex: number, cell: CountedCell, by: 1 | -1): void => {
    const target = totals[targetIndex];
    if (!target) return;
    const times = latencies[targetIndex];
    if (times && cell.latency_ms !== null) countLatency(times, cell.latency_ms, by);
    if (costStandingOf(cell) === 'unpriced') target.unpriced += by;
    if (!isFinished(cell)) return;
    target.finished += by;
    if (cell.status === 'failed') target.failed += by;
    target.input_tokens += by * (cell.usage.input_tokens ?? 0);
    target.output_tokens += by * (cell.usage.output_tokens ?? 0);
  };

  return {
    tally: () => ({
      counts: { ...counts },
      target_totals: totals.map(({ cost, ...rest }) => ({
        ...rest,
        cost_usd: usdOfSum(cost, rest.unpriced),
        ...latencyTotals(latencies[rest.target_index]),
      })),
    }),
    get spent() {
      return totals.reduce((sum, target) => sum + target.cost, 0n);
    },
    mostExpensive: (targetIndex) => mostExpensive.get(targetIndex) ?? null,
    running: (targetIndex) => running.get(targetIndex) ?? 0,
    starting(targetIndex, earlier) {
      count(earlier === null ? 'pending' : countedAs(earlier.status), -1);
      count('running', 1);
      running.set(targetIndex, (running.get(targetIndex) ?? 0) + 1);
      if (earlier !== null) addUp(targetIndex, earlier, -1);
    },
    ended(targetIndex, cell) {
      count('running', -1);
      count(countedAs(cell.status), 1);
      running.set(targetIndex, (running.get(targetIndex) ?? 1) - 1);
      addUp(targetIndex, cell, 1);
      const target = totals[targetIndex];
      if (!target || cell.cost_usd === null) return;
      const cost = picodollarsFromUsd(cell.cost_usd);
      target.cost += cost;
      if (cost > (mostExpensive.get(targetIndex) ?? 0n)) mostExpensive.set(targetIndex, cost);
    },
  };
}

function isFinished({ status }: CountedCell): boolean {
  return status === 'succeeded' || status === 'failed';
}
