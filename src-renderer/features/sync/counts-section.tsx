import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { SyncCount, SyncStatus } from '../../../src-shared/contract';
import { failureOf, orpc } from '../../rpc';
import { FailureView, Note, Section, useFormat, Waiting } from '../../ui';
import { kindLabel } from './labels';
import classes from './sync.module.css';

/** Records of each kind, here and in the team database. */
export function CountsSection({ status }: { readonly status: SyncStatus }) {
  const format = useFormat();
  const reachable = status.password !== 'missing';
  const { data, error, refetch, isFetching, dataUpdatedAt } = useQuery(
    orpc.sync.counts.queryOptions({ enabled: reachable, retry: false, placeholderData: undefined }),
  );
  // Counting queries the team database, so it is done after a push, not during one.
  const ended = status.state === 'idle' ? status.last_push_at : null;
  useEffect(() => {
    if (ended !== null) void refetch();
  }, [ended, refetch]);
  const again = (
    <Button size="compact-xs" variant="default" loading={isFetching} onClick={() => void refetch()}>
      Count again
    </Button>
  );
  return (
    <Section title="Records" actions={reachable && !error && again}>
      {!reachable && <Note>The team database cannot be counted without the password.</Note>}
      {reachable && error && (
        <FailureView
          inline
          title="The team’s records could not be counted"
          safe="Records on this machine are not affected."
          {...failureOf(error)}
          onRetry={() => void refetch()}
        />
      )}
      {data ? (
        <>
          <Counts items={data.items} />
          <Note>Counted at {format.when(new Date(dataUpdatedAt).toISOString())}.</Note>
        </>
      ) : (
        reachable && !error && <Waiting label="Counting" />
      )}
    </Section>
  );
}

function Counts({ items }: { readonly items: readonly SyncCount[] }) {
  const format = useFormat();
  return (
    <table className={classes.table} aria-label="Records here and in the team database">
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col" data-align="end">
            Here
          </th>
          <th scope="col" data-align="end">
            Team
          </th>
          <th scope="col">Difference</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ record_type, local, remote }) => (
          <tr key={record_type}>
            <th scope="row">{kindLabel(record_type)}</th>
            <td data-align="end">{format.count(local)}</td>
            <td data-align="end">{format.count(remote)}</td>
            <td>
              {local === remote ? (
                <span className={classes.equal}>
                  <IconCircleCheck size={14} aria-hidden /> none
                </span>
              ) : (
                <span className={classes.different}>
                  <IconAlertTriangle size={14} aria-hidden /> {format.count(local - remote)} only here
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
