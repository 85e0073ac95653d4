import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { templateTitle, type HistoryEntry, type Prompt } from '../../../src-shared/domain';
import { CommandButton, SidePanel, useCommands, useListCursor } from '../../commands';
import { useRowHeight } from '../../preferences';
import { BY_CURSOR, failureOf, orpc, usePagedList } from '../../rpc';
import { Note, Page, RecordList, RecordPage, useFormat, WithPanel } from '../../ui';
import { ArchiveDialog } from './archive-dialog';
import { historyColumns } from './history-columns';
import { InactiveDialog } from './activity/inactive-dialog';
import { lanesOf } from './lanes';
import { LabelDialog } from './label-dialog';
import { RenameDialog } from './rename-dialog';
import { useActivity } from './activity/use-activity';
import { useComparePrevious } from './use-compare-previous';
import { VersionDiff } from './version-diff';
import classes from './templates.module.css';

const PAGE = 200;

/** The versions of one prompt as a tree, and how any two of them differ. */
export function HistoryPage() {
  const { promptId } = useParams({ from: '/prompts/$promptId' });
  const query = useQuery(orpc.prompts.get.queryOptions({ input: { prompt_id: promptId } }));
  if (!query.data) {
    return (
      <RecordPage
        kind="Prompt"
        failure={query.error === null ? null : failureOf(query.error)}
        onRetry={() => void query.refetch()}
        actions={<Link to="/templates">All templates</Link>}
      />
    );
  }
  return <History key={promptId} prompt={query.data} />;
}

type Dialog = 'rename' | 'labels' | 'archive';

function History({ prompt }: { readonly prompt: Prompt }) {
  const { prompt_id } = prompt;
  const search = useSearch({ from: '/prompts/$promptId' });
  const navigate = useNavigate({ from: '/prompts/$promptId' });
  const format = useFormat();
  const rowHeight = useRowHeight();
  const [dialog, setDialog] = useState<Dialog>();
  const list = usePagedList(
    useInfiniteQuery(
      orpc.prompts.history.infiniteOptions({
        input: (cursor: string | undefined) => ({
          prompt_id,
          include_trials: search.trials ?? false,
          limit: PAGE,
          ...(cursor && { cursor }),
        }),
        ...BY_CURSOR,
      }),
    ),
  );
  const lanes = useMemo(() => lanesOf(list.rows), [list.rows]);
  const laneOf = useMemo(
    () => new Map(list.rows.map(({ template_id }, index) => [template_id, lanes[index]])),
    [list.rows, lanes],
  );
  const columns = useMemo(
    () => historyColumns(format, (id) => laneOf.get(id), search.base),
    [format, laneOf, search.base],
  );

  const show = (changes: Partial<typeof search>): void => {
    void navigate({ search: (previous) => ({ ...previous, ...changes }), replace: true });
  };
  const edit = ({ template_id }: HistoryEntry): void =>
    void navigate({ to: '/templates/$templateId', params: { templateId: template_id } });
  // With the panel open, the diff follows the cursor.
  const cursor = useListCursor({
    list,
    idOf: entryIdOf,
    openId: search.version,
    startId: search.at,
    onOpen: ({ template_id }) => show({ version: template_id }),
    onPeek: () => toggleDiff(),
  });
  const row: HistoryEntry | undefined = cursor.row;
  const toggleDiff = (): void =>
    show({ version: search.version === undefined ? row?.template_id : undefined });
  const to = search.version;
  const from = search.base ?? list.rows.find(({ template_id }) => template_id === to)?.parent_template_id;
  const none = row ? undefined : 'Select a version first.';
  const usable = (why: string): string | undefined =>
    none ?? (row?.trial ? 'A trial is no version yet.' : row?.deleted_at ? why : undefined);
  const activity = useActivity(prompt);
  useComparePrevious(row);

  useCommands({
    'version.diff': {
      run: toggleDiff,
      disabled: none,
    },
    'version.base': {
      run: () => show({ base: search.base === row?.template_id ? undefined : row?.template_id }),
      disabled: none,
    },
    'version.restore': { run: () => row && edit(row), disabled: none },
    'history.trials': {
      run: () => show({ trials: search.trials ? undefined : true }),
      disabled: prompt.trials === 0 ? 'It has no trials.' : undefined,
    },
    'prompt.rename': () => setDialog('rename'),
    'prompt.active': { run: activity.toggle, disabled: activity.disabled },
    'template.label': {
      run: () => setDialog('labels'),
      disabled: usable('Archived versions cannot have labels.'),
    },
    'template.archive': { run: () => setDialog('archive'), disabled: usable('Already archived.') },
    'template.compare': {
      run: () => row && void navigate({ to: '/compare/new', search: { template: row.template_id } }),
      disabled:
        usable('Archived versions cannot run.') ??
        (prompt.active ? undefined : 'Inactive prompts cannot run.'),
    },
  });

  const selected = row && { template_id: row.template_id, prompt_id, name: nameOf(prompt, row) };
  return (
    <Page
      title={prompt.name}
      subtitle={<Subtitle prompt={prompt} />}
      toolbar={
        <>
          <CommandButton id="version.diff" showKeys>
            Diff
          </CommandButton>
          <CommandButton id="version.base" showKeys>
            Base
          </CommandButton>
          <CommandButton id="compare.previous" showKeys>
            Compare
          </CommandButton>
          <CommandButton id="version.restore" showKeys>
            Edit as child
          </CommandButton>
          <CommandButton id="template.label" showKeys>
            Labels…
          </CommandButton>
          <CommandButton id="prompt.rename">Rename…</CommandButton>
          <CommandButton id="prompt.active">{prompt.active ? 'Set inactive…' : 'Set active'}</CommandButton>
          <CommandButton id="history.trials">
            {search.trials ? 'Hide trials' : `Trials (${format.count(prompt.trials)})`}
          </CommandButton>
        </>
      }
    >
      <WithPanel
        panel={
          to !== undefined &&
          (from ? (
            <VersionDiff from={from} to={to} onClose={() => show({ version: undefined })} />
          ) : (
            <FirstVersion onClose={() => show({ version: undefined })} />
          ))
        }
      >
        <RecordList
          label="Versions"
          failed="The versions could not be loaded"
          list={list}
          cursor={cursor}
          openBy="click"
          columns={columns}
          rowHeight={rowHeight}
          idOf={entryIdOf}
          isMuted={({ deleted_at, trial }) => deleted_at !== null || trial}
          empty={<Note>Only trials so far: press t to list them.</Note>}
        />
      </WithPanel>
      <InactiveDialog activity={activity} />
      {dialog === 'rename' && <RenameDialog prompt={prompt} onClose={() => setDialog(undefined)} />}
      {dialog === 'labels' && selected && (
        <LabelDialog template={selected} onClose={() => setDialog(undefined)} />
      )}
      <ArchiveDialog
        template={dialog === 'archive' ? selected : undefined}
        onClose={() => setDialog(undefined)}
      />
    </Page>
  );
}

function FirstVersion({ onClose }: { onClose(): void }) {
  return (
    <SidePanel label="Diff" title="Diff" onClose={onClose}>
      <Note>The first version has none before it. Set another one as the base: press b on it.</Note>
    </SidePanel>
  );
}

const entryIdOf = ({ template_id }: HistoryEntry): string => template_id;

function nameOf({ name: prompt_name }: Prompt, { version_number }: HistoryEntry): string {
  return templateTitle({ prompt_name, version_number });
}

function Subtitle({ prompt }: { readonly prompt: Prompt }) {
  const format = useFormat();
  const { versions, active, archived, forked_from, labels } = prompt;
  return (
    <>
      {format.plural(versions, 'version', 'versions')}
      {!active && ' · inactive'}
      {archived && ' · archived'}
      {labels.map(({ label, version_number }) => (
        <span key={label} className={classes.label}>
          {label} v{version_number ?? '?'}
        </span>
      ))}
      {forked_from && (
        <>
          {' · forked from '}
          <Link to="/prompts/$promptId" params={{ promptId: forked_from.prompt_id }}>
            {forked_from.name}
            {forked_from.version_number !== null && ` v${forked_from.version_number}`}
          </Link>
        </>
      )}
    </>
  );
}
