import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { showNotice } from '../../commands';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { FailureView, Mono, Note, Section, useFormat, Waiting } from '../../ui';
import { kindLabel } from './labels';
import classes from './sync.module.css';

const SHOWN = 100;

/** Records that the team database refused, with reasons and a retry for all. */
export function SetAsideSection({ count }: { readonly count: number }) {
  const format = useFormat();
  const queryClient = useQueryClient();
  const list = useQuery(orpc.sync.setAside.queryOptions({ input: { limit: SHOWN } }));
  const retry = useMutation({
    mutationFn: () => api.sync.retrySetAside(),
    onSuccess: ({ retried }) =>
      showNotice(`${format.plural(retried, 'record is', 'records are')} queued again.`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: orpc.sync.key() }),
  });
  return (
    <Section
      title={`Set aside: ${format.plural(count, 'record', 'records')}`}
      actions={
        <Button size="compact-xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
          Retry
        </Button>
      }
    >
      <Note>The team database refused these. They are complete on this machine and block nothing else.</Note>
      {retry.isError && (
        <FailureView inline {...changeFailure(failureOf(retry.error), 'The records were not queued again')} />
      )}
      {list.isError ? (
        <FailureView inline title="The records could not be loaded" {...failureOf(list.error)} />
      ) : !list.data ? (
        <Waiting />
      ) : (
        <table className={classes.table} aria-label="Records set aside">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Record</th>
              <th scope="col">Reason</th>
              <th scope="col">Since</th>
            </tr>
          </thead>
          <tbody>
            {list.data.items.map((item) => (
              <tr key={`${item.record_type} ${item.record_id}`}>
                <td className={classes.short}>{kindLabel(item.record_type)}</td>
                <td>
                  <Mono>{item.record_id}</Mono>
                </td>
                <td className={classes.reason}>{item.reason}</td>
                <td className={classes.short} title={format.exactTime(item.since)}>
                  {format.when(item.since)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {list.data && count > list.data.items.length && (
        <Note>
          The oldest {format.count(list.data.items.length)} of {format.count(count)}.
        </Note>
      )}
    </Section>
  );
}
