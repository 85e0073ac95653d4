import {
  type BudgetChange,
  type BudgetStanding,
  monthOf,
  notFound,
  picodollarsFromUsd,
  timestampOf,
  usdFromPicodollars,
} from '../../src-shared/domain';
import type { Clock } from '../ports';
import { deleteBudget, getBudget, listWorkspaces, putBudget, workspaceSpend, type Store } from '../store';

/** Each workspace's spend and budget in the current calendar month (UTC). */
export function budgetStandings({ store, clock }: { store: Store; clock: Clock }): BudgetStanding[] {
  const month = monthOf(clock.now());
  return listWorkspaces(store.read).map((workspace) => {
    const budget = getBudget(store.read, workspace);
    const spent = workspaceSpend(store.read, workspace, month);
    const base = {
      ...workspace,
      month,
      spent_usd: usdFromPicodollars(spent.picodollars),
      unpriced_runs: spent.unpriced,
    };
    if (!budget) return { ...base, monthly_usd: null, warn_percent: null, left_usd: null, state: 'none' };
    const { monthly_picodollars: limit, warn_percent } = budget;
    const left = limit - spent.picodollars;
    const isNear = spent.picodollars * 100n >= limit * BigInt(warn_percent);
    return {
      ...base,
      monthly_usd: usdFromPicodollars(limit),
      warn_percent,
      left_usd: usdFromPicodollars(left),
      state: left <= 0n ? 'exceeded' : isNear ? 'warn' : spent.unpriced > 0 ? 'unknown' : 'ok',
    };
  });
}

/** @throws NOT_FOUND if there is no such workspace */
export function setBudget(deps: { store: Store; clock: Clock }, change: BudgetChange): void {
  const { org_id, workspace_id, monthly_usd, warn_percent } = change;
  const isKnown = listWorkspaces(deps.store.read).some(
    (workspace) => workspace.org_id === org_id && workspace.workspace_id === workspace_id,
  );
  if (!isKnown) throw notFound('workspace', workspace_id);
  deps.store.write((tx) => {
    if (monthly_usd === null) deleteBudget(tx, change);
    else {
      const budget = {
        org_id,
        workspace_id,
        monthly_picodollars: picodollarsFromUsd(monthly_usd),
        warn_percent,
      };
      putBudget(tx, budget, timestampOf(deps.clock.now()));
    }
  });
}
