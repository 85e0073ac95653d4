import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Ids, Logger } from '../ports';
import { newestGoodBackup } from './backup';
import { createChangeFeed, type ChangeFeed } from './engine/change-feed';
import type { AuditContext, ReadDb, RecordKey, Work } from './engine/db';
import { createGroupCommit } from './engine/group-commit';
import { prepareHome } from './engine/home-folder';
import { migrate, schemaVersion } from './migrations/migrate';
import { SHIPPED_MIGRATIONS, type Migration } from './migrations/shipped';
import { keepTemporariesInMemory, openDatabase } from './engine/open-database';
import { areRollupsOutdated, catchUpRollups } from './rollups/writes';
import { acquireOwnerLock, type OwnerLock } from './engine/owner-lock';
import { repairSystemProviders } from './connections/providers';
import { mapStoreError } from './engine/sqlite-error';
import { createTransactions } from './engine/transactions';
import { ensureWorkspace } from './settings/workspaces';
import {
  AppError,
  type Backup,
  DEFAULT_ORG_ID,
  DEFAULT_WORKSPACE_ID,
  isAppError,
  timestampOf,
} from '../../src-shared/domain';

export interface Store {
  readonly read: ReadDb;
  /**
   * Runs `work` in a transaction and commits it durably before returning.
   * @throws DISK_FULL, STORE_CORRUPT, and whatever `work` throws, with nothing written
   */
  write<T>(work: Work<T>): T;
  /**
   * Like `write`, but what is enqueued in one turn of the event loop shares a transaction and an fsync. Resolves after
   * the commit. `work` may be called twice (a failure of another unit rolls the group back) and must do nothing but
   * write to the store.
   */
  enqueue<T>(work: Work<T>): Promise<T>;
  readonly changes: ChangeFeed;
  /**
   * Called with the number of records that each commit queued for the team database. Returns the unsubscribe function.
   */
  onQueued(listener: (records: number) => void): () => void;
  readonly info: {
    readonly path: string;
    readonly schemaVersion: number;
    /** When the file was checked because its last owner died; null if it had been closed. */
    readonly checkedAfterCrash: string | null;
    sizeBytes(): number;
  };
  /** Commits what is enqueued, merges the write-ahead log into the file, releases the lock. */
  close(): void;
}

export interface StoreOptions {
  /** The data folder; the store is `prompter.db` in it. */
  readonly home: string;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly appVersion: string;
  /** Seals records; without it they carry no HMAC. */
  readonly recordKey?: () => RecordKey | null;
  /** Whether to keep sums for charts and metrics; true by default. Records and spend are always kept. */
  readonly statistics?: boolean;
  /** Defaults to this build's migrations. */
  readonly migrations?: readonly Migration[];
}

/**
 * Opens the store for this process alone, creating or migrating it as needed.
 * @throws STORE_LOCKED, STORE_FROM_FUTURE, STORE_CORRUPT, STORE_UNSAFE_LOCATION, MIGRATION_CHANGED, DISK_FULL
 */
export function openStore(options: StoreOptions): Store {
  const { home, clock, logger, statistics = true } = options;
  const migrations = options.migrations ?? SHIPPED_MIGRATIONS;
  const path = join(home, 'prompter.db');
  const lock = lockHome(home, clock);
  try {
    if (lock.previousOwnerDied) logger.log('warn', 'store.checking_after_unclean_exit', { path });
    const db = openDatabase(path, { newestSchema: migrations.length, check: lock.previousOwnerDied });
    try {
      migrate(db, migrations, options);
      const feed = createChangeFeed(logger);
      const audit: AuditContext = {
        now: () => timestampOf(clock.now()),
        recordKey: options.recordKey ?? (() => null),
      };
      const transactions = createTransactions(db, { feed, logger, audit, statistics });
      const now = timestampOf(clock.now());
      transactions.run((tx) => {
        repairSystemProviders(tx, now);
        ensureWorkspace(tx, { org_id: DEFAULT_ORG_ID, workspace_id: DEFAULT_WORKSPACE_ID, now });
      });
      if (areRollupsOutdated(transactions.read, { statistics })) transactions.run(catchUpRollups);
      keepTemporariesInMemory(db);
      const group = createGroupCommit(transactions);

      return {
        read: transactions.read,
        write: (work) => transactions.run(work),
        enqueue: (work) => group.enqueue(work),
        onQueued: transactions.onQueued,
        changes: { subscribe: (listener) => feed.subscribe(listener) },
        info: {
          path,
          schemaVersion: schemaVersion(db),
          checkedAfterCrash: lock.previousOwnerDied ? now : null,
          sizeBytes: () => sizeOf(path) + sizeOf(`${path}-wal`),
        },
        close() {
          if (!db.open) return;
          try {
            group.close();
            db.pragma('wal_checkpoint(TRUNCATE)');
          } finally {
            db.close();
            lock.release();
          }
        },
      };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    lock.release({ keepTrace: lock.previousOwnerDied });
    throw withRestoreHint(error, home);
  }
}

/** Adds the newest good backup and the command to restore it to STORE_CORRUPT. */
function withRestoreHint(error: unknown, home: string): unknown {
  if (!isAppError(error) || error.code !== 'STORE_CORRUPT') return error;
  const backup = foundBackup(home);
  if (backup === null) return error;
  if (isAppError(backup))
    return new AppError('STORE_CORRUPT', `${error.message} ${backup.message}`, {
      data: error.data,
      cause: error,
    });
  return new AppError(
    'STORE_CORRUPT',
    `${error.message} The newest good backup is from ${backup.created_at}. To restore it, with the damaged ` +
      `store kept beside it: prompter restore "${backup.path}" --yes`,
    { data: { ...error.data, backup: backup.path }, cause: error },
  );
}

/** Null if there is none; an error if the backups folder is unusable. */
function foundBackup(home: string): Backup | AppError | null {
  try {
    return newestGoodBackup(home);
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}

/** Creates the folder if it is missing, and locks it for this process. */
function lockHome(home: string, clock: Clock): OwnerLock {
  try {
    prepareHome(home);
    return acquireOwnerLock(home, clock);
  } catch (error) {
    throw mapStoreError(error, home);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
