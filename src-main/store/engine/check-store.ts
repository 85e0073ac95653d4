import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { quickCheck } from './open-database';
import { mapStoreError } from './sqlite-error';

/**
 * Looks whether a store's file is whole, without changing it, whoever owns it now. Null where there is no file yet.
 * @throws STORE_CORRUPT
 */
export function checkStore(path: string): { sizeBytes: number } | null {
  if (!existsSync(path)) return null;
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    try {
      quickCheck(db);
    } finally {
      db.close();
    }
    return { sizeBytes: statSync(path).size };
  } catch (error) {
    throw mapStoreError(error, path);
  }
}
