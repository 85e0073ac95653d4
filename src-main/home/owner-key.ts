import { lstatSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './owner';
import { errorCodeOf, readSmallFile } from './small-file';

/**
 * The bearer token for the owner's loopback API, in a file that only this user can read. Whoever reads it may do what
 * the user may do with the store, which lies beside it (docs/reliability.md#the-loopback-api).
 */
function keyFile(home: string): string {
  return join(home, 'owner.key');
}

const KEY = /^[\w-]{43}$/;

export type KeyReading =
  | { readonly ok: true; readonly key: string }
  /** `why` completes "cannot use the running Prompter: …". */
  | { readonly ok: false; readonly why: string };

/** Writes the key of this start over the one before. @returns why it was not written; null where it was */
export function publishOwnerKey(home: string, key: string): string | null {
  const exposed = exposureOf(home);
  if (exposed !== null) {
    withdrawOwnerKey(home);
    return exposed;
  }
  const path = keyFile(home);
  try {
    replaceFile(path, `${key}\n`);
    return null;
  } catch (error) {
    // A disk that is full, or a folder of that name: whoever serves can do without being attached to.
    return `${path} cannot be written (${errorCodeOf(error)})`;
  }
}

export function withdrawOwnerKey(home: string): void {
  const path = keyFile(home);
  // A folder holds no key, and is nobody's to remove but the user's.
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  rmSync(path, { force: true });
}

/** Refuses a file that somebody else may have written or read, or a folder in which they could have put it. */
export function readOwnerKey(home: string): KeyReading {
  const exposed = exposureOf(home);
  if (exposed !== null) return { ok: false, why: exposed };
  const path = keyFile(home);
  const file = readSmallFile(path);
  if (!file.ok) return { ok: false, why: `${path} ${file.why}` };
  const { mode, uid } = file.stats;
  if (!isOurs(uid)) return { ok: false, why: `${path} belongs to another user` };
  if (isPosix && (mode & 0o077) !== 0) {
    return { ok: false, why: `${path} can be read by other users (mode ${octal(mode)} instead of 600)` };
  }
  const key = file.text.trim();
  return KEY.test(key) ? { ok: true, key } : { ok: false, why: `${path} holds no key` };
}

// Windows has no modes: there, a folder of application data is its user's by its access list.
const isPosix = process.getuid !== undefined;

function isOurs(uid: number): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

/** Who else could put files into the folder; null where nobody. */
function exposureOf(home: string): string | null {
  try {
    const { mode, uid } = statSync(home);
    if (!isOurs(uid)) return `${home} belongs to another user`;
    if (isPosix && (mode & 0o022) !== 0) {
      return `other users can write to ${home} (mode ${octal(mode)}; chmod go-w makes it private)`;
    }
    return null;
  } catch (error) {
    return `${home} cannot be read (${errorCodeOf(error)})`;
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8);
}
