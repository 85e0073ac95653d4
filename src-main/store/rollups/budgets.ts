import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';

/** What a workspace may spend in a calendar month (UTC). */
export interface Budget {
  readonly org_id: string;
  readonly workspace_id: string;
  readonly monthly_picodollars: bigint;
  readonly warn_percent: number;
}

type WorkspaceRef = Pick<Budget, 'org_id' | 'workspace_id'>;

export function putBudget(tx: WriteDb, budget: Budget, updatedAt: string): void {
  tx.prepare(
    `INSERT INTO budgets (org_id, workspace_id, monthly_picodollars, warn_percent, updated_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET monthly_picodollars = excluded.monthly_picodollars,
       warn_percent = excluded.warn_percent, updated_at = excluded.updated_at`,
  ).run(budget.org_id, budget.workspace_id, budget.monthly_picodollars, budget.warn_percent, updatedAt);
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
    .prepare<[string, string], { amount: string; warn_percent: number }>(
      `SELECT CAST(monthly_picodollars AS TEXT) AS amount, warn_percent FROM budgets
       WHERE org_id = ? AND workspace_id = ?`,
    )
    .get(org_id, workspace_id);
  if (!row) return null;
  return { org_id, workspace_id, monthly_picodollars: BigInt(row.amount), warn_percent: row.warn_percent };
}

/** Spend of a workspace in a month (`2026-11`), without simulated runs. */
export function workspaceSpend(
  db: ReadDb,
  { org_id, workspace_id }: WorkspaceRef,
  month: string,
): { picodollars: bigint; unpriced: number } {
  const row = db
    .prepare<[string, string, string], { spend: string; unpriced: number }>(
      `SELECT CAST(cost_picodollars AS TEXT) AS spend, unpriced FROM workspace_spend
       WHERE month = ? AND org_id = ? AND workspace_id = ?`,
    )
    .get(month, org_id, workspace_id);
  return { picodollars: BigInt(row?.spend ?? '0'), unpriced: row?.unpriced ?? 0 };
}

/** Workspaces in the order of their names. */
export function listWorkspaces(db: ReadDb): WorkspaceRef[] {
  return db
    .prepare<[], WorkspaceRef>(`SELECT org_id, workspace_id FROM workspaces ORDER BY name, workspace_id`)
    .all();
}
