import { Button } from '@mantine/core';
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCircleCheck,
  IconInfinity,
  IconQuestionMark,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BudgetStanding } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { failureOf, orpc } from '../../rpc';
import { Badge, Fact, Facts, FailureView, Note, Section, useFormat, Waiting } from '../../ui';
import classes from './analytics.module.css';
import { BudgetDialog } from './budget-dialog';

export function BudgetPanel() {
  const budgets = useQuery(orpc.insight.budgets.queryOptions());
  const [editing, setEditing] = useState<BudgetStanding>();
  const first = budgets.data?.items[0];
  useCommands({
    'budget.set': {
      run: () => setEditing(first),
      disabled: first === undefined ? 'The budgets are still loading.' : undefined,
    },
  });
  return (
    <Section title="Budget" actions={<CommandButton id="budget.set" size="compact-xs" />}>
      {budgets.isError ? (
        <FailureView
          inline
          title="The budgets could not be loaded"
          {...failureOf(budgets.error)}
          onRetry={() => void budgets.refetch()}
        />
      ) : !budgets.data ? (
        <Waiting lines={2} />
      ) : (
        budgets.data.items.map((standing) => (
          <Standing
            key={`${standing.org_id} ${standing.workspace_id}`}
            standing={standing}
            // With only one, the button above is enough.
            onEdit={budgets.data.items.length > 1 ? () => setEditing(standing) : undefined}
          />
        ))
      )}
      <Note className={classes.note}>
        Comparisons and single runs stop before a call that could exceed the budget. Calls in flight count at
        their maximum cost. Practice and unpriced runs don’t count, but once the budget is spent, unpriced
        calls are refused too.
      </Note>
      <PricesAsOf />
      {editing && <BudgetDialog standing={editing} onClose={() => setEditing(undefined)} />}
    </Section>
  );
}

const LOOKS = {
  ok: { tone: 'good', icon: IconCircleCheck, text: 'Within budget' },
  unknown: { tone: 'unsure', icon: IconQuestionMark, text: 'Unknown: some runs have no price' },
  warn: { tone: 'warn', icon: IconAlertTriangle, text: 'Near the limit' },
  exceeded: { tone: 'bad', icon: IconAlertOctagon, text: 'Budget spent' },
  none: { tone: 'plain', icon: IconInfinity, text: 'No budget' },
} as const;

/** An old list has old prices, and none for newer models. */
function PricesAsOf() {
  const status = useQuery(orpc.system.status.queryOptions());
  const format = useFormat();
  const list = status.data?.price_list;
  if (!list) return null;
  return (
    <Note className={classes.note} title={list.source}>
      List prices as of {format.date(list.as_of)}.
    </Note>
  );
}

interface StandingProps {
  readonly standing: BudgetStanding;
  readonly onEdit?: (() => void) | undefined;
}

function Standing({ standing, onEdit }: StandingProps) {
  const format = useFormat();
  const { state, month, spent_usd, monthly_usd, left_usd, warn_percent, unpriced_runs } = standing;
  return (
    <Facts>
      <Fact name="Workspace">
        {standing.workspace_id} <Badge {...LOOKS[state]} title={`In ${format.month(month)} (UTC)`} />
        {onEdit && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Set the budget for ${standing.workspace_id}`}
            onClick={onEdit}
          >
            Set…
          </Button>
        )}
      </Fact>
      <Fact name={`Spent in ${format.month(month)}`}>
        <span title={format.moneyExact(spent_usd)}>{format.sum(spent_usd, unpriced_runs)}</span>
        {monthly_usd !== null && ` of ${format.money(monthly_usd)}`}
        {unpriced_runs > 0 &&
          `, not counting ${format.plural(unpriced_runs, 'unpriced run', 'unpriced runs')}`}
      </Fact>
      {left_usd !== null && (
        <Fact name="Left">
          {unpriced_runs > 0 && 'at most '}
          {format.money(left_usd)}
          {warn_percent !== null && `, warns at ${warn_percent}%`}
        </Fact>
      )}
    </Facts>
  );
}
