import { Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Backup, BackupProgress } from '../../../src-shared/domain';
import { CommandButton } from '../../commands';
import { changeFailure, failureOf, orpc } from '../../rpc';
import { Fact, Facts, FailureView, Mono, Note, useFormat, Waiting } from '../../ui';
import { useLastBackup } from './use-backup';
import classes from './backups.module.css';

/** How often progress is polled while a backup is being made. */
const POLL_MS = 300;
/** Only the newest are shown; the folder has the rest. */
const SHOWN = 10;

const WHY: Readonly<Record<Backup['reason'], string>> = {
  manual: 'manual',
  before_migration: 'before migration',
  before_restore: 'before restore',
};

/** Lists backups, makes one, and says how to restore one. */
export function BackupsSection() {
  const last = useLastBackup();
  const query = useQuery(
    orpc.backups.list.queryOptions({
      refetchInterval: ({ state }) => (last?.status === 'pending' || state.data?.running ? POLL_MS : false),
    }),
  );
  return (
    <section className={classes.section} aria-label="Backups">
      <Note small>
        A backup is a verified copy of the whole store at one moment. Keys stay in the keychain and are not
        included.
      </Note>
      <div className={classes.actions}>
        <CommandButton id="backup.create" loading={last?.status === 'pending'} />
        <Running progress={query.data?.running ?? null} />
      </div>
      {last?.status === 'error' && (
        <FailureView
          inline
          {...changeFailure(
            failureOf(last.error),
            'The store was not backed up',
            'The store and its other backups are unchanged.',
          )}
        />
      )}
      {query.isError ? (
        <FailureView
          inline
          title="The backups could not be listed"
          {...failureOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : query.data ? (
        <BackupList folder={query.data.folder} items={query.data.items} />
      ) : (
        <Waiting lines={3} />
      )}
    </section>
  );
}

function Running({ progress }: { readonly progress: BackupProgress | null }) {
  const last = useLastBackup();
  const percent = progress === null ? 100 : Math.round(progress.done * 100);
  if (progress === null)
    return (
      <span className={classes.note} role="status">
        {last?.status === 'success' && 'Done and verified.'}
      </span>
    );
  return (
    <div className={classes.running}>
      <Progress value={percent} aria-label="Backup" size="sm" />
      <span className={classes.note}>
        {progress.step === 'copying' ? 'Copying' : 'Verifying'}, {percent}%
      </span>
    </div>
  );
}

function BackupList({ folder, items }: { readonly folder: string; readonly items: readonly Backup[] }) {
  const format = useFormat();
  const [newest] = items;
  return (
    <>
      {newest === undefined ? (
        <Note small>None yet. Prompter makes one before each schema change.</Note>
      ) : (
        <table className={classes.list}>
          <thead>
            <tr>
              <th scope="col">Created</th>
              <th scope="col">Reason</th>
              <th scope="col" className={classes.number}>
                Size
              </th>
              <th scope="col">File</th>
            </tr>
          </thead>
          <tbody>
            {items.slice(0, SHOWN).map((item) => (
              <tr key={item.file}>
                <td className={classes.when} title={format.exactTime(item.created_at)}>
                  {format.when(item.created_at)}
                </td>
                <td>
                  {WHY[item.reason]}
                  {item.migration !== null && ` ${item.migration}`}
                </td>
                <td className={classes.number}>{format.bytes(item.size_bytes)}</td>
                <td>
                  <Mono>{item.file}</Mono>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {items.length > SHOWN && (
        <Note small>
          {format.plural(items.length - SHOWN, 'older one is', 'older ones are')} in the folder.
        </Note>
      )}
      <Facts>
        <Fact name="Folder" copy={folder}>
          <Mono>{folder}</Mono>
        </Fact>
        <Fact name="To restore" copy={`prompter restore "${newest?.path ?? 'FILE'}" --yes`}>
          <span>
            Close Prompter, then run <Mono>prompter restore FILE --yes</Mono>. The file is checked first, and
            the current store is kept.
          </span>
        </Fact>
      </Facts>
    </>
  );
}
