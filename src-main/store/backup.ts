import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { quickCheck } from './open-database';

/**
 * Writes a copy of the store to `home/backups` and reads it back before it gets its name. `VACUUM INTO` copies one
 * consistent state, with what the write-ahead log still holds; copying the file would not.
 * @returns the copy's path
 */
export function backupStore(db: Database.Database, home: string, at: Date): string {
  const folder = join(home, 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const version = Number(db.pragma('user_version', { simple: true }));
  const path = join(folder, `prompter-v${version}-${at.toISOString().replaceAll(/[:.]/g, '-')}.db`);
  const draft = `${path}.partial`;
  rmSync(draft, { force: true });
  try {
    db.prepare('VACUUM INTO ?').run(draft);
    chmodSync(draft, 0o600);
    verifyBackup(draft, version);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return path;
}

function verifyBackup(path: string, version: number): void {
  const copy = new Database(path, { readonly: true, fileMustExist: true });
  try {
    quickCheck(copy);
    const copied = Number(copy.pragma('user_version', { simple: true }));
    if (copied !== version) throw new Error(`The backup ${path} has schema ${copied}, not ${version}.`);
  } finally {
    copy.close();
  }
}
