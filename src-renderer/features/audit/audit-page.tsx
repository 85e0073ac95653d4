import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import type { AuditEntry } from '../../../src-shared/contract';
import { CommandButton, useCommands, useListCursor } from '../../commands';
import { useRowHeight } from '../../preferences';
import { BY_CURSOR, orpc, usePagedList } from '../../rpc';
import {
  Empty,
  listSize,
  Mono,
  Page,
  RecordList,
  shortId,
  tailId,
  useFormat,
  WithPanel,
  type Column,
  type Format,
} from '../../ui';
import { CheckpointPanel } from './checkpoint-panel';
import { EntryPanel } from './entry-panel';
import { ExportDialog } from './export-dialog';
import { Filters } from './filters';
import { LostLogNotice } from './lost-log-notice';
import { kindName } from './names';
import { useVerify } from './use-verify';
import { VerificationView } from './verification-view';

const PAGE = 200;

export function AuditPage() {
  const search = useSearch({ from: '/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const rowHeight = useRowHeight();
  const format = useFormat();
  const [exporting, setExporting] = useState(false);
  const object = useRef<HTMLInputElement>(null);
  const { verification, verify, stop } = useVerify();
  const { entry, checkpoint, ...filters } = search;
  const filtered = Object.values(filters).some((value) => value !== undefined);
  const list = usePagedList(
    useInfiniteQuery(
      orpc.audit.list.infiniteOptions({
        input: (cursor: string | undefined) => ({
          ...(filters.kind && { record_type: filters.kind }),
          ...(filters.actor && { actor: filters.actor }),
          ...(filters.object && { object_id: filters.object }),
          ...(filters.from && { from: startOfDay(filters.from, 0) }),
          ...(filters.to && { to: startOfDay(filters.to, 1) }),
          limit: PAGE,
          ...(cursor && { cursor }),
        }),
        ...BY_CURSOR,
      }),
    ),
  );
  const columns = useMemo(() => columnsOf(format), [format]);

  const show = (changes: Partial<typeof search>): void => {
    void navigate({ search: (previous) => ({ ...previous, ...changes }), replace: true });
  };
  const openEntry = (seq: number): void => show({ entry: seq, checkpoint: undefined });
  const cursor = useListCursor({
    list,
    idOf: entryIdOf,
    openId: entry?.toString(),
    onOpen: (row) => openEntry(row.seq),
  });
  const filter = (changes: Partial<typeof search>): void => {
    cursor.toTop();
    show(changes);
  };
  const clear = (): void =>
    filter({ kind: undefined, actor: undefined, object: undefined, from: undefined, to: undefined });
  useCommands({
    'list.search': () => object.current?.focus(),
    'list.clear': { run: clear, disabled: filtered ? undefined : 'No filter is set.' },
    'audit.verify': {
      run: verify,
      disabled: verification.state === 'running' ? 'Verification is already running.' : undefined,
    },
    'audit.export': () => setExporting(true),
    'audit.checkpoint': () => show({ checkpoint: true, entry: undefined }),
  });

  return (
    <Page
      title="Audit"
      subtitle={list.loaded && listSize(format, list, 'entry', 'entries')}
      toolbar={
        <>
          <CommandButton id="audit.verify" variant="filled">
            Verify
          </CommandButton>
          <CommandButton id="audit.export">Export…</CommandButton>
          <CommandButton id="audit.checkpoint">Checkpoint</CommandButton>
        </>
      }
    >
      <Filters filters={filters} onChange={filter} objectInput={object} />
      <LostLogNotice />
      <VerificationView verification={verification} onStop={stop} onRetry={verify} onOpen={openEntry} />
      <WithPanel
        panel={
          checkpoint ? (
            <CheckpointPanel onClose={() => show({ checkpoint: undefined })} />
          ) : (
            entry !== undefined && (
              <EntryPanel
                seq={entry}
                onObject={(id) => filter({ object: id, kind: undefined })}
                onClose={() => show({ entry: undefined })}
              />
            )
          )
        }
      >
        <RecordList
          label="Audit entries"
          failed="The audit log could not be loaded"
          list={list}
          cursor={cursor}
          openBy="click"
          columns={columns}
          rowHeight={rowHeight}
          idOf={entryIdOf}
          empty={<NoEntries filtered={filtered} />}
        />
      </WithPanel>
      <ExportDialog opened={exporting} onClose={() => setExporting(false)} />
    </Page>
  );
}

/** Start of a local day, `later` days on. */
function startOfDay(day: string, later: number): string {
  const start = new Date(`${day}T00:00:00`);
  start.setDate(start.getDate() + later);
  return start.toISOString();
}

const entryIdOf = ({ seq }: AuditEntry): string => seq.toString();

function NoEntries({ filtered }: { readonly filtered: boolean }) {
  return (
    <Empty
      icon={<IconHistory size={28} stroke={1.5} aria-hidden />}
      title={filtered ? 'No entry matches these filters' : 'Nothing has been logged yet'}
      actions={
        filtered ? (
          <CommandButton id="list.clear" />
        ) : (
          <CommandButton id="template.new" variant="filled" showKeys />
        )
      }
    >
      {filtered ? null : 'Every template, run and answer adds an entry here automatically.'}
    </Empty>
  );
}

function columnsOf(format: Format): Column<AuditEntry>[] {
  return [
    { id: 'seq', title: 'Entry', width: '72px', align: 'end', render: ({ seq }) => format.count(seq) },
    {
      id: 'kind',
      title: 'Event',
      width: 'minmax(176px, 1fr)',
      render: ({ record_type }) => kindName(record_type),
    },
    {
      id: 'object',
      title: 'Object',
      width: 'minmax(120px, 2fr)',
      render: ({ record_id }) => (
        <span title={record_id}>
          <Mono>{record_id}</Mono>
        </span>
      ),
    },
    { id: 'actor', title: 'Actor', width: '96px', showFrom: 640, render: ({ actor }) => actor },
    {
      id: 'leaf',
      title: 'Leaf',
      width: '104px',
      showFrom: 820,
      render: ({ leaf_sha256 }) => (
        <span title={leaf_sha256}>
          <Mono>{`${shortId(leaf_sha256)}…${tailId(leaf_sha256).slice(-2)}`}</Mono>
        </span>
      ),
    },
    {
      id: 'when',
      title: 'When',
      width: '112px',
      align: 'end',
      render: ({ created_at }) => <span title={format.exactTime(created_at)}>{format.when(created_at)}</span>,
    },
  ];
}
