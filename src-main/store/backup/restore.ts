import { constants, copyFileSync, existsSync, linkSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { validationError, type RestoreNote } from '../../../src-shared/domain';
import type { Clock } from '../../ports';
import { checkStore } from '../engine/check-store';
import { prepareHome } from '../engine/home-folder';
import { SHIPPED_MIGRATIONS, type Migration } from '../migrations/shipped';
import { acquireOwnerLock } from '../engine/owner-lock';
import { LOG_NAME, PENDING_RESTORES, readPendingRestores } from '../audit-log/restores';
import { mapStoreError } from '../engine/sqlite-error';
import { copyStore } from './copy';
import { discard, isSameFile, syncFile, syncFolder } from './files';
import { assertFile, inspectBackup, type StoreFacts } from './inspect';
import { backupName, backupsFolder, filesOfBackups, makeFolder } from './names';

/** In order; whenever the process dies, one of the two stores is complete and in place. */
export const RESTORE_STEPS = ['checking', 'copying', 'closing', 'keeping', 'replacing', 'finishing'] as const;
export type RestoreStep = (typeof RESTORE_STEPS)[number];

export interface RestoreOptions {
  readonly home: string;
  /** The copy to restore; only read. */
  readonly file: string;
  readonly clock: Clock;
  /** The last signed head of the current store's audit log, which records what is given up. Read under the lock. */
  readonly previousHead: () => string | null;
  /** Checks the new store against its own audit log. An error ends the restore. */
  readonly checkLog: (path: string) => Promise<void>;
  readonly migrations?: readonly Migration[];
  /** Called before each step. */
  readonly onStep?: ((step: RestoreStep) => void) | undefined;
}

export interface RestoreResult extends StoreFacts {
  /** Where the replaced store is kept; null if there was none. */
  readonly kept: string | null;
}

/**
 * Replaces the store with a copy: checks the copy from end to end, copies it, and swaps the two by renaming. The
 * replaced store is kept in the backups folder and never deleted. Holds the store's lock throughout.
 * @throws STORE_LOCKED naming the owner; NOT_FOUND, VALIDATION_FAILED, STORE_CORRUPT, STORE_FROM_FUTURE,
 * MIGRATION_CHANGED about the copy; DISK_FULL, STORE_UNSAFE_LOCATION; what `checkLog` throws. The current store is then
 * unchanged.
 */
export async function restoreStore(options: RestoreOptions): Promise<RestoreResult> {
  const { home, clock } = options;
  assertFile(options.file);
  prepareHome(home);
  // The replaced store will be kept there: check that the folder is usable before moving anything.
  filesOfBackups(home);
  const lock = acquireOwnerLock(home, clock);
  // Doubts left by the last owner's death remain until another store is in place.
  let isInDoubt = lock.previousOwnerDied;
  try {
    const result = await replaceStore(options);
    isInDoubt = false;
    return result;
  } catch (error) {
    throw mapStoreError(error, home);
  } finally {
    lock.release({ keepTrace: isInDoubt });
  }
}

async function replaceStore(options: RestoreOptions): Promise<RestoreResult> {
  const { home, file, migrations = SHIPPED_MIGRATIONS } = options;
  const step = options.onStep ?? (() => {});
  const store = join(home, 'prompter.db');
  const draft = `${store}.restoring`;
  try {
    step('checking');
    if (isSameFile(file, store)) {
      throw validationError([
        { path: 'file', message: 'this is the store in use, so there is nothing to restore' },
      ]);
    }
    await inspectBackup(file, migrations);
    step('copying');
    discard(draft);
    const facts = await copyStore({ source: file, target: draft, migrations });
    await options.checkLog(draft);
    step('closing');
    const at = new Date(options.clock.now());
    const present = existsSync(store) ? closeStore(store) : null;
    const kept =
      present === null
        ? null
        : join(
            backupsFolder(home),
            backupName({ schemaVersion: present.schemaVersion, at, reason: 'before_restore' }),
          );
    writeNotes(draft, present?.unlogged ?? [], {
      restored_at: at.toISOString(),
      // File names on Windows can hold a lone surrogate; records cannot.
      from_file: basename(file).toWellFormed(),
      kept_file: kept === null ? null : basename(kept),
      previous_head: options.previousHead(),
      previous_entries: present?.auditEntries ?? null,
      previous_log: present?.auditLog ?? null,
    });
    step('keeping');
    removeStaleNames(home, store);
    if (kept !== null) keepReplaced(store, kept);
    step('replacing');
    // SQLite would apply a leftover log to the new file.
    for (const suffix of ['-wal', '-shm', '-journal']) discard(`${store}${suffix}`);
    renameSync(draft, store);
    syncFolder(home);
    step('finishing');
    return { ...facts, kept };
  } catch (error) {
    discard(draft);
    removeStaleNames(home, store);
    throw error;
  }
}

/** What is known of the store being replaced; nothing if it is damaged. */
interface PresentStore {
  readonly schemaVersion: number;
  readonly auditEntries: number | null;
  readonly auditLog: string | null;
  /** Restores missing from its audit log, because it was not opened since. */
  readonly unlogged: readonly RestoreNote[];
}

/**
 * Merges the write-ahead log into the current store, making it one file. A damaged store is left untouched: it is kept
 * byte for byte, log included, for data recovery.
 */
function closeStore(path: string): PresentStore {
  try {
    checkStore(path);
    const db = new Database(path);
    try {
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.pragma('journal_mode = DELETE');
      const schemaVersion = Number(db.pragma('user_version', { simple: true }));
      return {
        schemaVersion,
        auditEntries: countEntries(db),
        auditLog: settingIn(db, LOG_NAME),
        unlogged: readPendingRestores(settingIn(db, PENDING_RESTORES)),
      };
    } finally {
      db.close();
    }
  } catch {
    return { schemaVersion: 0, auditEntries: null, auditLog: null, unlogged: [] };
  }
}

function countEntries(db: Database.Database): number | null {
  const isThere = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'audit_leaves'`).get() !== undefined;
  if (!isThere) return 0;
  return db.prepare<[], { n: number | null }>('SELECT max(seq) AS n FROM audit_leaves').get()?.n ?? 0;
}

function settingIn(db: Database.Database, key: string): string | null {
  return (
    db.prepare<[string], { value: string }>(`SELECT value FROM settings WHERE key = ?`).get(key)?.value ??
    null
  );
}

/**
 * Stored inside the copy, so that they take effect exactly when it does; the audit log picks them up at the next start.
 * Includes the notes that the replaced store and the copy had not logged yet.
 */
function writeNotes(draft: string, unlogged: readonly RestoreNote[], note: RestoreNote): void {
  const db = new Database(draft);
  try {
    db.pragma('synchronous = FULL');
    const notes = [...unlogged, ...readPendingRestores(settingIn(db, PENDING_RESTORES)), note];
    // The copy may be one of the replaced store, with the same notes.
    const once = [...new Map(notes.map((each) => [JSON.stringify(each), each])).values()];
    db.prepare(
      `INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    ).run(PENDING_RESTORES, JSON.stringify(once));
  } finally {
    db.close();
  }
  syncFile(draft);
}

/**
 * Removes links that interrupted restores gave to the store still in use: they would pass for backups. A link with a
 * write-ahead log beside it stays: that log belongs to a damaged store and exists nowhere else.
 */
function removeStaleNames(home: string, store: string): void {
  const folder = backupsFolder(home);
  for (const path of filesOfBackups(home).map((file) => join(folder, file))) {
    if (isSameFile(path, store) && !existsSync(`${path}-wal`)) unlinkSync(path);
  }
}

/** Gives the current store a second name; the rename that follows takes away the first. */
function keepReplaced(store: string, kept: string): void {
  const folder = join(kept, '..');
  makeFolder(folder);
  const log = `${store}-wal`;
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    copyFileSync(log, `${kept}-wal`, constants.COPYFILE_EXCL);
    syncFile(`${kept}-wal`);
  }
  try {
    linkSync(store, kept);
  } catch {
    // No hard links: the file system lacks them, or the backups folder is on another disk.
    copyFileSync(store, kept, constants.COPYFILE_EXCL);
    syncFile(kept);
  }
  syncFolder(folder);
}
