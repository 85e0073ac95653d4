import { IconListDetails } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import {
  costInWords,
  FAILURE_WORDS,
  hasNoCost,
  shownOutput,
  templateTitle,
  versionTitle,
  type ListedRun,
} from '../../../src-shared/domain';
import { CommandButton, useCommands, useListCursor } from '../../commands';
import { useRowHeight } from '../../preferences';
import { BY_CURSOR, orpc, usePagedList } from '../../rpc';
import {
  AddressProblems,
  Empty,
  GradeBadge,
  listSize,
  Mono,
  Page,
  RecordList,
  RunStatusBadge,
  tailId,
  useFormat,
  Waiting,
  WithPanel,
  type Column,
  type Format,
} from '../../ui';
import { narrowedBy, readFilters } from './filters';
import { RunFilters } from './run-filters';
import { RunPanel } from './run-panel';
import { ViewPicker, ViewsDialog } from './views';
import classes from './runs.module.css';

const PAGE = 200;
/** How soon to ask again while the search index is catching up. */
const SEARCH_POLL_MS = 400;
/** One precision for the column, so that amounts line up. */
const COST_DIGITS = 6;

/** All runs, newest first. */
export function RunsPage() {
  const search = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const rowHeight = useRowHeight();
  const format = useFormat();
  const words = useRef<HTMLInputElement>(null);
  const { asked, problems, any: filtered } = useMemo(() => readFilters(search), [search]);
  const [managing, setManaging] = useState(false);
  const query = useInfiniteQuery(
    orpc.runs.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ ...asked, limit: PAGE, ...(cursor && { cursor }) }),
      ...BY_CURSOR,
      enabled: problems.length === 0,
      // Searching brings the search index up to date; until it is, more runs may be found.
      refetchInterval: ({ state }) => (unsearchedOf(state.data) > 0 ? SEARCH_POLL_MS : false),
    }),
  );
  const list = usePagedList(query);
  const columns = useMemo(() => columnsOf(format), [format]);

  const show = (changes: Partial<typeof search>): void => {
    void navigate({ search: (previous) => ({ ...previous, ...changes }), replace: true });
  };
  const filter = (changes: Partial<typeof search>): void => {
    cursor.toTop();
    show(changes);
  };
  /** Clears every other filter, including unknown ones. */
  const filterOnly = (view: Omit<typeof search, 'run'>): void => {
    cursor.toTop();
    void navigate({ search: ({ run }) => ({ ...view, run }), replace: true });
  };
  const unsearched = unsearchedOf(query.data);
  const narrowed = narrowedBy(search, format);
  const cursor = useListCursor({
    list,
    idOf: runIdOf,
    openId: search.run,
    onOpen: (run) => show({ run: run.run_id }),
  });
  useCommands({
    'list.search': () => words.current?.focus(),
    'list.clear': {
      run: () => filterOnly({}),
      disabled: filtered ? undefined : 'No filter is set.',
    },
    'runs.views': () => setManaging(true),
  });

  return (
    <Page
      title="Runs"
      subtitle={problems.length === 0 && list.loaded && listSize(format, list, 'run', 'runs')}
      toolbar={
        <>
          <ViewPicker search={search} onPick={filterOnly} />
          <CommandButton id="runs.views" />
        </>
      }
    >
      <RunFilters
        search={search}
        isFiltered={filtered}
        narrowed={narrowed}
        searchInput={words}
        onChange={filter}
      />
      {problems.length === 0 && unsearched > 0 && (
        <p className={classes.searching} role="status">
          Still searching: {format.count(unsearched)} {unsearched === 1 ? 'run' : 'runs'} to go.
        </p>
      )}
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
        {problems.length > 0 ? (
          <AddressProblems
            title={
              problems.length === 1
                ? 'A filter is invalid, so nothing is listed'
                : `${problems.length} filters are invalid, so nothing is listed`
            }
            problems={problems}
            actions={problems.length > 1 && <CommandButton id="list.clear" />}
            onRemove={(name) => filter({ [name]: undefined })}
          />
        ) : (
          <RecordList
            label="Runs"
            failed="The runs could not be loaded"
            list={list}
            cursor={cursor}
            openBy="click"
            columns={columns}
            rowHeight={rowHeight}
            idOf={runIdOf}
            empty={<NoRuns filtered={filtered} searching={unsearched > 0} />}
          />
        )}
      </WithPanel>
      {managing && <ViewsDialog search={search} onPick={filterOnly} onClose={() => setManaging(false)} />}
    </Page>
  );
}

const runIdOf = (run: ListedRun): string => run.run_id;

const unsearchedOf = (
  data: { readonly pages: readonly { readonly unsearched: number }[] } | undefined,
): number => data?.pages[0]?.unsearched ?? 0;

interface NoRunsProps {
  readonly filtered: boolean;
  readonly searching: boolean;
}

function NoRuns({ filtered, searching }: NoRunsProps) {
  // Still searching, so an empty result is not final.
  if (searching) return <Waiting lines={12} />;
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
      width: 'minmax(100px, 1fr)',
      showFrom: 760,
      render: (run) => (
        <span className={classes.template} title={templateTitle(run)}>
          <bdi>{run.prompt_name}</bdi>
          <span> · {versionTitle(run)}</span>
        </span>
      ),
    },
    {
      id: 'model',
      title: 'Model',
      width: 'minmax(96px, 1fr)',
      render: (run) => <span title={`${run.provider} · ${run.model_id}`}>{run.model_id}</span>,
    },
    {
      id: 'output',
      title: 'Output',
      width: 'minmax(96px, 3fr)',
      render: (run) =>
        run.failure_code ? (
          <span className={classes.failureCell} title={run.failure_code}>
            {FAILURE_WORDS[run.failure_code]}
            {run.failure_message !== null && `. ${run.failure_message}`}
          </span>
        ) : (
          <span dir="auto" className={classes.text}>
            {(shownOutput(run) ?? '').slice(0, 300)}
          </span>
        ),
    },
    {
      id: 'version',
      title: 'Version',
      width: '96px',
      showFrom: 1080,
      // Empty without an answer, which differs from an answer that proves nothing.
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
        hasNoCost(run) ? (
          costInWords(run)
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
