import { IconChartBar } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { CommandButton, useCommands } from '../../commands';
import { failureOf } from '../../rpc';
import { Empty, FailureView, Page, Waiting } from '../../ui';
import classes from './analytics.module.css';
import { BudgetPanel } from './budget-panel';
import { saveCsv } from './chart-section';
import type { AnalyticsSearch, RangeName } from './search';
import { rangeInput } from './range';
import { Report } from './report';
import { useCostTable, useSlotLabel } from './tables';
import { AnalyticsToolbar } from './toolbar';
import { useAnswers } from './use-answers';

const MINUTE_MS = 60_000;

export function AnalyticsPage() {
  const search = useSearch({ from: '/analytics' });
  const navigate = useNavigate({ from: '/analytics' });
  const now = useNow();
  const input = useMemo(() => rangeInput(search, now), [search, now]);
  const by = search.by ?? 'model';
  const query = useAnswers(input, by);
  const answers = query.data;
  const costs = answers?.byTime.costs;
  const table = useCostTable(costs);
  const label = useSlotLabel();
  const show = (changes: Partial<AnalyticsSearch>): void => {
    void navigate({ search: (previous) => ({ ...previous, ...changes }), replace: true });
  };
  const range = (name: RangeName) => () => show({ range: name, from: undefined, to: undefined });
  useCommands({
    'analytics.day': range('24h'),
    'analytics.week': range('7d'),
    'analytics.month': range('30d'),
    'analytics.quarter': range('90d'),
    'analytics.practice': () => show({ practice: search.practice ? undefined : true }),
    'analytics.exportCsv': {
      run: () => costs && saveCsv(`costs ${costs.from} to ${costs.to}`, table),
      disabled: costs ? undefined : 'The costs are still loading.',
    },
  });
  const isEmpty = costs !== undefined && costs.totals.runs === 0 && costs.totals.cost_usd === '0';

  return (
    <Page
      title="Analytics"
      subtitle={costs && `${label(costs.from, costs.time_zone)} to ${label(costs.to, costs.time_zone)}`}
      toolbar={<AnalyticsToolbar search={search} shown={costs ?? null} onChange={show} />}
    >
      <div className={classes.content} data-pane tabIndex={0} role="group" aria-label="Analytics, content">
        {query.isError && (
          <FailureView
            inline={answers !== undefined}
            title={answers ? 'These figures may be out of date' : 'The figures could not be loaded'}
            {...failureOf(query.error)}
            safe="The runs and their costs are stored and unchanged."
            onRetry={() => void query.refetch()}
          />
        )}
        {!answers ? (
          !query.isError && <Waiting lines={10} />
        ) : isEmpty ? (
          <Empty
            icon={<IconChartBar size={28} stroke={1.5} aria-hidden />}
            title={search.practice ? 'No practice runs in this range' : 'No real runs in this range'}
            actions={
              <>
                <CommandButton id="compare.new" variant="filled" showKeys />
                <CommandButton id="analytics.practice">
                  {search.practice ? 'Show real runs' : 'Show practice runs'}
                </CommandButton>
              </>
            }
          >
            {search.practice
              ? 'Compare practice models to see figures here. They cost nothing.'
              : 'Practice runs cost nothing and are shown separately.'}
          </Empty>
        ) : (
          <Report answers={answers} onBy={(value) => show({ by: value })} />
        )}
        <BudgetPanel />
      </div>
    </Page>
  );
}

/** The current time, updated every minute, so that a range ending "now" keeps moving. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
