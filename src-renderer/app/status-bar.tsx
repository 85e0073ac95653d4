import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useIntl } from 'react-intl';
import type { Status } from '../../src-shared/contract';
import { COMMANDS, keyCaps, notice, runCommand } from '../commands';
import { connection, orpc } from '../rpc';
import { KeyCaps, useFormat } from '../ui';
import { SavedState } from './saved-state';
import classes from './shell.module.css';

/** Left: connection, activity, unknown outcomes. Right: spend, locale. */
export function StatusBar() {
  const status = useQuery(orpc.system.status.queryOptions({ refetchInterval: 60_000 }));
  const said = notice();
  const { locale } = useIntl();
  return (
    <footer className={classes.status} aria-label="Status">
      <LinkState />
      {status.data && <Activity status={status.data} />}
      <span className={classes.notice} role="status">
        {said.text}
      </span>
      <div className={classes.statusEnd}>
        {status.data && <Spend status={status.data} />}
        <span className={classes.optional} title="Numbers, dates and times follow this locale and time zone">
          {locale} · {Intl.DateTimeFormat().resolvedOptions().timeZone}
        </span>
        <button
          type="button"
          className={`${classes.statusItem} ${classes.optional}`}
          onClick={() => runCommand('app.help')}
        >
          <KeyCaps caps={keyCaps(COMMANDS['app.help'].keys?.[0] ?? '')} /> shortcuts
        </button>
      </div>
    </footer>
  );
}

function LinkState() {
  const { link, reason } = connection();
  if (link === 'live') return <SavedState />;
  if (link === 'connecting') {
    return (
      <span className={classes.statusItem}>
        <IconRefresh size={14} aria-hidden /> Connecting
      </span>
    );
  }
  return (
    <Tooltip label={`${reason ?? 'Prompter is not responding.'} Once it runs again, this window reconnects.`}>
      <span className={classes.statusItem} data-tone="bad" role="status">
        <IconPlugConnectedX size={14} aria-hidden /> Disconnected, reconnecting
      </span>
    </Tooltip>
  );
}

function Activity({ status }: { readonly status: Status }) {
  const format = useFormat();
  const [batch, ...others] = status.active_batches;
  return (
    <>
      {batch && (
        <Link
          to="/compare/$batchId"
          params={{ batchId: batch.batch_id }}
          className={`${classes.statusItem} ${classes.activity}`}
          title={batch.prompt_name}
        >
          <span className={classes.progress}>
            <span style={{ width: `${batch.total > 0 ? (100 * batch.done) / batch.total : 0}%` }} />
          </span>
          <span className={classes.activityName}>{batch.prompt_name}</span>
          {format.count(batch.done)} of {format.count(batch.total)}
          {others.length > 0 && `, ${others.length} more`}
        </Link>
      )}
      {status.outcome_unknown > 0 && (
        <Link
          to="/runs"
          search={{ status: 'outcome_unknown' }}
          className={classes.statusItem}
          data-tone="warn"
          title="The answer may have been lost; these calls may have been billed."
        >
          <IconAlertTriangle size={14} aria-hidden />
          {format.plural(status.outcome_unknown, 'outcome unknown', 'outcomes unknown')}
        </Link>
      )}
    </>
  );
}

const BUDGET_TONES = {
  none: undefined,
  ok: undefined,
  unknown: 'warn',
  warn: 'warn',
  exceeded: 'bad',
} as const;

function Spend({ status }: { readonly status: Status }) {
  const format = useFormat();
  const budgets = useQuery(orpc.insight.budgets.queryOptions());
  // Spend covers all workspaces, a budget only one.
  const [only, ...others] = budgets.data?.items ?? [];
  const budget = others.length === 0 ? only : undefined;
  const tone = budget && BUDGET_TONES[budget.state];
  const limit = budget?.monthly_usd ?? null;
  const unpriced = status.month_unpriced_runs;
  const none = /^0(\.0+)?$/.test(status.month_spend_usd) && unpriced === 0;
  return (
    <Tooltip
      label={`This calendar month (UTC): ${format.moneyExact(status.month_spend_usd)}. Simulated runs are never counted.${
        unpriced > 0 ? ` Not included: ${format.plural(unpriced, 'run', 'runs')} without a known price.` : ''
      }`}
    >
      <Link to="/analytics" className={classes.statusItem} data-tone={tone}>
        {tone !== undefined && <IconAlertTriangle size={14} aria-hidden />}
        {none && limit === null
          ? 'no spend this month'
          : `${format.sum(status.month_spend_usd, unpriced)}${limit === null ? ' this month' : ''}`}
        {limit !== null && ` of ${format.money(limit)} this month`}
        {unpriced > 0 && ` (${format.plural(unpriced, 'run', 'runs')} unpriced)`}
      </Link>
    </Tooltip>
  );
}
