import { timestampOf } from '../../../src-shared/domain';
import type { Database } from 'better-sqlite3';
import type { Clock, Logger } from '../../ports';
import { backupBeforeMigration } from '../backup';
import { checkHistory } from './history';
import type { Migration } from './shipped';

export interface MigrateOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly appVersion: string;
}

const AUDIT_TABLE = `
  CREATE TABLE IF NOT EXISTS migration_audit (
    version     INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    applied_at  TEXT NOT NULL,
    app_version TEXT NOT NULL,
    duration_ms REAL NOT NULL
  ) STRICT`;

/**
 * Brings the schema up to date, one transaction per migration. An existing store is backed up first; a failing
 * migration changes nothing. Applied migrations are compared with the files: a changed one is an error.
 * @throws MIGRATION_CHANGED
 */
export function migrate(db: Database, migrations: readonly Migration[], options: MigrateOptions): void {
  const current = schemaVersion(db);
  checkHistory(db, migrations.slice(0, current));
  const outstanding = migrations.slice(current);
  if (outstanding.length === 0) return;

  const backup =
    current > 0
      ? backupBeforeMigration(db, options.home, { at: new Date(options.clock.now()), migration: current + 1 })
      : null;
  if (backup) options.logger.log('info', 'store.backed_up', { path: backup });
  // No effect inside a transaction. If on, rebuilding a table would delete or refuse the rows that refer to it.
  db.pragma('foreign_keys = OFF');
  try {
    for (const migration of outstanding) apply(db, migration, backup, options);
  } finally {
    db.pragma('foreign_keys = ON');
  }
}

export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

function apply(db: Database, migration: Migration, backup: string | null, options: MigrateOptions): void {
  const label = `${migration.version} (${migration.name})`;
  const started = options.clock.monotonic();
  try {
    db.transaction(() => {
      db.exec(migration.sql);
      const violations = db.pragma('foreign_key_check');
      if (Array.isArray(violations) && violations.length > 0) {
        throw new Error(`${violations.length} rows refer to rows that do not exist`);
      }
      db.exec(AUDIT_TABLE);
      const durationMs = options.clock.monotonic() - started;
      db.prepare('INSERT INTO migration_audit VALUES (?, ?, ?, ?, ?, ?)').run(
        migration.version,
        migration.name,
        migration.sha256,
        timestampOf(options.clock.now()),
        options.appVersion,
        durationMs,
      );
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  } catch (error) {
    const kept = backup ? ` The backup made before it is at ${backup}.` : '';
    throw new Error(`Schema migration ${label} failed and was rolled back.${kept}`, { cause: error });
  }
  options.logger.log('info', 'store.migrated', { version: migration.version, name: migration.name });
}
