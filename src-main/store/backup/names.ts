import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, type Backup } from '../../../src-shared/domain';
import { mapStoreError } from '../engine/sqlite-error';

export function backupsFolder(home: string): string {
  return join(home, 'backups');
}

/** Files in the backups folder; empty if it does not exist yet. @throws STORE_UNSAFE_LOCATION if it is not a folder */
export function filesOfBackups(home: string): string[] {
  const folder = backupsFolder(home);
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) throw notAFolder(folder);
  return readdirSync(folder);
}

/** Creates a folder for copies, accessible to its owner only. @throws STORE_UNSAFE_LOCATION if its name is taken */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    throw code === 'EEXIST' || code === 'ENOTDIR' ? notAFolder(folder, error) : mapStoreError(error, folder);
  }
}

function notAFolder(folder: string, cause?: unknown): AppError {
  return new AppError(
    'STORE_UNSAFE_LOCATION',
    `${folder} cannot hold backups: it, or something above it, is not a folder. The store was not changed. ` +
      'Move or rename what is there; Prompter creates the folder when it needs it.',
    { data: { path: folder }, cause },
  );
}

export interface BackupFacts {
  readonly schemaVersion: number;
  readonly at: Date;
  readonly reason: Backup['reason'];
  /** The migration that follows. */
  readonly migration?: number;
}

/** The name says what the file holds and why, for somebody who has only the folder. */
export function backupName({ schemaVersion, at, reason, migration }: BackupFacts): string {
  const time = at.toISOString().replaceAll(/[:.]/g, '-');
  const step = migration === undefined ? '' : `-${String(migration).padStart(4, '0')}`;
  return `prompter-v${schemaVersion}-${time}-${reason.replaceAll('_', '-')}${step}.db`;
}

const NAME =
  /^prompter-v(\d+)-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z(?:-(manual|before-migration|before-restore)(?:-(\d{4}))?)?\.db$/;

/** Null if it is not a backup's name. Names from earlier builds have no reason: those backups precede a migration. */
export function readBackupName(
  file: string,
): Pick<Backup, 'created_at' | 'reason' | 'schema_version' | 'migration'> | null {
  const [match, schema, day, hour, minute, second, ms, reason, step] = NAME.exec(file) ?? [];
  if (match === undefined) return null;
  return {
    created_at: `${day}T${hour}:${minute}:${second}.${ms}Z`,
    reason:
      reason === 'manual' ? 'manual' : reason === 'before-restore' ? 'before_restore' : 'before_migration',
    schema_version: Number(schema),
    migration: step === undefined ? null : Number(step),
  };
}
