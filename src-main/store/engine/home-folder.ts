import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, statfsSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { AppError } from '../../../src-shared/domain';

/** Folders that a sync client copies file by file, behind SQLite's back. */
const CLOUD_FOLDERS =
  /^(dropbox|onedrive.*|google ?drive.*|my drive|icloud ?drive|mobile documents|nextcloud|pcloud.*)$/i;

/** Linux `statfs` magic numbers of network file systems, on which SQLite's locks cannot be relied upon. */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB2'],
  [0xff534d42, 'CIFS'],
  [0x564c, 'NCP'],
  [0x5346414f, 'AFS'],
]);

/** Makes the folder if it is missing, for its owner alone. @throws STORE_UNSAFE_LOCATION */
export function prepareHome(home: string): void {
  const cloud = resolve(home)
    .split(sep)
    .find((name) => CLOUD_FOLDERS.test(name));
  if (cloud) throw unsafe(home, `"${cloud}" is a cloud-synced folder, and syncing would damage the store`);

  const created = makeFolder(home);
  // An existing folder that holds other things is the user's: its permissions are left alone.
  if (created === undefined && readdirSync(home).length === 0) chmodSync(home, 0o700);

  const network = process.platform === 'linux' ? NETWORK_FILE_SYSTEMS.get(statfsSync(home).type) : undefined;
  if (network)
    throw unsafe(home, `it is on a network file system (${network}), which could damage the store`);
}

/** @returns undefined where it was there */
function makeFolder(home: string): string | undefined {
  try {
    const first = makeFirstMissing(resolve(home));
    return mkdirSync(home, { recursive: true, mode: 0o700 }) ?? first;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') throw unsafe(home, 'no folder can be created there');
    // Something else has the name, or stands above it; or it is a link that leads nowhere.
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw unsafe(home, 'it is not a folder');
  }
}

/** Alone, since Node's own recursion never ends where a folder that is there takes none, as in /proc. */
function makeFirstMissing(path: string): string | undefined {
  if (existsSync(path)) return undefined;
  const parent = dirname(path);
  if (!existsSync(parent)) return makeFirstMissing(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
    return path;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return undefined;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/**
 * Creates the file if it is missing; readable and writable for its owner alone either way. An existing one is not
 * opened: POSIX drops all of a process's locks on a file when it closes any descriptor of it, SQLite's included.
 */
export function prepareFile(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o600);
  else closeSync(openSync(path, 'a', 0o600));
}

function unsafe(home: string, why: string): AppError {
  return new AppError(
    'STORE_UNSAFE_LOCATION',
    `${home} cannot hold the store: ${why}. Set PROMPTER_HOME to a folder on a local disk.`,
    { data: { home } },
  );
}
