import { setImmediate } from 'node:timers/promises';
import { comparisonSummary, type Batch, type TargetSummary } from '../../src-shared/domain';
import { cellsBetween, type ReadDb } from '../store';

const CELL_PAGE_SIZE = 2_000;

/** Each target's sums. The cells are read without their texts, for which each answer would have to be read. */
export async function summaryOf(db: ReadDb, batch: Batch): Promise<{ targets: TargetSummary[] }> {
  const summary = comparisonSummary(batch);
  for (let from = 0; from < batch.total; from += CELL_PAGE_SIZE) {
    const to = Math.min(from + CELL_PAGE_SIZE, batch.total);
    for (const cell of cellsBetween(db, batch.batch_id, from, to, CELL_PAGE_SIZE)) summary.add(cell);
    // Others get their turn: a million cells take seconds.
    await setImmediate();
  }
  return { targets: summary.targets() };
}
