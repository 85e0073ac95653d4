import { Checkbox, Select } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import type { TemplateSummary } from '../../../src-shared/domain';
import { CommandButton, useCommands, useListCursor } from '../../commands';
import { useRowHeight } from '../../preferences';
import { FilterInput, Page, RecordList, useFormat, WithPanel, type VirtualTableHandle } from '../../ui';
import { ArchiveDialog } from './archive-dialog';
import { templateColumns } from './columns';
import { DraftStrip } from './draft-strip';
import { LabelDialog } from './label-dialog';
import { NoTemplates } from './no-templates';
import { TemplatePeek } from './template-peek';
import { useTemplateList } from './use-template-list';
import classes from './templates.module.css';

export function TemplatesPage() {
  const search = useSearch({ from: '/templates' });
  const navigate = useNavigate({ from: '/templates' });
  const format = useFormat();
  const rowHeight = useRowHeight();
  const [peeking, setPeeking] = useState(false);
  const [archiving, setArchiving] = useState<TemplateSummary>();
  const [labelling, setLabelling] = useState<TemplateSummary>();
  const input = useRef<HTMLInputElement>(null);
  const table = useRef<VirtualTableHandle>(null);
  const list = useTemplateList({
    q: search.q ?? '',
    workspace: search.workspace,
    archived: search.archived ?? false,
  });
  const columns = useMemo(() => templateColumns(format), [format]);
  const filtered = Boolean(search.q ?? search.workspace);

  const cursor = useListCursor({
    list,
    idOf: templateIdOf,
    onOpen: ({ template_id }) =>
      void navigate({ to: '/templates/$templateId', params: { templateId: template_id } }),
    onPeek: () => setPeeking((shown) => !shown),
  });
  const { row } = cursor;
  const show = (changes: Partial<typeof search>): void => {
    cursor.toTop();
    void navigate({ search: (previous) => ({ ...previous, ...changes }), replace: true });
  };
  const none = row ? undefined : 'Select a template first.';

  useCommands({
    'list.search': () => input.current?.focus(),
    'list.clear': {
      run: () => show({ q: undefined, workspace: undefined }),
      disabled: filtered ? undefined : 'No filter is set.',
    },
    'templates.archived': () => show({ archived: search.archived ? undefined : true }),
    'template.label': {
      run: () => setLabelling(row),
      disabled: none ?? (row?.deleted_at ? 'Archived templates cannot have labels.' : undefined),
    },
    'template.archive': {
      run: () => setArchiving(row),
      disabled: none ?? (row?.deleted_at ? 'Already archived.' : undefined),
    },
    'template.compare': {
      run: () => row && void navigate({ to: '/compare/new', search: { template: row.template_id } }),
      disabled: none ?? (row?.deleted_at ? 'Archived templates cannot run.' : undefined),
    },
  });

  return (
    <Page
      title="Templates"
      subtitle={list.loaded && format.plural(list.total, 'template', 'templates')}
      toolbar={
        <>
          <WorkspaceFilter
            rows={list.rows}
            value={search.workspace}
            onChange={(workspace) => show({ workspace })}
          />
          <Checkbox
            label="Archived"
            checked={search.archived ?? false}
            onChange={() => show({ archived: search.archived ? undefined : true })}
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
      <WithPanel
        panel={
          peeking && row && <TemplatePeek templateId={row.template_id} onClose={() => setPeeking(false)} />
        }
      >
        <RecordList
          handle={table}
          label="Templates"
          failed="The templates could not be loaded"
          list={list}
          cursor={cursor}
          openBy="double click"
          columns={columns}
          rowHeight={rowHeight}
          idOf={templateIdOf}
          isMuted={(template) => template.deleted_at !== null}
          empty={<NoTemplates query={search.q} filtered={filtered} />}
        />
      </WithPanel>
      {labelling && <LabelDialog template={labelling} onClose={() => setLabelling(undefined)} />}
      <ArchiveDialog template={archiving} onClose={() => setArchiving(undefined)} />
    </Page>
  );
}

const templateIdOf = ({ template_id }: TemplateSummary): string => template_id;

interface WorkspaceFilterProps {
  readonly rows: readonly TemplateSummary[];
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
