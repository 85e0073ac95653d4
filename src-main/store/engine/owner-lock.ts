import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { AppError, timestampOf } from '../../../src-shared/domain';
import type { Clock } from '../../ports';
import { prepareFile } from './home-folder';
import { sqliteErrorOf } from './sqlite-error';

const ownerSchema = z.object({
  pid: z.number().int(),
  started_at: z.string(),
  command: z.string(),
  /** Where the owner serves the loopback API, if it does. */
  url: z.string().optional(),
  /** Good for links that open the interface there, and for nothing else. */
  link_key: z.string().optional(),
});
export type Owner = z.infer<typeof ownerSchema>;

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
      if (!keepTrace) rmSync(ownerFile(home), { force: true });
      lock.close();
    },
  };
}

/**
 * Adds to `owner.json` where this process can be reached, for a process that finds the store locked. Only the URL's
 * origin is written, and never the API's token.
 */
export function announceOwner(
  store: { readonly info: { readonly path: string } },
  { url, linkKey }: { readonly url: string; readonly linkKey: string },
): void {
  const home = dirname(store.info.path);
  const owner = readOwner(home);
  if (owner?.pid !== process.pid) return;
  writeOwner(home, { ...owner, url: new URL(url).origin, link_key: linkKey });
}

function ownerFile(home: string): string {
  return join(home, 'owner.json');
}

/**
 * Who has the store in `home`, as that process said; undefined where nothing readable is said. It is a message, not the
 * lock: a process that was killed leaves it behind.
 */
export function readOwner(home: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(ownerFile(home), 'utf8')));
  } catch {
    return undefined;
  }
}

/** By renaming, so that a reader never sees half of it. */
function writeOwner(home: string, owner: Owner): void {
  const draft = `${ownerFile(home)}.new`;
  writeFileSync(draft, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  renameSync(draft, ownerFile(home));
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
  const { link_key: _key, ...shown } = owner;
  const wayOut =
    shown.url === undefined
      ? 'Use that one, or close it.'
      : `It serves at ${shown.url}. Run \`prompter link\` to open it in a browser, or close it.`;
  return new AppError(
    'STORE_LOCKED',
    `The store in ${home} has been in use by process ${shown.pid} (${shown.command}) since ${shown.started_at}. ${wayOut}`,
    { data: { home, ...shown } },
  );
}
