import { useDebouncedValue } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { isPracticeProvider } from '../../../../src-shared/domain';
import { CommandButton, useCommands } from '../../../commands';
import { api, changeFailure, failureOf, orpc } from '../../../rpc';
import { Fact, Facts, FailureView, Panel, useFormat } from '../../../ui';
import { InactiveWayOut } from '../../templates';
import { BudgetLeft, OverrunWarning, useBudget } from '../budget-left';
import { LeftOut } from '../left-out';
import { estimateNote, estimatePrefix } from './estimate-words';
import { EmptyValues } from './empty-values';
import { FirstPrompts } from './first-prompts';
import { columnCount } from './plan-columns';
import { sameColumns } from './plan-doubts';
import { filledInputs, requestOf, usePlan, usePlanStore } from './plan-store';
import { useFirstPrompts } from './use-first-prompts';
import classes from './new-comparison.module.css';

/** Shown before anything is sent: the number of calls, their cost, and the first prompt verbatim. */
export function PreRunSheet() {
  const store = usePlanStore();
  const navigate = useNavigate();
  const format = useFormat();
  const plan = usePlan((state) => state);
  const planned = useMemo(() => requestOf(plan), [plan]);
  const [settled] = useDebouncedValue(planned, 250);
  const inputs = useMemo(() => filledInputs(plan), [plan]);
  const columns = columnCount(plan);
  const estimate = useQuery(
    orpc.batches.estimate.queryOptions({
      input: settled.ok ? settled.request : { template_id: '-', targets: [], inputs: [] },
      enabled: settled.ok,
      gcTime: 0,
    }),
  );
  const connections = useQuery(orpc.connections.list.queryOptions());
  const simulated = plan.targets.every((target) =>
    connections.data?.items.some(
      (item) => item.connection_id === target.connectionId && isPracticeProvider(item.provider),
    ),
  );
  const budget = useBudget(plan.template?.workspace_id);
  // A refusal applies only to that request and to what was known then; it disappears when either changes.
  const given = useMemo(
    () => ({ planned, connections: connections.data, budget }),
    [planned, connections.data, budget],
  );
  const start = useMutation({
    mutationFn: async (_given: typeof given) => {
      const request = requestOf(store.getState());
      return request.ok ? api.batches.start(request.request) : null;
    },
    onSuccess: (batch) => {
      if (batch) void navigate({ to: '/compare/$batchId', params: { batchId: batch.batch_id } });
    },
  });
  useCommands({
    'compare.start': {
      run: () => start.mutate(given),
      disabled: start.isPending ? 'Already starting.' : planned.ok ? undefined : planned.problem,
    },
  });
  const prompts = useFirstPrompts();
  const same = useMemo(() => sameColumns(plan), [plan]);

  return (
    <Panel label="Before you start" title="Before you start">
      <Facts>
        <Fact name="Prompts">{plan.template ? format.count(inputs.length) : '–'}</Fact>
        <Fact name="Calls">
          {plan.template && columns !== null ? (
            <>
              {format.count(inputs.length)} × {format.plural(columns, 'column', 'columns')}
              {plan.replicates > 1 && ` × ${format.count(plan.replicates)}`} ={' '}
              <strong>{format.count(inputs.length * columns * plan.replicates)}</strong>
            </>
          ) : (
            '–'
          )}
        </Fact>
        <Fact name="Cost">
          {!settled.ok ? (
            '–'
          ) : estimate.isError ? (
            <span className={classes.problem}>{failureOf(estimate.error).message}</span>
          ) : estimate.data ? (
            <>
              {estimate.data.cost_usd === null ? (
                'unpriced'
              ) : (
                <>
                  {estimatePrefix(estimate.data)} {format.money(estimate.data.cost_usd)}
                </>
              )}
              {simulated && <span className={classes.note}>simulated, not spend</span>}
              {estimate.data.cost_usd !== null && (
                <span className={classes.note}>{estimateNote(estimate.data)}</span>
              )}
              {estimate.data.unpriced_targets > 0 && (
                <span className={classes.note}>
                  {format.plural(estimate.data.unpriced_targets, 'model has', 'models have')} no known price
                </span>
              )}
            </>
          ) : (
            '…'
          )}
        </Fact>
        {budget && !simulated && <BudgetLeft standing={budget} />}
        {plan.budget.trim() !== '' && <Fact name="Stops at">{plan.budget} USD</Fact>}
      </Facts>
      {budget && !simulated && settled.ok && (
        <OverrunWarning standing={budget} estimateUsd={estimate.data?.cost_usd ?? null} />
      )}
      {settled.ok && <LeftOut columns={estimate.data?.left_out ?? []} />}
      {settled.ok &&
        estimate.data?.parameter_doubts.map(({ model_id, parameter, reason }) => (
          <p key={`${model_id} ${parameter} ${reason}`} className={classes.warning}>
            <strong>{model_id}</strong> may not take <code>{parameter}</code>. {reason}
          </p>
        ))}
      <EmptyValues inputs={inputs} prompts={prompts} />
      {same.map((sentence) => (
        <p key={sentence} className={classes.warning}>
          {sentence}
        </p>
      ))}
      <div className={classes.start}>
        <CommandButton
          id="compare.start"
          variant="filled"
          size="sm"
          loading={start.isPending}
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          showKeys
        >
          Start
        </CommandButton>
        {!planned.ok && <span className={classes.note}>{planned.problem}</span>}
      </div>
      {start.isError && start.variables === given && (
        <FailureView
          inline
          {...changeFailure(failureOf(start.error), 'The comparison did not start', 'Nothing was sent.')}
          actions={<InactiveWayOut failure={failureOf(start.error)} />}
        />
      )}
      <FirstPrompts prompts={prompts} />
    </Panel>
  );
}
