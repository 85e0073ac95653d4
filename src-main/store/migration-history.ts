import type { Database } from 'better-sqlite3';
import { AppError } from '../../src-shared/domain';
import type { Migration } from './migrations';

interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
}

/** Compares the steps that made a store with the files of this build. @throws MIGRATION_CHANGED */
export function checkHistory(db: Database, expected: readonly Migration[]): void {
  if (expected.length === 0) return;
  const applied = db
    .prepare<[], AppliedMigration>('SELECT version, name, sha256 FROM migration_audit ORDER BY version')
    .all();
  for (const [index, migration] of expected.entries()) {
    if (applied[index]?.sha256 === migration.sha256) continue;
    throw new AppError(
      'MIGRATION_CHANGED',
      `The schema migration ${migration.version} (${migration.name}) is not the one that made ${db.name}. ` +
        'Nothing was changed: this build of Prompter does not belong to this store.',
      { data: { path: db.name, version: migration.version } },
    );
  }
}
