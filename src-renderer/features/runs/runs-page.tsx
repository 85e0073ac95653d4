import { IconListDetails } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { type ListedRun } from '../../../src-shared/domain';
import { CommandButton, useCommands, useListCursor } from '../../commands';
import { useRowHeight } from '../../preferences';
import { failureOf, orpc } from '../../rpc';
import {
  Empty,
  GradeBadge,
  listSize,
  ListStates,
  Mono,
  Page,
  RunStatusBadge,
  tailId,
  useFormat,
  usePagedRows,
  VirtualTable,
  WithPanel,
  type Column,
  type Format,
} from '../../ui';
import { filtersOf, narrowedBy, NO_FILTERS } from './filters';
import { RunFilters } from './run-filters';
import { RunPanel } from './run-panel';
import { ViewPicker, ViewsDialog } from './views';
import classes from './runs.module.css';

const PAGE = 200;
/** One precision for the whole column, so that amounts line up. */
const COST_DIGITS = 6;

/** Every single call, newest first. */
export function RunsPage() {
  const search = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const rowHeight = useRowHeight();
  const format = useFormat();
  const model = useRef<HTMLInputElement>(null);
  const filters = useMemo(() => filtersOf(search), [search]);
  const [managing, setManaging] = useState(false);
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
    'runs.views': () => setManaging(true),
  });

  return (
    <Page
      title="Runs"
      subtitle={query.data && listSize(format, rows.length, query.hasNextPage, 'run', 'runs')}
      toolbar={
        <>
          <ViewPicker search={search} onPick={(view) => filter({ ...NO_FILTERS, ...view })} />
          <CommandButton id="runs.views" />
        </>
      }
    >
      <RunFilters search={search} narrowed={narrowed} modelInput={model} onChange={filter} />
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
      {managing && (
        <ViewsDialog
          search={search}
          onPick={(view) => filter({ ...NO_FILTERS, ...view })}
          onClose={() => setManaging(false)}
        />
      )}
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
          <span className={classes.failureCell} title={run.failure_code}>
            {run.failure_message ?? <code>{run.failure_code}</code>}
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
