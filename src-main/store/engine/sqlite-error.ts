import Database from 'better-sqlite3';
import { AppError, isAppError } from '../../../src-shared/domain';

type SqliteError = InstanceType<typeof Database.SqliteError>;

/** The SQLite error behind `error`, looking through causes (query builders wrap what the driver throws). */
export function sqliteErrorOf(error: unknown): SqliteError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof Database.SqliteError) return at;
  }
  return undefined;
}

/** True where a unique index refused a row; `column` as in `templates.config_sha256` is one of the index's columns. */
export function isUniqueViolation(error: unknown, column: string): boolean {
  const sqliteError = sqliteErrorOf(error);
  return sqliteError?.code === 'SQLITE_CONSTRAINT_UNIQUE' && sqliteError.message.includes(column);
}

/** What the file system says, where a file was touched without SQLite. */
const FULL: ReadonlySet<string> = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT']);
// ENOENT is what making a folder with its parents ends with on a read-only disk.
const NOT_WRITABLE: ReadonlySet<string> = new Set(['SQLITE_CANTOPEN', 'EROFS', 'EACCES', 'EPERM', 'ENOENT']);

/** Failures of the disk and of the file become errors that say what to do; anything else stays what it is. */
export function mapStoreError(error: unknown, path: string): unknown {
  if (isAppError(error)) return error;
  const code = sqliteErrorOf(error)?.code ?? systemCodeOf(error);
  if (FULL.has(code) || code.startsWith('SQLITE_IOERR')) {
    const message = FULL.has(code)
      ? `The disk that holds ${path} is full. Nothing was half written. Free some space and try again.`
      : `The disk that holds ${path} reported an error (${code}). Nothing was half written. Check the disk and try again.`;
    return new AppError('DISK_FULL', message, { data: { path, sqlite_code: code }, cause: error });
  }
  if (NOT_WRITABLE.has(code) || code.startsWith('SQLITE_READONLY')) {
    return new AppError(
      'STORE_UNSAFE_LOCATION',
      `Prompter is not allowed to write to ${path} (${code}). Change its permissions, or set PROMPTER_HOME to a folder of your own.`,
      { data: { path, sqlite_code: code }, cause: error },
    );
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return corrupt(path, code, error);
  return error;
}

function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The file is damaged or not ours. It is never repaired or deleted by itself. */
export function corrupt(path: string, reason: string, cause?: unknown): AppError {
  return new AppError(
    'STORE_CORRUPT',
    `${path} cannot be used as Prompter's store (${reason}). The file was not changed. ` +
      'Restore a backup (prompter backup list), or move the file away to start with an empty store.',
    { data: { path, reason }, cause },
  );
}
