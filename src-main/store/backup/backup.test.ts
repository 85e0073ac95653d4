import { execFile } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { killRestore } from '../../../test/support/processes/restore-child';
import { startStoreChild } from '../../../test/support/processes/store-child';
import { createTestClock, openTempStore, storeOptions, tempHome } from '../../../test/support/temp-store';
import { getSetting, listBackups, openStore, putSetting, RESTORE_STEPS, restoreStore } from '..';
import { SHIPPED_MIGRATIONS } from '../migrations/shipped';
import { copyStore } from './copy';

const clock = createTestClock();
const restore = (home: string, file: string) =>
  restoreStore({ home, file, clock, previousHead: () => null, checkLog: () => Promise.resolve() });

/** A data folder whose store says `word`, closed. */
function homeSaying(word: string, home = tempHome()): string {
  const store = openStore(storeOptions({ home }));
  store.write((tx) => putSetting(tx, 'word', word));
  store.close();
  return home;
}

function wordIn(home: string): string | null {
  const store = openStore(storeOptions({ home }));
  try {
    return getSetting(store.read, 'word');
  } finally {
    store.close();
  }
}

async function backupOf(home: string, name = 'copy.db'): Promise<string> {
  const target = join(tempHome(), name);
  await copyStore({ source: join(home, 'prompter.db'), target });
  return target;
}

describe('a backup', () => {
  it('is made while the store is open, is one whole file for its owner alone, and says what is in it', async () => {
    const store = openTempStore();
    store.write((tx) => putSetting(tx, 'word', 'open'));
    const target = join(tempHome(), 'deep', 'copy.db');
    const steps = new Set<string>();
    const facts = await copyStore({
      source: store.info.path,
      target,
      onProgress: ({ step, done }) => steps.add(done >= 0 && done <= 1 ? step : `${step} at ${done}`),
    });
    expect([...steps]).toEqual(['copying', 'checking']);
    expect(facts).toMatchObject({ schemaVersion: SHIPPED_MIGRATIONS.length, rows: { settings: 1, runs: 0 } });
    expect(readdirSync(join(target, '..'))).toEqual(['copy.db']);
    if (process.platform !== 'win32') expect(statSync(target).mode & 0o777).toBe(0o600);

    store.write((tx) => putSetting(tx, 'word', 'later'));
    const home = tempHome();
    await restore(home, target);
    expect(wordIn(home)).toBe('open');
  });

  it('never takes the place of a file that is there', async () => {
    const home = homeSaying('one');
    const target = join(home, 'notes.txt');
    writeFileSync(target, 'mine');
    await expect(copyStore({ source: join(home, 'prompter.db'), target })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining('exists'),
    });
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });

  it('of a damaged store is refused and leaves nothing behind', async () => {
    const home = homeSaying('one');
    const source = join(home, 'prompter.db');
    const bytes = readFileSync(source);
    bytes.fill(0xff, 8192 * 3, 8192 * 9);
    writeFileSync(source, bytes);
    const target = join(tempHome(), 'copy.db');
    await expect(copyStore({ source, target })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(readdirSync(join(target, '..'))).toEqual([]);
    expect(readFileSync(source).equals(bytes)).toBe(true);
  });

  it('of nothing is refused', async () => {
    const home = tempHome();
    await expect(
      copyStore({ source: join(home, 'prompter.db'), target: join(home, 'copy.db') }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a restore', () => {
  it('puts the copy in place and keeps the store that was in use, whole, under a name of its own', async () => {
    const home = homeSaying('old');
    const copy = await backupOf(home);
    homeSaying('new', home);
    const { kept, schemaVersion } = await restore(home, copy);
    expect(schemaVersion).toBe(SHIPPED_MIGRATIONS.length);
    expect(wordIn(home)).toBe('old');
    const [listed, ...others] = listBackups(home);
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ path: kept, reason: 'before_restore', schema_version: schemaVersion });
    // What was kept can be restored as well.
    await restore(home, kept ?? '');
    expect(wordIn(home)).toBe('new');
    expect(listBackups(home)).toHaveLength(2);
  });

  it('keeps what only the write-ahead log of a killed owner holds', async () => {
    const home = homeSaying('old');
    const copy = await backupOf(home);
    const child = await startStoreChild(home);
    await child.kill();
    const { kept } = await restore(home, copy);
    const db = new Database(kept ?? '', { readonly: true });
    expect(db.prepare(`SELECT value FROM settings WHERE key = 'written-by'`).pluck().get()).toBe(
      String(child.pid),
    );
    db.close();
    expect(wordIn(home)).toBe('old');
    // What was in doubt is in the copy that was kept; the new store is not.
    const store = openTempStore(storeOptions({ home }));
    expect(store.info.checkedAfterCrash).toBeNull();
  });

  it('while another process owns the store is refused, and says which', async () => {
    const home = homeSaying('old');
    const copy = await backupOf(home);
    const child = await startStoreChild(home);
    await expect(restore(home, copy)).rejects.toMatchObject({
      code: 'STORE_LOCKED',
      data: { pid: child.pid },
    });
    await child.close();
    expect(wordIn(home)).toBe('old');
  });

  const broken: readonly (readonly [what: string, code: string, sql: string])[] = [
    ['another program’s database', 'STORE_CORRUPT', 'PRAGMA application_id = 7'],
    ['a store of a newer build', 'STORE_FROM_FUTURE', 'PRAGMA user_version = 999'],
    [
      'a store of another build',
      'MIGRATION_CHANGED',
      `UPDATE migration_audit SET sha256 = '${'a'.repeat(64)}' WHERE version = 1`,
    ],
    [
      'a store without the record of its first step',
      'STORE_CORRUPT',
      'DELETE FROM migration_audit WHERE version = 1',
    ],
    [
      'rows that refer to nothing',
      'STORE_CORRUPT',
      `PRAGMA foreign_keys = OFF; INSERT INTO models VALUES ('no-such-connection', 'm', NULL, NULL, NULL, '2026-01-01')`,
    ],
    [
      'an audit log that was cut off',
      'STORE_CORRUPT',
      `INSERT INTO audit_checkpoints VALUES (99, '', '', '', '', 0, '2026-01-01')`,
    ],
  ];
  it.each(broken)('of %s is refused as %s, and the store stays as it was', async (_what, code, sql) => {
    const home = homeSaying('present');
    const copy = await backupOf(homeSaying('other'));
    const db = new Database(copy);
    db.exec(sql);
    db.close();
    const before = readFileSync(copy);
    await expect(restore(home, copy)).rejects.toMatchObject({ code });
    expect(wordIn(home)).toBe('present');
    expect(listBackups(home)).toEqual([]);
    expect(existsSync(join(home, 'prompter.db.restoring'))).toBe(false);
    expect(readFileSync(copy).equals(before)).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('of what is no file is refused at once', async () => {
    const home = homeSaying('present');
    const pipe = join(tempHome(), 'pipe.db');
    await promisify(execFile)('mkfifo', [pipe]);
    const loop = join(tempHome(), 'loop.db');
    symlinkSync('loop.db', loop);
    for (const file of [pipe, tempHome(), '/dev/zero']) {
      await expect(restore(home, file)).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        message: expect.stringMatching(/is (a folder|a pipe or a device), not a file/) as string,
      });
    }
    await expect(restore(home, loop)).rejects.toThrow(/./);
    expect(wordIn(home)).toBe('present');
  });

  it('through a link takes the file that it leads to, and leaves both as they are', async () => {
    const home = homeSaying('present');
    const copy = await backupOf(homeSaying('copied'));
    const link = join(tempHome(), 'link.db');
    symlinkSync(copy, link);
    const before = readFileSync(copy);
    await restore(home, link);
    expect(wordIn(home)).toBe('copied');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(copy).equals(before)).toBe(true);
  });

  it('of bytes that were damaged is refused, wherever they are, and the store stays as it was', async () => {
    const home = homeSaying('present');
    const copy = await backupOf(homeSaying('other'));
    // Without pages that nothing uses: what is in them is nobody's.
    const compact = new Database(copy);
    compact.exec('VACUUM');
    compact.close();
    const whole = readFileSync(copy);
    const pages = whole.length / 8192;
    let refused = 0;
    // The first, which says what the file is, and every third after it: those between them are of the same tables.
    for (let page = 0; page < pages; page += 3) {
      const bytes = Buffer.from(whole);
      bytes.fill(0xa5, page * 8192, page * 8192 + 600);
      writeFileSync(copy, bytes);
      const outcome = await restore(home, copy).catch((error: unknown) => error);
      expect(outcome, `page ${page}`).toMatchObject({
        code: expect.stringMatching(/STORE_CORRUPT|STORE_FROM_FUTURE/),
      });
      refused += 1;
    }
    expect(refused).toBe(Math.ceil(pages / 3));
    writeFileSync(copy, whole.subarray(0, 8192 * (pages - 2) + 100));
    await expect(restore(home, copy)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(wordIn(home)).toBe('present');
  });

  it.each([...RESTORE_STEPS])(
    'that is killed before “%s” leaves one whole store, and loses neither',
    async (step) => {
      const home = homeSaying('old');
      const copy = await backupOf(home);
      homeSaying('new', home);
      expect(await killRestore(home, copy, step)).toBe('SIGKILL');

      const isReplaced = step === 'finishing';
      // Another name of the store in use is no backup.
      expect(listBackups(home)).toHaveLength(isReplaced ? 1 : 0);
      expect(wordIn(home)).toBe(isReplaced ? 'old' : 'new');
      if (isReplaced) {
        const [kept] = listBackups(home);
        await restore(home, kept?.path ?? '');
        expect(wordIn(home)).toBe('new');
      } else {
        // Nothing of the attempt stands in the way of the next one.
        await restore(home, copy);
        expect(wordIn(home)).toBe('old');
        expect(readdirSync(join(home, 'backups'))).toHaveLength(1);
      }
      expect(readdirSync(home).filter((name) => name.includes('restoring'))).toEqual([]);
    },
  );
});

describe('a file where the backups folder belongs', () => {
  const refused = expect.objectContaining({
    code: 'STORE_UNSAFE_LOCATION',
    message: expect.stringMatching(/backups cannot hold backups: .* is not a folder.*Move or rename/),
  });

  it('is named by whatever lists or makes backups, and the store is as it was', async () => {
    const home = homeSaying('kept');
    const copy = await backupOf(homeSaying('other'));
    writeFileSync(join(home, 'backups'), 'a file');
    expect(() => listBackups(home)).toThrow(refused);
    const source = join(home, 'prompter.db');
    await expect(copyStore({ source, target: join(home, 'backups', 'copy.db') })).rejects.toEqual(refused);
    await expect(restore(home, copy)).rejects.toEqual(refused);
    expect(wordIn(home)).toBe('kept');
    expect(readFileSync(join(home, 'backups'), 'utf8')).toBe('a file');
  });

  it('does not hide that the store is damaged', () => {
    const home = homeSaying('kept');
    writeFileSync(join(home, 'prompter.db'), 'no database at all, but long enough to be looked at as one');
    writeFileSync(join(home, 'backups'), 'a file');
    expect(() => openStore(storeOptions({ home }))).toThrow(
      expect.objectContaining({
        code: 'STORE_CORRUPT',
        message: expect.stringMatching(/prompter\.db cannot be used .*backups cannot hold backups/),
      }),
    );
  });
});
