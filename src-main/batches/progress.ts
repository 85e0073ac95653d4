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
  /** The dearest cell so far, null before one was priced. */
  readonly dearest: bigint | null;
  starting(from: keyof BatchCounts): void;
  /** A cell that was counted as running ended. */
  ended(targetIndex: number, cell: RunSummary): void;
}

export function readProgress(db: ReadDb, batch: BatchRecord): BatchProgress {
  const counts = batchCounts(db, batch.batch_id, batch.total);
  const totals = targetTotals(db, batch).map(({ cost_usd, ...rest }) => ({
    ...rest,
    cost: picodollarsFromUsd(cost_usd),
  }));
  let dearest: bigint | null = null;
  return {
    counts,
    get spent() {
      return totals.reduce((sum, target) => sum + target.cost, 0n);
    },
    get dearest() {
      return dearest;
    },
    totals: () => totals.map(({ cost, ...rest }) => ({ ...rest, cost_usd: usdFromPicodollars(cost) })),
    starting(from) {
      counts[from] -= 1;
      counts.running += 1;
    },
    ended(targetIndex, cell) {
      counts.running -= 1;
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
      if (dearest === null || cost > dearest) dearest = cost;
    },
  };
}
