import type { Database } from 'better-sqlite3';
import { AppError } from '../../../src-shared/domain';
import type { Migration } from './shipped';
import { corrupt } from '../engine/sqlite-error';

interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
}

/**
 * Compares the store's applied migrations with this build's files. A history that no build could have written is
 * reported as damage: sending the user to look for another build would be wrong.
 * @throws MIGRATION_CHANGED, STORE_CORRUPT
 */
export function checkHistory(db: Database, expected: readonly Migration[]): void {
  if (expected.length === 0) return;
  const applied = db
    .prepare<[], AppliedMigration>('SELECT version, name, sha256 FROM migration_audit ORDER BY version')
    .all();
  for (const [index, migration] of expected.entries()) {
    const step = applied[index];
    if (step?.sha256 === migration.sha256) continue;
    if (step?.version !== migration.version || !/^[0-9a-f]{64}$/.test(step.sha256))
      throw corrupt(db.name, `its record of schema migration ${migration.version} is damaged`);
    throw new AppError(
      'MIGRATION_CHANGED',
      `The schema migration ${migration.version} (${migration.name}) is not the one that created ${db.name}. ` +
        'Nothing was changed. Open the store with the build of Prompter it belongs to.',
      { data: { path: db.name, version: migration.version } },
    );
  }
}
