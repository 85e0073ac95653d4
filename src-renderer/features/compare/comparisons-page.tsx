import { IconColumns3, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { BatchSummary } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { useRowHeight } from '../../preferences';
import { failureOf, orpc } from '../../rpc';
import {
  BatchStatusBadge,
  Empty,
  FailureView,
  Page,
  SimulatedBadge,
  useFormat,
  usePagedRows,
  VirtualTable,
  Waiting,
  type Column,
  type Format,
} from '../../ui';
import { CountsLine } from './counts-line';

/** Every comparison that was started, newest first. */
export function ComparisonsPage() {
  const navigate = useNavigate();
  const format = useFormat();
  const rowHeight = useRowHeight();
  const [active, setActive] = useState(0);
  const query = useInfiniteQuery(
    orpc.batches.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: 200, ...(cursor && { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),
  );
  const { rows, onRange } = usePagedRows(query);
  const columns = useMemo(() => columnsOf(format), [format]);
  const open = (index: number): void => {
    const batch = rows[index];
    if (batch) void navigate({ to: '/compare/$batchId', params: { batchId: batch.batch_id } });
  };
  const move = (step: number): void =>
    setActive((at) => Math.min(Math.max(0, rows.length - 1), Math.max(0, at + step)));

  useCommands({
    'list.next': () => move(1),
    'list.previous': () => move(-1),
    'list.open': { run: () => open(active), disabled: rows.length === 0 ? 'The list is empty.' : undefined },
  });

  return (
    <Page
      title="Compare"
      subtitle={query.data && rows.length > 0 && format.plural(rows.length, 'comparison', 'comparisons')}
      toolbar={
        <CommandButton
          id="compare.new"
          variant="filled"
          leftSection={<IconPlus size={14} aria-hidden />}
          showKeys
        />
      }
    >
      {query.isError ? (
        <FailureView
          title="The comparisons could not be read"
          {...failureOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : !query.data ? (
        <Waiting lines={10} />
      ) : rows.length === 0 ? (
        <Empty
          icon={<IconColumns3 size={32} stroke={1.4} aria-hidden />}
          title="Run one template over many inputs and several models at once"
          actions={
            <>
              <CommandButton id="compare.new" variant="filled" size="sm" showKeys />
              <CommandButton id="sample.install" size="sm">
                Try the sample comparison
              </CommandButton>
            </>
          }
        >
          Every answer is stored byte for byte, with its version, tokens and cost, and you can reopen it any
          time.
        </Empty>
      ) : (
        <VirtualTable
          label="Comparisons"
          columns={columns}
          count={rows.length}
          rowHeight={rowHeight}
          rowAt={(index) => rows[index]}
          active={active}
          onActive={setActive}
          onOpen={open}
          onRange={onRange}
        />
      )}
    </Page>
  );
}

function columnsOf(format: Format): Column<BatchSummary>[] {
  return [
    {
      id: 'name',
      title: 'Comparison',
      width: 'minmax(180px, 2fr)',
      render: (batch) => (
        <Link to="/compare/$batchId" params={{ batchId: batch.batch_id }} tabIndex={-1} preload={false}>
          {batch.name ?? batch.template_name}
        </Link>
      ),
    },
    {
      id: 'status',
      title: 'Status',
      width: '120px',
      render: (batch) => <BatchStatusBadge status={batch.status} />,
    },
    {
      id: 'progress',
      title: 'Calls',
      width: 'minmax(180px, 1.4fr)',
      render: (batch) => <CountsLine counts={batch.counts} total={batch.total} />,
    },
    {
      id: 'simulated',
      title: 'Kind',
      width: '100px',
      showFrom: 720,
      render: (batch) => (batch.simulated ? <SimulatedBadge /> : null),
    },
    {
      id: 'when',
      title: 'Started',
      width: '128px',
      align: 'end',
      render: (batch) => (
        <span title={format.exactTime(batch.created_at)}>{format.when(batch.created_at)}</span>
      ),
    },
  ];
}
