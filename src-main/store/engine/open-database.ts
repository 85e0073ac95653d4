import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../../../src-shared/domain';
import { prepareFile } from './home-folder';
import { corrupt, mapStoreError } from './sqlite-error';

/** "PRMT" as a 32-bit number, in the file's header: tells our file from other programs' databases. */
export const APPLICATION_ID = 0x50524d54;
export const PAGE_SIZE = 8192;

/** Below this SQLite can corrupt a WAL when it is reset (fixed in 3.51.3). */
const MINIMUM_SQLITE = [3, 51, 3] as const;

/** Set on every connection that writes, and read back: a build may compile some of them to something else. */
const PRAGMAS: readonly (readonly [name: string, value: string | number, readBack: string | number])[] = [
  ['journal_mode', 'WAL', 'wal'],
  // 2 = FULL: each commit reaches the disk before it is reported (NORMAL would lose commits at a power cut).
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  // Without it INSERT OR REPLACE deletes rows without asking their delete triggers.
  ['recursive_triggers', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  ['mmap_size', 0, 0],
  ['busy_timeout', 5000, 5000],
  ...(process.platform === 'darwin' ? ([['fullfsync', 'ON', 1]] as const) : []),
];

/**
 * Opens the store's file for its one owner. Looks before it touches: a file that is not ours, or is newer than
 * `newestSchema`, is refused with nothing written.
 * @throws STORE_CORRUPT, STORE_FROM_FUTURE
 */
export function openDatabase(
  path: string,
  options: { newestSchema: number; check: boolean },
): Database.Database {
  requireSqlite();
  try {
    if (existsSync(path) && statSync(path).size > 0) refuseForeignFile(path, options);
    prepareFile(path);
    const db = new Database(path);
    try {
      configure(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw mapStoreError(error, path);
  }
}

/** @throws STORE_CORRUPT where the file's structure is damaged */
export function quickCheck(db: Database.Database): void {
  const result = checked(db);
  if (result !== 'ok') throw corrupt(db.name, `quick_check: ${String(result)}`);
}

/** What SQLite says of the file. Of a damaged full-text index it says nothing: the statement itself fails, as SQLITE_ERROR. */
function checked(db: Database.Database): unknown {
  try {
    return db.pragma('quick_check(1)', { simple: true });
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR') return error.message;
    throw error;
  }
}

/**
 * On a read-only connection, which does not even fold the write-ahead log into the file when it closes. Nor can it roll
 * back a first start that was cut off; a file that was empty before that is nobody's.
 */
function refuseForeignFile(
  path: string,
  { newestSchema, check }: { newestSchema: number; check: boolean },
): void {
  const probe = new Database(path, { readonly: !rollsBackToNothing(path), fileMustExist: true });
  try {
    const applicationId = probe.pragma('application_id', { simple: true });
    const isEmpty = probe.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
    if (applicationId !== APPLICATION_ID && !(applicationId === 0 && isEmpty)) {
      throw corrupt(path, "it is another program's database");
    }
    const version = Number(probe.pragma('user_version', { simple: true }));
    if (version > newestSchema) {
      throw new AppError(
        'STORE_FROM_FUTURE',
        `${path} was written by a newer version of Prompter (schema ${version}; this version knows ${newestSchema}). ` +
          'Nothing was changed. Update Prompter to open it.',
        { data: { path, schema_version: version, newest_known: newestSchema } },
      );
    }
    if (check) quickCheck(probe);
  } finally {
    probe.close();
  }
}

/** What a rollback journal begins with, and where it says how many pages the file had before. */
const JOURNAL_MAGIC = 'd9d505f920a163d7';
const JOURNAL_PAGES_AT = 16;

/**
 * Whether the power or the process was lost between the file's first page and the switch to the write-ahead log: until then
 * SQLite keeps a rollback journal.
 */
function rollsBackToNothing(path: string): boolean {
  const journal = `${path}-journal`;
  if (!existsSync(journal)) return false;
  const header = Buffer.alloc(JOURNAL_PAGES_AT + 4);
  const file = openSync(journal, 'r');
  const length = readSync(file, header);
  closeSync(file);
  return (
    length === header.byteLength &&
    header.toString('hex', 0, 8) === JOURNAL_MAGIC &&
    header.readUInt32BE(JOURNAL_PAGES_AT) === 0
  );
}

function configure(db: Database.Database): void {
  // Only takes effect while the file is still empty, before the journal mode is set.
  db.pragma(`page_size = ${PAGE_SIZE}`);
  for (const [name, value, readBack] of PRAGMAS) {
    db.pragma(`${name} = ${value}`);
    const actual = db.pragma(name, { simple: true });
    if (actual !== readBack)
      throw new Error(`SQLite did not accept ${name} = ${value}: it is ${String(actual)}.`);
  }
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    db.pragma(`application_id = ${APPLICATION_ID}`);
  }
}

/**
 * For a store whose schema is up to date: what is written from here on is small. An insert into a guarded table keeps the
 * pages that it changes until it has ended, because the guard may undo it. Where temporary files are allowed, SQLite
 * collects those pages in pieces of 64 KB first, which the allocator takes from the system and gives back for every
 * statement: a tenth of what SQLite needs for a run. Not for migrations, whose new indexes are sorted in files.
 */
export function keepTemporariesInMemory(db: Database.Database): void {
  db.pragma('temp_store = MEMORY');
}

function requireSqlite(): void {
  const memory = new Database(':memory:');
  const version = String(memory.prepare('SELECT sqlite_version()').pluck().get());
  memory.close();
  const parts = version.split('.').map(Number);
  const difference =
    MINIMUM_SQLITE.map((minimum, index) => (parts[index] ?? 0) - minimum).find((d) => d !== 0) ?? 0;
  if (difference < 0)
    throw new Error(`SQLite ${version} is too old: ${MINIMUM_SQLITE.join('.')} or later is needed.`);
}
