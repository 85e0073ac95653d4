import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createTestLogger, openTempStore, storeOptions } from '../../../test/support/temp-store';
import { getSetting, openStore, putSetting } from '..';
import { migrationsOf, SHIPPED_MIGRATIONS, type Migration } from './shipped';

/** The shipped schema and steps that follow it. */
function withSteps(...steps: string[]): readonly Migration[] {
  const files = [...SHIPPED_MIGRATIONS.map(({ sql }) => sql), ...steps].map((sql, index) => [
    `${String(index + 1).padStart(4, '0')}_${SHIPPED_MIGRATIONS[index]?.name ?? 'step'}.sql`,
    sql,
  ]);
  return migrationsOf(Object.fromEntries(files));
}

const shipped = SHIPPED_MIGRATIONS.length;

function backupsIn(home: string): string[] {
  return readdirSync(join(home, 'backups'));
}

test('a new store needs no backup, and records what made it', () => {
  const options = storeOptions();
  const store = openTempStore(options);
  expect(
    store.read.prepare(`SELECT version, name, sha256, app_version, applied_at FROM migration_audit`).all(),
  ).toMatchObject(
    SHIPPED_MIGRATIONS.map(({ version, name, sha256 }) => ({
      version,
      name,
      sha256,
      app_version: '0.0.0-test',
    })),
  );
  expect(readdirSync(options.home)).not.toContain('backups');
});

test('an existing store is backed up, verified and then migrated', () => {
  const options = storeOptions();
  const old = openStore(options);
  old.write((tx) => putSetting(tx, 'theme', 'dark'));
  old.close();

  const migrations = withSteps(
    `CREATE TABLE notes (note TEXT NOT NULL) STRICT; INSERT INTO notes SELECT value FROM settings WHERE key = 'theme';`,
  );
  const store = openTempStore({ ...options, migrations });
  expect(store.info.schemaVersion).toBe(shipped + 1);
  expect(store.read.prepare(`SELECT note FROM notes`).all()).toEqual([{ note: 'dark' }]);

  const [name, ...others] = backupsIn(options.home);
  expect(others).toEqual([]);
  expect(name).toMatch(new RegExp(`^prompter-v${shipped}-.*\\.db$`));
  const path = join(options.home, 'backups', name ?? '');
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);

  const backup = openTempStore({ ...options, home: restore(path), migrations: SHIPPED_MIGRATIONS });
  expect(backup.info.schemaVersion).toBe(shipped);
  expect(getSetting(backup.read, 'theme')).toBe('dark');
});

/** A data folder with the backup as its store. */
function restore(backup: string): string {
  const { home } = storeOptions();
  const copy = new Database(backup, { readonly: true });
  copy.prepare('VACUUM INTO ?').run(join(home, 'prompter.db'));
  copy.close();
  return home;
}

test.each([
  ['SQL that is wrong', `CREATE TABLE notes (note TEXT) STRICT; INSERT INTO nowhere VALUES (1);`],
  [
    'rows that refer to nothing',
    `CREATE TABLE notes (note TEXT) STRICT;
     INSERT INTO models VALUES ('no-such-connection', 'm', NULL, NULL, NULL, '2026-01-01');`,
  ],
])('a step that fails with %s leaves the store as it was, usable by the version that made it', (_, sql) => {
  const options = storeOptions();
  const old = openStore(options);
  old.write((tx) => putSetting(tx, 'theme', 'dark'));
  old.close();

  expect(() => openStore({ ...options, migrations: withSteps(sql) })).toThrow(
    `migration ${shipped + 1} (step) failed and was rolled back. The backup made before it is at `,
  );
  const store = openTempStore(options);
  expect(store.info.schemaVersion).toBe(shipped);
  expect(getSetting(store.read, 'theme')).toBe('dark');
  expect(store.read.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'notes'`).get()).toBeUndefined();
});

test('a step may rebuild a table that others refer to', () => {
  const options = storeOptions();
  openStore(options).close();
  const store = openTempStore({
    ...options,
    migrations: withSteps(
      `CREATE TABLE workspaces_new (
         org_id TEXT NOT NULL, workspace_id TEXT NOT NULL, name TEXT NOT NULL, created_at TEXT NOT NULL, color TEXT,
         PRIMARY KEY (org_id, workspace_id)) STRICT, WITHOUT ROWID;
       INSERT INTO workspaces_new SELECT *, NULL FROM workspaces;
       DROP TABLE workspaces;
       ALTER TABLE workspaces_new RENAME TO workspaces;`,
    ),
  });
  expect(store.read.prepare(`SELECT workspace_id, color FROM workspaces`).all()).toEqual([
    { workspace_id: 'default', color: null },
  ]);
  expect(store.write((tx) => tx.prepare(`PRAGMA foreign_keys`).get())).toEqual({ foreign_keys: 1 });
});

test('a step that was applied and then edited is refused with nothing written', () => {
  const options = storeOptions();
  const step = `CREATE TABLE notes (note TEXT) STRICT;`;
  openStore({ ...options, migrations: withSteps(step) }).close();

  for (const migrations of [withSteps(`${step} -- edited`), withSteps(`${step} -- edited`, 'SELECT 1;')]) {
    expect(() => openStore({ ...options, migrations })).toThrow(
      expect.objectContaining({
        code: 'MIGRATION_CHANGED',
        data: expect.objectContaining({ version: shipped + 1 }),
      }),
    );
  }
  expect(readdirSync(options.home)).not.toContain('backups');
  expect(openTempStore({ ...options, migrations: withSteps(step) }).info.schemaVersion).toBe(shipped + 1);
});

test('opening a store that is up to date migrates nothing', () => {
  const options = storeOptions();
  openStore(options).close();
  const logger = createTestLogger();
  openTempStore({ ...options, logger });
  expect(logger.lines).toEqual([]);
});

test('migrations are numbered without a gap', () => {
  expect(() => migrationsOf({ '0001_a.sql': '', '0003_c.sql': '' })).toThrow('in sequence');
  expect(() => migrationsOf({ 'first.sql': '' })).toThrow('Not the name');
});
