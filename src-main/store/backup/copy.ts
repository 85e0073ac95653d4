import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { AppError, validationError, type BackupProgress } from '../../../src-shared/domain';
import { prepareFile } from '../engine/home-folder';
import { SHIPPED_MIGRATIONS, type Migration } from '../migrations/shipped';
import { mapStoreError } from '../engine/sqlite-error';
import { discard, publish } from './files';
import { countTables, inspectStore, type StoreFacts } from './inspect';
import { makeFolder } from './names';

export interface CopyOptions {
  /** The store's file; its owner may continue writing. */
  readonly source: string;
  /** Must not exist yet. */
  readonly target: string;
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
  readonly migrations?: readonly Migration[];
}

/** 2 MB per turn, so that others are served in between. */
const PAGES_PER_TURN = 256;

/**
 * Copies a store as of one moment, write-ahead log included, verifies the copy, and only then gives it its name. Uses
 * its own connection, so it works beside the process that owns the store.
 * @throws VALIDATION_FAILED if the target exists, NOT_FOUND, DISK_FULL, STORE_UNSAFE_LOCATION, STORE_CORRUPT
 */
export async function copyStore(options: CopyOptions): Promise<StoreFacts> {
  const { source, target, onProgress, migrations = SHIPPED_MIGRATIONS } = options;
  refuseTarget(source, target);
  const draft = `${target}.partial`;
  makeFolder(dirname(target));
  try {
    assertSpace(source, dirname(target));
    discard(draft);
    prepareFile(draft);
    const expected = await copyPages(source, draft, onProgress);
    const facts = await inspectStore(draft, migrations, (done) => onProgress?.({ step: 'checking', done }));
    for (const [table, rows] of Object.entries(expected)) {
      if (facts.rows[table] === rows) continue;
      throw new AppError(
        'STORE_CORRUPT',
        `The copy has ${facts.rows[table] ?? 0} rows of ${table} instead of ${rows}. It was discarded.`,
      );
    }
    if (existsSync(target)) throw targetExists(target);
    publish(draft, target);
    return facts;
  } catch (error) {
    discard(draft);
    throw mapStoreError(error, target);
  }
}

/** @returns the rows copied, as counted in the source */
async function copyPages(
  source: string,
  draft: string,
  onProgress: CopyOptions['onProgress'],
): Promise<Record<string, number>> {
  const from = new Database(source, { readonly: true, fileMustExist: true });
  try {
    // One snapshot for counting and copying, whatever is committed meanwhile.
    from.exec('BEGIN');
    const rows: Record<string, number> = {};
    for (const [table, count] of countTables(from)) {
      rows[table] = count;
      await nextTurn();
    }
    await from.backup(draft, {
      progress({ totalPages, remainingPages }) {
        onProgress?.({ step: 'copying', done: totalPages === 0 ? 1 : 1 - remainingPages / totalPages });
        return PAGES_PER_TURN;
      },
    });
    from.exec('COMMIT');
    makeSingleFile(draft);
    return rows;
  } finally {
    from.close();
  }
}

/** Like its source, a copy declares a write-ahead log; changed here, so that nobody has to copy two files. */
export function makeSingleFile(path: string): void {
  const db = new Database(path);
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

function refuseTarget(source: string, target: string): void {
  if (!existsSync(source)) {
    throw new AppError('NOT_FOUND', `There is no store at ${source} yet, so there is nothing to back up.`);
  }
  if (existsSync(target)) throw targetExists(target);
}

function targetExists(target: string): AppError {
  return validationError([
    { path: 'out', message: `${target} already exists and was not touched. Choose another name` },
  ]);
}

/** Checked in advance: a disk filled to the last byte would stop the store as well. */
function assertSpace(source: string, folder: string): void {
  const needed = statSync(source).size + (statSync(`${source}-wal`, { throwIfNoEntry: false })?.size ?? 0);
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= needed) return;
  throw new AppError(
    'DISK_FULL',
    `The copy needs ${megabytes(needed)}, and ${folder} has ${megabytes(bavail * bsize)} left. ` +
      'Nothing was written. Free some space, or choose another folder.',
    { data: { path: folder, needed_bytes: needed, free_bytes: bavail * bsize } },
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
