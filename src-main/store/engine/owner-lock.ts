import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError, timestampOf } from '../../../src-shared/domain';
import { ownerFile, publishOwnerKey, readOwner, withdrawOwnerKey, writeOwner, type Owner } from '../../home';
import type { Clock } from '../../ports';
import { prepareFile } from './home-folder';
import { sqliteErrorOf } from './sqlite-error';

export interface OwnerLock {
  /** The process that had the store before did not close it. */
  readonly previousOwnerDied: boolean;
  /** `keepTrace`: the next owner checks the file as after a crash. */
  release(options?: { keepTrace: boolean }): void;
}

/**
 * One process owns the store. The lock is an open exclusive transaction on a file of its own: the operating system
 * drops it when the process dies, however it dies. `owner.json` beside it only says who it is.
 * @throws STORE_LOCKED naming the owner
 */
export function acquireOwnerLock(home: string, clock: Clock): OwnerLock {
  const lockFile = join(home, 'owner.lock');
  prepareFile(lockFile);
  const lock = new Database(lockFile, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw sqliteErrorOf(error)?.code === 'SQLITE_BUSY' ? lockedError(home, readOwner(home)) : error;
  }

  const previousOwnerDied = existsSync(ownerFile(home));
  try {
    // A process that was killed left its key, with which nothing answers any more.
    withdrawOwnerKey(home);
    writeOwner(home, {
      pid: process.pid,
      started_at: timestampOf(clock.now()),
      command: commandName(process.argv),
    });
  } catch (error) {
    lock.close();
    throw error;
  }
  return {
    previousOwnerDied,
    release({ keepTrace } = { keepTrace: false }) {
      withdrawOwnerKey(home);
      if (!keepTrace) rmSync(ownerFile(home), { force: true });
      lock.close();
    },
  };
}

/**
 * Publishes where this process can be reached and the key for it, so that commands that find the store locked can
 * attach. Only the URL's origin is written.
 * @returns why commands cannot attach; null if they can
 */
export function announceOwner(
  store: { readonly info: { readonly path: string } },
  { url, key }: { readonly url: string; readonly key: string },
): string | null {
  const home = dirname(store.info.path);
  const owner = readOwner(home);
  if (owner?.pid !== process.pid) return 'another process has the store';
  const unpublished = publishOwnerKey(home, key);
  writeOwner(home, { ...owner, url: new URL(url).origin });
  return unpublished;
}

/** The program and its subcommand. No further arguments: `--token` has a secret behind it. */
function commandName(argv: readonly string[]): string {
  const program = basename(argv[1] ?? argv[0] ?? 'prompter');
  const subcommand = argv[2];
  return subcommand && /^[a-z][a-z-]*$/.test(subcommand) ? `${program} ${subcommand}` : program;
}

function lockedError(home: string, owner: Owner | undefined): AppError {
  if (owner === undefined) {
    const message = `The store in ${home} is in use by another Prompter process. Use that one, or close it.`;
    return new AppError('STORE_LOCKED', message, { data: { home } });
  }
  const wayOut =
    owner.url === undefined
      ? 'Use that one, or close it.'
      : `It serves at ${owner.url}. Run \`prompter link\` to open it in a browser, or close it.`;
  return new AppError(
    'STORE_LOCKED',
    `The store in ${home} has been in use by process ${owner.pid} (${owner.command}) since ${owner.started_at}. ${wayOut}`,
    { data: { home, ...owner } },
  );
}
