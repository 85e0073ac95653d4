import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError, isAppError, validationError } from '../../../src-shared/domain';
import { checkHistory } from '../migrations/history';
import { SHIPPED_MIGRATIONS, type Migration } from '../migrations/shipped';
import { APPLICATION_ID } from '../engine/open-database';
import { corrupt, mapStoreError } from '../engine/sqlite-error';
import { checkTables } from './check-tables';

export interface StoreFacts {
  readonly schemaVersion: number;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Entries of the audit log; 0 if the schema has none yet. */
  readonly auditEntries: number;
}

/**
 * Reads a store's file from end to end without changing it. Checks that it is ours with a known schema, each table's
 * structure and indexes, foreign keys, and that the audit log has its stated length. The slow part runs in its own
 * thread.
 * @throws STORE_CORRUPT, STORE_FROM_FUTURE, MIGRATION_CHANGED
 */
export async function inspectStore(
  path: string,
  migrations: readonly Migration[] = SHIPPED_MIGRATIONS,
  onProgress: (done: number) => void = () => {},
): Promise<StoreFacts> {
  if (!existsSync(path)) throw new AppError('NOT_FOUND', `The file ${path} does not exist.`);
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const schemaVersion = identify(db, migrations);
      const rows = await checkTables(path, onProgress);
      return { schemaVersion, rows, auditEntries: checkAuditLog(db, rows) };
    } finally {
      db.close();
    }
  } catch (error) {
    throw mapStoreError(error, path);
  }
}

/** `inspectStore` for a copy chosen by the user: errors are about the copy, not about the store. */
export async function inspectBackup(
  path: string,
  migrations: readonly Migration[] = SHIPPED_MIGRATIONS,
): Promise<StoreFacts> {
  assertFile(path);
  try {
    return await inspectStore(path, migrations);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'STORE_CORRUPT') throw error;
    throw new AppError(
      'STORE_CORRUPT',
      `${path} is not an intact backup (${String(error.data['reason'])}). Nothing was changed. Choose another ` +
        'backup (prompter backup list).',
      { data: error.data, cause: error },
    );
  }
}

/** SQLite would wait forever for a pipe, and report a folder as a broken disk. @throws NOT_FOUND, VALIDATION_FAILED */
export function assertFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new AppError('NOT_FOUND', `The file ${path} does not exist.`);
  if (found.isFile()) return;
  const what = found.isDirectory() ? 'a folder' : 'a pipe or a device';
  throw validationError([{ path: 'file', message: `${path} is ${what}, not a file` }]);
}

/** Rows by table, as the connection sees them; one table at a time, since a large one takes a while. */
export function* countTables(db: Database.Database): Generator<readonly [table: string, rows: number]> {
  for (const table of tablesOf(db)) yield [table, countRows(db, table)];
}

export function countAll(db: Database.Database): Record<string, number> {
  return Object.fromEntries(countTables(db));
}

/** @throws STORE_CORRUPT, STORE_FROM_FUTURE, MIGRATION_CHANGED */
function identify(db: Database.Database, migrations: readonly Migration[]): number {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw corrupt(db.name, 'it is not a Prompter store');
  }
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw new AppError(
      'STORE_FROM_FUTURE',
      `${db.name} was written by a newer version of Prompter (schema ${version}; this version knows ${migrations.length}). ` +
        'Nothing was changed. Update Prompter, then try again.',
      { data: { path: db.name, schema_version: version, newest_known: migrations.length } },
    );
  }
  if (version < 1) throw corrupt(db.name, 'it was never set up');
  checkHistory(db, migrations.slice(0, version));
  return version;
}

function tablesOf(db: Database.Database): string[] {
  return db
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`,
    )
    .all()
    .map(({ name }) => name);
}

/**
 * Checks that the log is as long as its last entry's number says, and not shorter than what was signed. Hashes are left
 * to the audit.
 */
function checkAuditLog(db: Database.Database, rows: Readonly<Record<string, number>>): number {
  const entries = rows['audit_leaves'];
  if (entries === undefined) return 0;
  const last = one(db, 'SELECT max(seq) AS n FROM audit_leaves');
  const signed = one(db, 'SELECT max(size) AS n FROM audit_checkpoints');
  if (last !== entries || signed > entries) {
    throw corrupt(db.name, `its audit log has only ${entries} of ${Math.max(last, signed)} entries`);
  }
  return entries;
}

function one(db: Database.Database, sql: string): number {
  return db.prepare<[], { n: number | null }>(sql).get()?.n ?? 0;
}

function countRows(db: Database.Database, table: string): number {
  return one(db, `SELECT count(*) AS n FROM ${quoted(table)}`);
}

/** Names come from the file itself, which may be anyone's. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The schema version of a store's file; 0 if there is none. Looks at nothing else. */
export function schemaVersionOf(path: string): number {
  if (!existsSync(path)) return 0;
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return Number(db.pragma('user_version', { simple: true }));
  } catch (error) {
    throw mapStoreError(error, path);
  } finally {
    db.close();
  }
}
