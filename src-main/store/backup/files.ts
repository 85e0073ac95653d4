import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Flushes the file's bytes to disk. */
export function syncFile(path: string): void {
  sync(path, 'r+');
}

/** Renames a finished file to its final name; after a power cut it has either that name or none. */
export function publish(draft: string, path: string): void {
  syncFile(draft);
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** A rename or removal is durable only once its folder has been flushed. */
export function syncFolder(folder: string): void {
  // Windows cannot open a folder, and keeps names with the file.
  if (process.platform !== 'win32') sync(folder, 'r');
}

/** Deletes a file and any that SQLite left beside it. */
export function discard(path: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}

function sync(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}
