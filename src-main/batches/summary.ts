import { setImmediate } from 'node:timers/promises';
import { comparisonSummary, type Batch, type TargetSummary } from '../../src-shared/domain';
import { cellsBetween, type ReadDb } from '../store';

const CELLS_AT_A_TIME = 2_000;

/** Each target's sums. The cells are read without their texts, for which each answer would have to be read. */
export async function summaryOf(db: ReadDb, batch: Batch): Promise<{ targets: TargetSummary[] }> {
  const summary = comparisonSummary(batch);
  for (let from = 0; from < batch.total; from += CELLS_AT_A_TIME) {
    const to = Math.min(from + CELLS_AT_A_TIME, batch.total);
    for (const cell of cellsBetween(db, batch.batch_id, from, to, CELLS_AT_A_TIME)) summary.add(cell);
    // Others get their turn: a million cells take seconds.
    await setImmediate();
  }
  return { targets: summary.targets() };
}
