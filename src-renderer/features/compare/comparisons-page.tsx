import { IconColumns3, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { BatchSummary } from '../../../src-shared/domain';
import { CommandButton, useListCursor } from '../../commands';
import { useRowHeight } from '../../preferences';
import { BY_CURSOR, orpc, usePagedList } from '../../rpc';
import {
  BatchStatusBadge,
  Empty,
  listSize,
  Page,
  RecordList,
  SimulatedBadge,
  useFormat,
  type Column,
  type Format,
} from '../../ui';
import { columnsInWords } from './columns-in-words';
import { CountsLine } from './counts-line';
import classes from './compare.module.css';

/** All comparisons, newest first. */
export function ComparisonsPage() {
  const navigate = useNavigate();
  const format = useFormat();
  const rowHeight = useRowHeight();
  const list = usePagedList(
    useInfiniteQuery(
      orpc.batches.list.infiniteOptions({
        input: (cursor: string | undefined) => ({ limit: 200, ...(cursor && { cursor }) }),
        ...BY_CURSOR,
      }),
    ),
  );
  const columns = useMemo(() => columnsOf(format), [format]);
  const cursor = useListCursor({
    list,
    idOf: batchIdOf,
    onOpen: ({ batch_id }) => void navigate({ to: '/compare/$batchId', params: { batchId: batch_id } }),
  });

  return (
    <Page
      title="Compare"
      subtitle={list.loaded && listSize(format, list, 'comparison', 'comparisons')}
      toolbar={
        <CommandButton
          id="compare.new"
          variant="filled"
          leftSection={<IconPlus size={14} aria-hidden />}
          showKeys
        />
      }
    >
      <RecordList
        label="Comparisons"
        failed="The comparisons could not be loaded"
        list={list}
        cursor={cursor}
        openBy="double click"
        columns={columns}
        rowHeight={rowHeight}
        idOf={batchIdOf}
        empty={<NoComparisons />}
      />
    </Page>
  );
}

const batchIdOf = ({ batch_id }: BatchSummary): string => batch_id;

function NoComparisons() {
  return (
    <Empty
      icon={<IconColumns3 size={32} stroke={1.4} aria-hidden />}
      title="Run one template over many inputs and several models at once"
      actions={
        <>
          <CommandButton id="compare.new" variant="filled" showKeys />
          <CommandButton id="sample.install">Try the sample comparison</CommandButton>
        </>
      }
    >
      Every answer is stored byte for byte, with its version, tokens and cost, and you can reopen it any time.
    </Empty>
  );
}

function columnsOf(format: Format): Column<BatchSummary>[] {
  return [
    {
      id: 'name',
      title: 'Comparison',
      width: 'minmax(140px, 2fr)',
      render: (batch) => (
        <>
          <Link to="/compare/$batchId" params={{ batchId: batch.batch_id }} tabIndex={-1} preload={false}>
            {batch.name ?? batch.prompt_name}
          </Link>
          <span className={classes.compared} title={columnsInWords(batch)}>
            {columnsInWords(batch)}
          </span>
        </>
      ),
    },
    {
      id: 'status',
      title: 'Status',
      width: '190px',
      render: (batch) => <BatchStatusBadge batch={batch} />,
    },
    {
      id: 'progress',
      title: 'Calls',
      width: 'minmax(200px, 1.4fr)',
      render: (batch) => <CountsLine counts={batch.counts} total={batch.total} />,
    },
    {
      id: 'simulated',
      title: 'Kind',
      width: '100px',
      showFrom: 800,
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
