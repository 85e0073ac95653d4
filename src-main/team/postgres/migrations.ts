import { hash } from 'node:crypto';
import { AppError } from '../../../src-shared/domain';
import type { Session } from './session';

/** One step of the team database's schema: `migrations/postgres/NNNN_name.sql`, and how to revert it. */
export interface TeamMigration {
  readonly version: number;
  readonly name: string;
  readonly up: string;
  readonly down: string;
  readonly sha256: string;
}

const files = import.meta.glob<string>('../../../migrations/postgres/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The migrations of this build, in order. */
export const TEAM_MIGRATIONS: readonly TeamMigration[] = teamMigrationsOf(files);

/** Builds migrations from SQL files by path: numbered 1, 2, 3 … without a gap, each with its reversal. */
export function teamMigrationsOf(sqlByPath: Readonly<Record<string, string>>): readonly TeamMigration[] {
  const steps = Object.entries(sqlByPath).flatMap(([path, up]) => {
    if (path.endsWith('.down.sql')) return [];
    const [, digits, name] = /(\d{4})_([a-z0-9_]+)\.sql$/.exec(path) ?? [];
    const down = sqlByPath[path.replace(/\.sql$/, '.down.sql')];
    if (!digits || !name || down === undefined) throw new Error(`Not a migration with its undoing: ${path}`);
    return { version: Number(digits), name, up, down, sha256: hash('sha256', up) };
  });
  steps.sort((a, b) => a.version - b.version);
  steps.forEach(({ version }, index) => {
    if (version !== index + 1) throw new Error(`Migrations are not numbered in sequence at ${version}.`);
  });
  return steps;
}

/**
 * Brings the schema up to date, inside a transaction that holds the lock and acts as the owner.
 * @returns the migrations applied @throws MIGRATION_CHANGED, TEAM_UNSUITABLE
 */
export async function migrateUp(session: Session, steps: readonly TeamMigration[]): Promise<string[]> {
  await session.query(`CREATE TABLE IF NOT EXISTS prompter.migration_audit (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    applied_by name NOT NULL DEFAULT session_user
  )`);
  const applied = await appliedVersions(session, steps);
  const outstanding = steps.slice(applied);
  for (const step of outstanding) {
    await session.query(step.up);
    await session.query(`INSERT INTO prompter.migration_audit (version, name, sha256) VALUES ($1, $2, $3)`, [
      step.version,
      step.name,
      step.sha256,
    ]);
  }
  return outstanding.map(labelOf);
}

/** Reverts the schema to `version`, inside a transaction like that of `migrateUp`. @returns the migrations reverted */
export async function migrateDown(
  session: Session,
  steps: readonly TeamMigration[],
  version: number,
): Promise<string[]> {
  const applied = await appliedVersions(session, steps);
  const undone = steps.slice(version, applied).toReversed();
  for (const step of undone) {
    await session.query(step.down);
    await session.query(`DELETE FROM prompter.migration_audit WHERE version = $1`, [step.version]);
  }
  return undone.map(labelOf);
}

/** How many migrations are applied, all identical to this build's. */
async function appliedVersions(session: Session, steps: readonly TeamMigration[]): Promise<number> {
  const { rows } = await session.query(`SELECT sha256 FROM prompter.migration_audit ORDER BY version`);
  if (rows.length > steps.length) throw newerSchema(rows.length, steps.length);
  rows.forEach(({ sha256 }, index) => {
    const step = steps[index];
    if (step && step.sha256 !== sha256) {
      throw new AppError(
        'MIGRATION_CHANGED',
        `The schema step ${labelOf(step)} of the team database differs from the one in this build. Nothing was changed.`,
        { data: { version: step.version } },
      );
    }
  });
  return rows.length;
}

export function newerSchema(found: number, known: number): AppError {
  return new AppError(
    'TEAM_UNSUITABLE',
    `The team database was set up by a newer version of Prompter (schema ${found}; this version knows ${known}). Nothing was changed. ` +
      'Update Prompter.',
    { data: { schema_version: found } },
  );
}

function labelOf({ version, name }: TeamMigration): string {
  return `${String(version).padStart(4, '0')}_${name}`;
}
