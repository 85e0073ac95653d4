import { Checkbox, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import type { TemplateSummary } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { useRowHeight } from '../../preferences';
import { failureOf } from '../../rpc';
import {
  FailureView,
  Page,
  useFormat,
  VirtualTable,
  Waiting,
  WithPanel,
  type VirtualTableHandle,
} from '../../ui';
import { ArchiveDialog } from './archive-dialog';
import { templateColumns } from './columns';
import { DraftStrip } from './draft-strip';
import { LabelDialog } from './label-dialog';
import { NoTemplates } from './no-templates';
import { TemplatePeek } from './template-peek';
import { useTemplateList } from './use-template-list';
import classes from './templates.module.css';

/** Find and open templates: search as you type, peek without leaving. */
export function TemplatesPage() {
  const search = useSearch({ from: '/templates' });
  const navigate = useNavigate({ from: '/templates' });
  const format = useFormat();
  const rowHeight = useRowHeight();
  const [active, setActive] = useState(0);
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
  const row = list.rows[active];
  const filtered = Boolean(search.q ?? search.workspace);

  const show = (changes: Partial<typeof search>): void => {
    setActive(0);
    void navigate({ search: (previous) => ({ ...previous, ...changes }), replace: true });
  };
  const find = useDebouncedCallback((text: string) => show({ q: text.trim() || undefined }), 30);
  const open = (index: number): void => {
    const found = list.rows[index];
    if (found) void navigate({ to: '/templates/$templateId', params: { templateId: found.template_id } });
  };
  const move = (step: number): void =>
    setActive((at) => Math.min(Math.max(0, list.total - 1), Math.max(0, at + step)));
  const none = row ? undefined : 'Select a template first.';

  useCommands({
    'list.next': () => move(1),
    'list.previous': () => move(-1),
    'list.open': { run: () => open(active), disabled: none },
    'list.peek': { run: () => setPeeking((shown) => !shown), disabled: none },
    'list.search': () => input.current?.focus(),
    'list.clear': {
      run: () => {
        if (input.current) input.current.value = '';
        show({ q: undefined, workspace: undefined });
      },
      disabled: filtered ? undefined : 'No filter is set.',
    },
    'templates.archived': () => show({ archived: search.archived ? undefined : true }),
    'template.label': {
      run: () => setLabelling(row),
      disabled: none ?? (row?.deleted_at ? 'Archived templates get no labels.' : undefined),
    },
    'template.archive': {
      run: () => setArchiving(row),
      disabled: none ?? (row?.deleted_at ? 'It is archived already.' : undefined),
    },
    'template.compare': {
      run: () => row && void navigate({ to: '/compare/new', search: { template: row.template_id } }),
      disabled: none ?? (row?.deleted_at ? 'Archived templates are not run.' : undefined),
    },
  });

  return (
    <Page
      title="Templates"
      subtitle={list.state === 'ready' && format.count(list.total)}
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
          <TextInput
            ref={input}
            className={classes.search}
            type="search"
            aria-label="Search templates"
            placeholder="Search name and text"
            leftSection={<IconSearch size={14} aria-hidden />}
            defaultValue={search.q ?? ''}
            onChange={(event) => find(event.currentTarget.value)}
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
        {list.state === 'failed' ? (
          <FailureView
            title="The templates could not be read"
            {...failureOf(list.error)}
            safe="Nothing was changed."
            onRetry={list.retry}
          />
        ) : list.state === 'waiting' ? (
          <Waiting lines={14} />
        ) : list.total === 0 ? (
          <NoTemplates query={search.q} filtered={filtered} />
        ) : (
          <VirtualTable
            handle={table}
            label="Templates"
            columns={columns}
            count={list.total}
            rowHeight={rowHeight}
            rowAt={(index) => list.rows[index]}
            active={active}
            onActive={setActive}
            onOpen={open}
            onRange={list.reach}
            isMuted={(template) => template.deleted_at !== null}
          />
        )}
      </WithPanel>
      {labelling && <LabelDialog template={labelling} onClose={() => setLabelling(undefined)} />}
      <ArchiveDialog template={archiving} onClose={() => setArchiving(undefined)} />
    </Page>
  );
}

interface WorkspaceFilterProps {
  readonly rows: readonly TemplateSummary[];
  readonly value: string | undefined;
  onChange(workspace: string | undefined): void;
}

/** Shown once there is more than one workspace among what was found. */
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
