import { useQuery } from '@tanstack/react-query';
import { picodollarsFromUsd, type BudgetStanding } from '../../../src-shared/domain';
import { orpc } from '../../rpc';
import { Fact, useFormat } from '../../ui';
import classes from './plan/new-comparison.module.css';

/** The workspace's budget and spend; null without a budget. */
export function useBudget(workspaceId: string | undefined): BudgetStanding | null {
  const budgets = useQuery(orpc.insight.budgets.queryOptions());
  const standing = budgets.data?.items.find((item) => item.workspace_id === workspaceId);
  return standing && standing.left_usd !== null ? standing : null;
}

export function BudgetLeft({ standing }: { readonly standing: BudgetStanding }) {
  const format = useFormat();
  return (
    <Fact name="Budget left">
      <span title={format.moneyExact(standing.left_usd)}>{format.money(standing.left_usd)}</span>
      <span className={classes.note}>this month (UTC)</span>
    </Fact>
  );
}

/** Warns before the start that the budget may stop the comparison midway. */
export function OverrunWarning({
  standing,
  estimateUsd,
}: {
  readonly standing: BudgetStanding;
  readonly estimateUsd: string | null;
}) {
  if (standing.left_usd === null) return null;
  const left = picodollarsFromUsd(standing.left_usd);
  const isOver = estimateUsd !== null && picodollarsFromUsd(estimateUsd) > left;
  if (left > 0n && !isOver) return null;
  return (
    <p className={classes.warning} role="status">
      {left <= 0n
        ? "This month's budget is spent: nothing will be sent. Raise it in Analytics to continue."
        : 'This may cost more than is left of this month’s budget. It stops before a call that could exceed it, and keeps the answers it has.'}
    </p>
  );
}
