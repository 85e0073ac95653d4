import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';

/** More than a key or an owner ever takes. */
const MAX_BYTES = 16 * 1024;

export type SmallFile =
  | { readonly ok: true; readonly text: string; readonly stats: Stats }
  /** `why` completes "PATH …"; `code` is the system's. */
  | { readonly ok: false; readonly why: string; readonly code?: string };

/** Reads a file that may have been replaced by anything: no link is followed, no pipe waited for, nothing large read. */
export function readSmallFile(path: string): SmallFile {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK, opening a pipe waits for its writer. Windows has neither flag: there, both are nothing.
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = fstatSync(file);
    if (!stats.isFile()) return { ok: false, why: 'is not a file' };
    if (stats.size > MAX_BYTES) return { ok: false, why: 'is too large' };
    return { ok: true, text: readFileSync(file, 'utf8'), stats };
  } catch (error) {
    const code = errorCodeOf(error);
    return { ok: false, why: `cannot be read (${code})`, code };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

export function errorCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
