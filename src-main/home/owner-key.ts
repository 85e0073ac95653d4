import { closeSync, constants, fstatSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './owner';

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
  replaceFile(keyFile(home), `${key}\n`);
  return null;
}

export function withdrawOwnerKey(home: string): void {
  rmSync(keyFile(home), { force: true });
}

/** Refuses a file that somebody else may have written or read, or a folder in which they could have put it. */
export function readOwnerKey(home: string): KeyReading {
  const exposed = exposureOf(home);
  if (exposed !== null) return { ok: false, why: exposed };
  const path = keyFile(home);
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    return { ok: false, why: unreadable(path, error) };
  }
  try {
    const { mode, uid, size } = fstatSync(file);
    if (!isOurs(uid)) return { ok: false, why: `${path} belongs to another user` };
    if (isPosix && (mode & 0o077) !== 0) {
      return { ok: false, why: `${path} can be read by other users (mode ${octal(mode)} instead of 600)` };
    }
    const text = size > 100 ? '' : readFileSync(file, 'utf8').trim();
    return KEY.test(text) ? { ok: true, key: text } : { ok: false, why: `${path} holds no key` };
  } finally {
    closeSync(file);
  }
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
    return unreadable(home, error);
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8);
}

function unreadable(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return `${path} cannot be read (${code})`;
}
