import { Select } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import type { PromptOrder, PromptSort, PromptSummary } from '../../../src-shared/domain';
import { CommandButton, useCommands, useListCursor } from '../../commands';
import { useRowHeight } from '../../preferences';
import { FilterInput, Page, RecordList, useFormat, WithPanel, type VirtualTableHandle } from '../../ui';
import { ArchiveDialog } from './archive-dialog';
import { firstOrder, isSortedBy, placeOf, promptColumns, reversed, SORTS } from './columns';
import { DraftStrip } from './draft-strip';
import { Filters } from './filters';
import { InactiveDialog } from './activity/inactive-dialog';
import { LabelDialog } from './label-dialog';
import { NoTemplates } from './no-templates';
import { rowsOf, templateOf, type PromptRow, type RowTemplate } from './prompt-rows';
import { RenameDialog } from './rename-dialog';
import type { PromptsSearch } from './search';
import { TemplatePeek } from './template-peek';
import { useActivity } from './activity/use-activity';
import { useComparePrevious } from './use-compare-previous';
import { usePromptList } from './use-prompt-list';
import { useExpanded } from './use-versions';
import classes from './templates.module.css';

const DEFAULT_ORDER: PromptOrder = '-changed';

/** Prompts, a row each, with their versions below those that are expanded. */
export function TemplatesPage() {
  const search = useSearch({ from: '/templates' });
  const navigate = useNavigate({ from: '/templates' });
  const format = useFormat();
  const rowHeight = useRowHeight();
  const [peeking, setPeeking] = useState(false);
  const [archiving, setArchiving] = useState<RowTemplate>();
  const [labelling, setLabelling] = useState<RowTemplate & { readonly prompt_id: string }>();
  const [renaming, setRenaming] = useState<PromptSummary>();
  const input = useRef<HTMLInputElement>(null);
  const table = useRef<VirtualTableHandle>(null);
  const prompts = usePromptList(search);
  const { versions, toggle } = useExpanded();
  const rows = useMemo(() => rowsOf(prompts.rows, versions), [prompts.rows, versions]);
  const list = { ...prompts, rows, total: prompts.total + rows.length - prompts.rows.length };
  const { archived, inactive, sort: _, ...narrowing } = search;
  const filtered = Object.values(narrowing).some(Boolean);
  const order = search.sort ?? DEFAULT_ORDER;

  const cursor = useListCursor({
    list,
    idOf: rowIdOf,
    onOpen: (row) => {
      if (row.kind === 'line') return openHistory(row.prompt.prompt_id);
      const template = templateOf(row);
      if (template === undefined) return undefined;
      return void navigate({ to: '/templates/$templateId', params: { templateId: template.template_id } });
    },
    onPeek: () => setPeeking((shown) => !shown),
  });
  const { row, active } = cursor;
  const template = templateOf(row);

  const show = (changes: Partial<PromptsSearch>): void => {
    cursor.toTop();
    void navigate({ search: (previous) => ({ ...previous, ...changes }), replace: true });
  };
  const sort = (next: PromptOrder): void => show({ sort: next === DEFAULT_ORDER ? undefined : next });
  const sortBy = (by: PromptSort): void => sort(isSortedBy(order, by) ? reversed(order) : firstOrder(by));
  const openHistory = (promptId: string, at?: string): void =>
    void navigate({ to: '/prompts/$promptId', params: { promptId }, search: { at } });

  const columns = useMemo(
    () => promptColumns(format, { order, sortBy }, toggle),
    // `sortBy` closes over the order and the router alone.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [format, order, toggle],
  );
  const none = row ? undefined : 'Select a prompt first.';
  const unusable = none ?? (template === undefined ? 'It has no version yet.' : undefined);
  const frozen = (why: string): string | undefined => unusable ?? (template?.archived ? why : undefined);
  const activity = useActivity(row?.prompt);
  useComparePrevious(template);

  useCommands({
    'list.search': () => input.current?.focus(),
    'list.clear': {
      run: () =>
        show({ q: undefined, workspace: undefined, label: undefined, tag: undefined, model: undefined }),
      disabled: filtered ? undefined : 'No filter is set.',
    },
    'tree.expand': {
      run() {
        if (row?.kind !== 'prompt') return;
        if (row.expanded) cursor.moveTo(active + 1);
        else toggle(row.prompt.prompt_id, true);
      },
      disabled: none,
    },
    'tree.collapse': {
      run() {
        if (row?.kind === 'prompt') toggle(row.prompt.prompt_id, false);
        else if (row) cursor.moveTo(rows.findIndex(({ id }) => id === row.prompt.prompt_id));
      },
      disabled: none,
    },
    'templates.archived': () => show({ archived: archived ? undefined : true }),
    'templates.inactive': () => show({ inactive: inactive ? undefined : true }),
    'templates.sort': () => {
      const at = SORTS.findIndex((each) => isSortedBy(order, each));
      sort(firstOrder(SORTS[(at + 1) % SORTS.length] ?? 'changed'));
    },
    'templates.reverse': () => sort(reversed(order)),
    'prompt.history': {
      run: () =>
        row &&
        openHistory(row.prompt.prompt_id, row.kind === 'version' ? row.version.template_id : undefined),
      disabled: none,
    },
    'prompt.rename': { run: () => setRenaming(row?.prompt), disabled: none },
    'prompt.active': { run: activity.toggle, disabled: none ?? activity.disabled },
    'template.label': {
      run: () => row && template && setLabelling({ ...template, prompt_id: row.prompt.prompt_id }),
      disabled: frozen('Archived templates cannot have labels.'),
    },
    'template.archive': { run: () => setArchiving(template), disabled: frozen('Already archived.') },
    'template.compare': {
      run: () =>
        template && void navigate({ to: '/compare/new', search: { template: template.template_id } }),
      disabled:
        frozen('Archived templates cannot run.') ??
        (row?.prompt.active === false ? 'Inactive prompts cannot run.' : undefined),
    },
  });

  return (
    <Page
      title="Templates"
      subtitle={prompts.loaded && format.plural(prompts.total, 'prompt', 'prompts')}
      toolbar={
        <>
          <WorkspaceFilter
            rows={prompts.rows}
            value={search.workspace}
            onChange={(workspace) => show({ workspace })}
          />
          <FilterInput
            input={input}
            className={classes.search}
            type="search"
            aria-label="Search templates"
            placeholder="Search name and text"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={search.q ?? ''}
            delayMs={30}
            onFilter={(q) => show({ q })}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
              event.preventDefault();
              table.current?.focus();
            }}
          />
          <CommandButton
            id="template.new"
            variant="filled"
            leftSection={<IconPlus size={14} aria-hidden />}
            showKeys
          >
            New
          </CommandButton>
        </>
      }
    >
      <DraftStrip />
      <Filters search={search} onChange={show} />
      <WithPanel
        panel={
          peeking &&
          template && <TemplatePeek templateId={template.template_id} onClose={() => setPeeking(false)} />
        }
      >
        <RecordList
          handle={table}
          label="Templates"
          failed="The prompts could not be loaded"
          list={list}
          cursor={cursor}
          openBy="double click"
          columns={columns}
          rowHeight={rowHeight}
          idOf={rowIdOf}
          placeOf={placeOf}
          isMuted={isMuted}
          empty={<NoTemplates query={search.q} filtered={filtered} />}
        />
      </WithPanel>
      {labelling && <LabelDialog template={labelling} onClose={() => setLabelling(undefined)} />}
      <InactiveDialog activity={activity} />
      {renaming && <RenameDialog prompt={renaming} onClose={() => setRenaming(undefined)} />}
      <ArchiveDialog template={archiving} onClose={() => setArchiving(undefined)} />
    </Page>
  );
}

const rowIdOf = ({ id }: PromptRow): string => id;

function isMuted(row: PromptRow): boolean {
  if (row.kind === 'version') return row.version.deleted_at !== null;
  return row.kind === 'line' || row.prompt.archived || !row.prompt.active;
}

interface WorkspaceFilterProps {
  readonly rows: readonly PromptSummary[];
  readonly value: string | undefined;
  onChange(workspace: string | undefined): void;
}

/** Shown only if the results span more than one workspace. */
function WorkspaceFilter({ rows, value, onChange }: WorkspaceFilterProps) {
  const names = new Set(rows.map((row) => row.workspace_id));
  if (value) names.add(value);
  if (names.size < 2 && !value) return null;
  return (
    <Select
      className={classes.workspace}
      aria-label="Workspace"
      placeholder="All workspaces"
      clearable
      data={[...names].toSorted()}
      value={value ?? null}
      onChange={(workspace) => onChange(workspace ?? undefined)}
    />
  );
}
