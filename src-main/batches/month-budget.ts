import type { Clock } from '../ports';
import { getBudget, workspaceSpend, type BatchRecord, type ReadDb } from '../store';

/**
 * What is left of the month's budget of a batch's workspace, null where it has none. The spend is what is committed, so
 * other batches and single runs count as soon as they have ended.
 */
export function leftOfMonth(
  db: ReadDb,
  clock: Clock,
  batch: Pick<BatchRecord, 'org_id' | 'workspace_id'>,
): bigint | null {
  const budget = getBudget(db, batch);
  if (!budget) return null;
  const month = new Date(clock.now()).toISOString().slice(0, 7);
  return budget.monthly_picodollars - workspaceSpend(db, batch, month).picodollars;
}
