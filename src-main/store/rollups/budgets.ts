import type { InferSelectModel } from 'drizzle-orm';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, writtenColumns, type StoredRow } from '../engine/stored-rows';
import { budgets, workspaceSpend as spends } from './tables';

/** What a workspace may spend in a calendar month (UTC). */
export type Budget = Readonly<Omit<InferSelectModel<typeof budgets>, 'updated_at'>>;

const BUDGET = storedColumns(budgets, namesOf(budgets, 'updated_at'), 'org_id', 'workspace_id');
const NEW = writtenColumns(budgets, namesOf(budgets));
const SPEND = storedColumns(spends, namesOf(spends), 'org_id', 'workspace_id', 'month');

type WorkspaceRef = Pick<Budget, 'org_id' | 'workspace_id'>;

export function putBudget(tx: WriteDb, budget: Budget, updatedAt: string): void {
  tx.prepare(`${NEW.insert} ON CONFLICT DO UPDATE SET ${NEW.excluded}`).run(
    ...NEW.encode({ ...budget, updated_at: updatedAt }),
  );
  appendStored(tx, 'budget', `${budget.org_id}/${budget.workspace_id}`);
  tx.changed('settings', 'budgets');
}

export function deleteBudget(tx: WriteDb, { org_id, workspace_id }: WorkspaceRef): void {
  const { changes } = tx
    .prepare(`DELETE FROM budgets WHERE org_id = ? AND workspace_id = ?`)
    .run(org_id, workspace_id);
  if (changes > 0) appendStored(tx, 'budget_removed', `${org_id}/${workspace_id}`);
  tx.changed('settings', 'budgets');
}

export function getBudget(db: ReadDb, { org_id, workspace_id }: WorkspaceRef): Budget | null {
  const row = db
    .prepare<[string, string], StoredRow>(
      `SELECT ${BUDGET.list} FROM budgets WHERE org_id = ? AND workspace_id = ?`,
    )
    .get(org_id, workspace_id);
  return row ? BUDGET.decode(row) : null;
}

/** A workspace's spend in a month (`2026-11`), without simulated runs. */
export function workspaceSpend(
  db: ReadDb,
  { org_id, workspace_id }: WorkspaceRef,
  month: string,
): { picodollars: bigint; unpriced: number } {
  const row = db
    .prepare<[string, string, string], StoredRow>(
      `SELECT ${SPEND.list} FROM workspace_spend WHERE month = ? AND org_id = ? AND workspace_id = ?`,
    )
    .get(month, org_id, workspace_id);
  if (!row) return { picodollars: 0n, unpriced: 0 };
  const { cost_picodollars, unpriced } = SPEND.decode(row);
  return { picodollars: cost_picodollars, unpriced };
}

/** Workspaces, ordered by name. */
export function listWorkspaces(db: ReadDb): WorkspaceRef[] {
  return db
    .prepare<[], WorkspaceRef>(`SELECT org_id, workspace_id FROM workspaces ORDER BY name, workspace_id`)
    .all();
}
