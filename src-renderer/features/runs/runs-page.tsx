import { Select } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { failureCodeSchema, RUN_STATUSES, type ListedRun } from '../../../src-shared/domain';
import { CommandButton, useCommands, useListCursor } from '../../commands';
import { useRowHeight } from '../../preferences';
import { failureOf, orpc } from '../../rpc';
import {
  Empty,
  FilterInput,
  GradeBadge,
  listSize,
  ListStates,
  Mono,
  Page,
  RunStatusBadge,
  runStatusName,
  tailId,
  useFormat,
  usePagedRows,
  VirtualTable,
  WithPanel,
  type Column,
  type Format,
} from '../../ui';
import type { RunsSearch } from '../../addresses';
import { RunPanel } from './run-panel';
import classes from './runs.module.css';

const PAGE = 200;
/** One precision for the whole column, so that amounts line up. */
const COST_DIGITS = 6;
const STATUS_OPTIONS = RUN_STATUSES.map((status) => ({ value: status, label: runStatusName(status) }));

/** Every single call, newest first. */
export function RunsPage() {
  const search = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const rowHeight = useRowHeight();
  const format = useFormat();
  const model = useRef<HTMLInputElement>(null);
  const failure = failureCodeSchema.safeParse(search.failure);
  const filters = {
    ...(search.status && { status: search.status }),
    ...(search.model && { model_id: search.model }),
    ...(search.template && { template_id: search.template }),
    ...(search.connection && { connection_id: search.connection }),
    ...(search.batch && { batch_id: search.batch }),
    ...(failure.success && { failure_code: failure.data }),
    ...(search.from && { from: search.from }),
    ...(search.to && { to: search.to }),
    ...(search.simulated !== undefined && { simulated: search.simulated }),
    ...(search.counted && { counted: search.counted }),
  };
  const query = useInfiniteQuery(
    orpc.runs.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ ...filters, limit: PAGE, ...(cursor && { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),
  );
  const { rows, onRange, retry } = usePagedRows(query);
  const columns = useMemo(() => columnsOf(format), [format]);

  const show = (changes: Partial<typeof search>): void => {
    void navigate({ search: (previous) => ({ ...previous, ...changes }), replace: true });
  };
  const filter = (changes: Partial<typeof search>): void => {
    cursor.toTop();
    show(changes);
  };
  const filtered = Object.keys(filters).length > 0;
  const narrowed = narrowedBy(search, format);
  const cursor = useListCursor({
    rows,
    loaded: query.data !== undefined,
    idOf: runIdOf,
    openId: search.run,
    onOpen: (run) => show({ run: run.run_id }),
  });
  useCommands({
    'list.search': () => model.current?.focus(),
    'list.clear': {
      run: () => filter(NO_FILTERS),
      disabled: filtered ? undefined : 'No filter is set.',
    },
  });

  return (
    <Page
      title="Runs"
      subtitle={query.data && listSize(format, rows.length, query.hasNextPage, 'run', 'runs')}
      toolbar={
        <>
          {narrowed !== '' && <CommandButton id="list.clear">{narrowed}: show all</CommandButton>}
          <FilterInput
            input={model}
            className={classes.filter}
            aria-label="Filter by model"
            placeholder="Model id"
            value={search.model ?? ''}
            delayMs={150}
            onFilter={(text) => filter({ model: text })}
          />
          <Select
            className={classes.filter}
            aria-label="Filter by status"
            placeholder="Any status"
            clearable
            data={STATUS_OPTIONS}
            value={search.status ?? null}
            onChange={(status) => filter({ status: RUN_STATUSES.find((known) => known === status) })}
          />
        </>
      }
    >
      <WithPanel
        panel={
          search.run && (
            <RunPanel
              runId={search.run}
              title={
                <>
                  Run <Mono>{tailId(search.run)}</Mono>
                </>
              }
              onClose={() => show({ run: undefined })}
            />
          )
        }
      >
        <ListStates
          title="The runs could not be read"
          failure={query.isError ? failureOf(query.error) : null}
          onRetry={retry}
          loaded={query.data !== undefined}
          empty={rows.length === 0 && <NoRuns filtered={filtered} />}
        >
          <VirtualTable
            label="Runs"
            columns={columns}
            count={rows.length}
            rowHeight={rowHeight}
            rowAt={(index) => rows[index]}
            idOf={runIdOf}
            active={cursor.active}
            onActive={cursor.moveTo}
            onPick={cursor.open}
            onRange={onRange}
          />
        </ListStates>
      </WithPanel>
    </Page>
  );
}

const runIdOf = (run: ListedRun): string => run.run_id;

function NoRuns({ filtered }: { readonly filtered: boolean }) {
  return (
    <Empty
      icon={<IconListDetails size={28} stroke={1.5} aria-hidden />}
      title={filtered ? 'No run matches these filters' : 'No runs yet'}
      actions={
        filtered ? (
          <CommandButton id="list.clear" />
        ) : (
          <CommandButton id="compare.new" variant="filled" showKeys />
        )
      }
    >
      {filtered ? null : 'Run a template from the editor, or compare several models over your inputs.'}
    </Empty>
  );
}

const NO_FILTERS = {
  status: undefined,
  model: undefined,
  template: undefined,
  connection: undefined,
  batch: undefined,
  failure: undefined,
  from: undefined,
  to: undefined,
  simulated: undefined,
  counted: undefined,
};

/** The filters that have no field of their own, in words. */
function narrowedBy(search: RunsSearch, format: Format): string {
  const words = [
    search.template && 'one template',
    search.connection && 'one connection',
    search.batch && 'one comparison',
    search.failure,
    search.counted === 'unpriced' && 'unpriced',
    search.simulated !== undefined && (search.simulated ? 'practice' : 'real'),
    search.from && `from ${format.when(search.from)}`,
    search.to && `to ${format.when(search.to)}`,
  ].filter(Boolean);
  const text = words.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function columnsOf(format: Format): Column<ListedRun>[] {
  return [
    {
      id: 'status',
      title: 'Status',
      width: '148px',
      render: (run) => <RunStatusBadge status={run.status} />,
    },
    {
      id: 'template',
      title: 'Template',
      width: 'minmax(120px, 1fr)',
      showFrom: 980,
      render: (run) => (
        <span dir="auto" className={classes.text} title={run.template_name}>
          {run.template_name}
        </span>
      ),
    },
    {
      id: 'model',
      title: 'Model',
      width: 'minmax(120px, 1fr)',
      render: (run) => <span title={`${run.provider} · ${run.model_id}`}>{run.model_id}</span>,
    },
    {
      id: 'output',
      title: 'Output',
      width: 'minmax(112px, 3fr)',
      render: (run) =>
        run.failure_code ? (
          <span className={classes.failureCell}>
            <code>{run.failure_code}</code> {run.failure_message}
          </span>
        ) : (
          <span dir="auto" className={classes.text}>
            {(run.output_text ?? '').slice(0, 300)}
          </span>
        ),
    },
    {
      id: 'version',
      title: 'Version',
      width: '96px',
      showFrom: 1080,
      // No answer, no evidence: that is not the same as an answer that proves nothing.
      render: (run) => run.evidence_grade !== null && <GradeBadge grade={run.evidence_grade} />,
    },
    {
      id: 'tokens',
      title: 'In/out tok',
      width: '104px',
      align: 'end',
      showFrom: 1200,
      render: ({ usage }) =>
        usage.input_tokens === null && usage.output_tokens === null
          ? '–'
          : `${format.tokens(usage.input_tokens)}/${format.tokens(usage.output_tokens)}`,
    },
    {
      id: 'cost',
      title: 'Cost',
      width: '108px',
      showFrom: 680,
      align: 'end',
      render: (run) =>
        // A call that failed and reported no usage has no cost to know.
        run.cost_usd === null && run.status !== 'succeeded' ? (
          '–'
        ) : (
          <span title={`${format.moneyExact(run.cost_usd)}${run.simulated ? ' (simulated, not spend)' : ''}`}>
            {run.simulated && <span className={classes.muted}>sim. </span>}
            {format.money(run.cost_usd, COST_DIGITS)}
          </span>
        ),
    },
    {
      id: 'latency',
      title: 'Latency',
      width: '68px',
      showFrom: 860,
      align: 'end',
      render: (run) => format.duration(run.latency_ms),
    },
    {
      id: 'when',
      title: 'When',
      width: '112px',
      align: 'end',
      render: (run) => <span title={format.exactTime(run.executed_at)}>{format.when(run.executed_at)}</span>,
    },
  ];
}
