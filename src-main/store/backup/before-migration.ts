import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { prepareFile } from '../engine/home-folder';
import { quickCheck } from '../engine/open-database';
import { discard, publish } from './files';
import { countAll } from './inspect';
import { backupName, backupsFolder, makeFolder } from './names';

/**
 * Writes a copy of the store to its backups and verifies it before giving it its name. `VACUUM INTO` copies a
 * consistent state, write-ahead log included; copying the file would not. Synchronous, because nothing else runs while
 * a store is migrated.
 * @returns the copy's path
 */
export function backupBeforeMigration(
  db: Database.Database,
  home: string,
  { at, migration }: { at: Date; migration: number },
): string {
  const folder = backupsFolder(home);
  makeFolder(folder);
  const schemaVersion = Number(db.pragma('user_version', { simple: true }));
  const path = join(folder, backupName({ schemaVersion, at, reason: 'before_migration', migration }));
  if (existsSync(path)) throw new Error(`The backup ${path} already exists.`);
  const draft = `${path}.partial`;
  discard(draft);
  try {
    prepareFile(draft);
    db.prepare('VACUUM INTO ?').run(draft);
    verify(draft, schemaVersion, countAll(db));
    publish(draft, path);
  } catch (error) {
    discard(draft);
    throw error;
  }
  return path;
}

function verify(path: string, schemaVersion: number, rows: Readonly<Record<string, number>>): void {
  const copy = new Database(path, { readonly: true, fileMustExist: true });
  try {
    quickCheck(copy);
    const copied = Number(copy.pragma('user_version', { simple: true }));
    if (copied !== schemaVersion) {
      throw new Error(`The backup ${path} has schema ${copied}, not ${schemaVersion}.`);
    }
    const counted = countAll(copy);
    for (const [table, count] of Object.entries(rows)) {
      if (counted[table] !== count)
        throw new Error(`The backup ${path} has ${counted[table] ?? 0} rows of ${table}, not ${count}.`);
    }
  } finally {
    copy.close();
  }
}
