import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Backup } from '../../../src-shared/domain';
import { checkStore } from '../engine/check-store';
import { isSameFile } from './files';
import { backupsFolder, filesOfBackups, readBackupName } from './names';

/**
 * The backups of a data folder, newest first, going by name; none is opened. Skips links to the current store that an
 * interrupted restore may have left.
 * @throws STORE_UNSAFE_LOCATION
 */
export function listBackups(home: string): Backup[] {
  const folder = backupsFolder(home);
  const store = join(home, 'prompter.db');
  return filesOfBackups(home)
    .flatMap((file) => {
      const named = readBackupName(file);
      const path = join(folder, file);
      const size_bytes = statSync(path, { throwIfNoEntry: false })?.size;
      return named === null || size_bytes === undefined || isSameFile(path, store)
        ? []
        : [{ file, path, size_bytes, ...named }];
    })
    .toSorted((a, b) => b.created_at.localeCompare(a.created_at) || b.file.localeCompare(a.file));
}

/** The newest backup with an intact file; null if there is none. */
export function newestGoodBackup(home: string): Backup | null {
  return listBackups(home).find(({ path }) => isWhole(path)) ?? null;
}

function isWhole(path: string): boolean {
  try {
    return checkStore(path) !== null;
  } catch {
    return false;
  }
}
