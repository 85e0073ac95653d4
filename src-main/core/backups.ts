import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { validationError, type BackupProgress, type VerifiedBackup } from '../../src-shared/domain';
import { readHead } from '../audit';
import type { Clock, Logger, Service } from '../ports';
import {
  backupName,
  backupsFolder,
  copyStore,
  inspectBackup,
  listBackups,
  restoreStore,
  schemaVersionOf,
  type RestoreResult,
  type RestoreStep,
  type StoreFacts,
  type Store,
} from '../store';
import { checkCopy } from './check-copy';

export interface Backups extends Service<'backups'> {
  /** Waits for a backup in progress. */
  idle(): Promise<void>;
}

export function createBackupsService(deps: {
  store: Store;
  home: string;
  clock: Clock;
  logger: Logger;
}): Backups {
  const { store, home, clock, logger } = deps;
  let progress: BackupProgress | null = null;
  let running: Promise<VerifiedBackup> | undefined;
  const make = async (): Promise<VerifiedBackup> => {
    progress = { step: 'copying', done: 0 };
    try {
      const backup = await backUpHome({ home, clock, onProgress: (next) => (progress = next) });
      logger.log('info', 'store.backed_up', { path: backup.path });
      return backup;
    } finally {
      progress = null;
      running = undefined;
      store.write((tx) => tx.changed('backups', 'list'));
    }
  };
  return {
    create: () => (running ??= make()),
    list: () => ({ folder: backupsFolder(home), items: listBackups(home), running: progress }),
    async idle() {
      await running?.catch(() => undefined);
    },
  };
}

/**
 * A verified copy of a data folder's store, whoever owns it now; goes into its backups folder unless a file is given.
 * @throws VALIDATION_FAILED if the file exists or its folder does not, NOT_FOUND, DISK_FULL, STORE_CORRUPT
 */
export async function backUpHome(options: {
  home: string;
  clock: Clock;
  out?: string | undefined;
  onProgress?: (progress: BackupProgress) => void;
}): Promise<VerifiedBackup> {
  const { home, clock, onProgress } = options;
  const source = join(home, 'prompter.db');
  const at = new Date(clock.now());
  const path =
    options.out === undefined
      ? join(
          backupsFolder(home),
          backupName({ schemaVersion: schemaVersionOf(source), at, reason: 'manual' }),
        )
      : resolve(options.out);
  if (options.out !== undefined) assertFolderExists(path);
  const { schemaVersion, rows } = await copyStore({ source, target: path, onProgress });
  return {
    file: basename(path),
    path,
    size_bytes: statSync(path).size,
    created_at: at.toISOString(),
    reason: 'manual',
    schema_version: schemaVersion,
    migration: null,
    rows,
  };
}

/** A missing folder is a typo or an unmounted drive: if created here, the copy would end up on the store's own disk. */
function assertFolderExists(path: string): void {
  const folder = dirname(path);
  if (existsSync(folder)) return;
  throw validationError([
    {
      path: 'out',
      message: `the folder ${folder} does not exist. Create it, or mount its drive, and try again`,
    },
  ]);
}

export { listBackups as listHomeBackups };

/**
 * Reads a backup from end to end, comparing each record with its audit log.
 * @throws NOT_FOUND, STORE_CORRUPT, STORE_FROM_FUTURE, MIGRATION_CHANGED
 */
export async function checkBackup(options: {
  home: string;
  file: string;
  clock: Clock;
}): Promise<StoreFacts> {
  const path = backupFile(options);
  const facts = await inspectBackup(path);
  await checkCopy({ ...options, path, name: path });
  return facts;
}

/** A path, or a file name in the backups folder. */
function backupFile({ home, file }: { home: string; file: string }): string {
  const listed = join(backupsFolder(home), file);
  return !existsSync(file) && basename(file) === file && existsSync(listed) ? listed : resolve(file);
}

/** Replaces a data folder's store with a copy. @throws what `restoreStore` throws */
export async function restoreHome(options: {
  home: string;
  file: string;
  clock: Clock;
  onStep?: (step: RestoreStep) => void;
}): Promise<RestoreResult> {
  const file = backupFile(options);
  return restoreStore({
    ...options,
    file,
    checkLog: (path) => checkCopy({ ...options, path, name: file }),
    previousHead() {
      const head = readHead(options.home);
      return head === null || head === 'unreadable' ? null : head.note;
    },
  });
}
