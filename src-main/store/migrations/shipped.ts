import { hash } from 'node:crypto';

/** One migration: `migrations/sqlite/NNNN_name.sql`. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

const files = import.meta.glob<string>('../../../migrations/sqlite/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The migrations of this build, in order. */
export const SHIPPED_MIGRATIONS: readonly Migration[] = migrationsOf(files);

/** The schema version of this build. */
export const SCHEMA_VERSION = SHIPPED_MIGRATIONS.length;

/** Builds migrations from SQL files by path, numbered 1, 2, 3 … without a gap. */
export function migrationsOf(sqlByPath: Readonly<Record<string, string>>): readonly Migration[] {
  const migrations = Object.entries(sqlByPath).map(([path, sql]) => {
    const [, digits, name] = /(\d{4})_([a-z0-9_]+)\.sql$/.exec(path) ?? [];
    if (!digits || !name) throw new Error(`Not the name of a migration: ${path}`);
    return { version: Number(digits), name, sql, sha256: hash('sha256', sql) };
  });
  migrations.sort((a, b) => a.version - b.version);
  migrations.forEach(({ version }, index) => {
    if (version !== index + 1) throw new Error(`Migrations are not numbered in sequence at ${version}.`);
  });
  return migrations;
}
