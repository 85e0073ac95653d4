import {
  picodollarsFromUsd,
  usdFromPicodollars,
  type BatchCounts,
  type BatchTargetTotals,
  type RunSummary,
} from '../../src-shared/domain';
import { batchCounts, countedAs, targetTotals, type BatchRecord, type ReadDb } from '../store';

/** Counts and totals of a running batch, read once and then kept by each stored cell: never a scan per event. */
export interface BatchProgress {
  readonly counts: BatchCounts;
  totals(): BatchTargetTotals[];
  readonly spent: bigint;
  /** The dearest cell of a target in this process, null before one was priced. */
  dearest(targetIndex: number): bigint | null;
  /** Cells under way by target. */
  running(targetIndex: number): number;
  starting(targetIndex: number, from: keyof BatchCounts): void;
  /** A cell that was counted as running ended. */
  ended(targetIndex: number, cell: RunSummary): void;
}

export function readProgress(db: ReadDb, batch: BatchRecord): BatchProgress {
  const counts = batchCounts(db, batch.batch_id, batch.total);
  const totals = targetTotals(db, batch).map(({ cost_usd, ...rest }) => ({
    ...rest,
    cost: picodollarsFromUsd(cost_usd),
  }));
  const dearest = new Map<number, bigint>();
  const running = new Map<number, number>();
  return {
    counts,
    get spent() {
      return totals.reduce((sum, target) => sum + target.cost, 0n);
    },
    dearest: (targetIndex) => dearest.get(targetIndex) ?? null,
    running: (targetIndex) => running.get(targetIndex) ?? 0,
    totals: () => totals.map(({ cost, ...rest }) => ({ ...rest, cost_usd: usdFromPicodollars(cost) })),
    starting(targetIndex, from) {
      counts[from] -= 1;
      counts.running += 1;
      running.set(targetIndex, (running.get(targetIndex) ?? 0) + 1);
    },
    ended(targetIndex, cell) {
      counts.running -= 1;
      running.set(targetIndex, (running.get(targetIndex) ?? 1) - 1);
      counts[countedAs(cell.status)] += 1;
      const target = totals[targetIndex];
      if (!target || (cell.status !== 'succeeded' && cell.status !== 'failed')) return;
      target.finished += 1;
      if (cell.status === 'failed') target.failed += 1;
      target.input_tokens += cell.usage.input_tokens ?? 0;
      target.output_tokens += cell.usage.output_tokens ?? 0;
      if (cell.cost_usd === null) {
        target.unpriced += 1;
        return;
      }
      const cost = picodollarsFromUsd(cell.cost_usd);
      target.cost += cost;
      if (cost > (dearest.get(targetIndex) ?? 0n)) dearest.set(targetIndex, cost);
    },
  };
}
