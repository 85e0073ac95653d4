import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { startStoreChild } from '../../test/support/processes/store-child';
import { createTestLogger, openTempStore, storeOptions, tempHome } from '../../test/support/temp-store';
import { isAppError, type AppError, SYSTEM_PROVIDER_IDS } from '../../src-shared/domain';
import { announceOwner, getSetting, listProviders, openStore, putSetting, type Store } from '.';

const KEY = 'k'.repeat(43);

function pragma(store: Store, name: string): unknown {
  return store.write((tx) => tx.prepare<[], Record<string, unknown>>(`PRAGMA ${name}`).get()?.[name]);
}

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}

function errorOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('a new store is durable, guarded and private', () => {
  const home = join(tempHome(), 'data');
  const store = openTempStore({ home });

  expect({
    journal_mode: pragma(store, 'journal_mode'),
    synchronous: pragma(store, 'synchronous'),
    foreign_keys: pragma(store, 'foreign_keys'),
    recursive_triggers: pragma(store, 'recursive_triggers'),
    trusted_schema: pragma(store, 'trusted_schema'),
    page_size: pragma(store, 'page_size'),
    application_id: pragma(store, 'application_id'),
  }).toEqual({
    journal_mode: 'wal',
    synchronous: 2,
    foreign_keys: 1,
    recursive_triggers: 1,
    trusted_schema: 0,
    page_size: 8192,
    application_id: 0x50524d54,
  });
  expect(store.info.schemaVersion).toBeGreaterThan(0);
  expect(store.info.sizeBytes()).toBeGreaterThan(8192);
  if (process.platform !== 'win32') {
    expect(mode(home)).toBe(0o700);
    for (const file of ['prompter.db', 'prompter.db-wal', 'owner.json', 'owner.lock']) {
      expect(mode(join(home, file)), file).toBe(0o600);
    }
  }
});

test('what was written is there after closing and opening again', () => {
  const options = storeOptions();
  const first = openStore(options);
  first.write((tx) => putSetting(tx, 'theme', 'dark'));
  first.close();

  expect(existsSync(join(options.home, 'owner.json'))).toBe(false);
  expect(getSetting(openTempStore(options).read, 'theme')).toBe('dark');
});

test('closing commits what is still enqueued, then refuses more', async () => {
  const options = storeOptions();
  const store = openStore(options);
  const enqueued = store.enqueue((tx) => putSetting(tx, 'theme', 'light'));
  store.close();
  await enqueued;

  await expect(store.enqueue((tx) => putSetting(tx, 'theme', 'dark'))).rejects.toThrow('closed');
  expect(getSetting(openTempStore(options).read, 'theme')).toBe('light');
});

test('the providers that ship with the app are repaired at each open, others stay', () => {
  const options = storeOptions();
  const store = openStore(options);
  expect(listProviders(store.read).map((provider) => provider.provider_id)).toEqual([...SYSTEM_PROVIDER_IDS]);
  store.write((tx) => {
    tx.prepare(`DELETE FROM providers WHERE provider_id = 'ollama'`).run();
    tx.prepare(
      `UPDATE providers SET base_url = 'https://elsewhere.example' WHERE provider_id = 'openai'`,
    ).run();
    tx.prepare(
      `INSERT INTO providers VALUES ('mine', 'Mine', 'openai_chat', 'https://mine.example/v1', 1, 0, '2026-01-01')`,
    ).run();
  });
  store.close();

  const providers = listProviders(openTempStore(options).read);
  expect(providers.map((provider) => provider.provider_id)).toEqual([...SYSTEM_PROVIDER_IDS, 'mine']);
  expect(providers[0]).toEqual({
    provider_id: 'openai',
    name: 'OpenAI',
    protocol: 'openai_responses',
    base_url: 'https://api.openai.com/v1',
    needs_key: true,
    is_system: true,
    simulated: false,
  });
});

test('a second owner in this process is told who owns the store', () => {
  const options = storeOptions();
  const store = openTempStore(options);
  expect(announceOwner(store, { url: 'http://127.0.0.1:4711/?token=secret', key: KEY })).toBeNull();

  const error = errorOf(() => openStore(options));
  expect(error.code).toBe('STORE_LOCKED');
  expect(error.message).toContain(`process ${process.pid} `);
  expect(error.message).toContain('It serves at http://127.0.0.1:4711. Run `prompter link`');
  expect(JSON.stringify(error.data)).not.toContain(KEY);
  expect(readFileSync(join(options.home, 'owner.key'), 'utf8')).toBe(`${KEY}\n`);
  expect(readFileSync(join(options.home, 'owner.json'), 'utf8')).not.toContain('secret');
  // The refused attempt has not taken anything from the owner.
  store.write((tx) => putSetting(tx, 'still', 'writing'));
  expect(errorOf(() => openStore(options)).code).toBe('STORE_LOCKED');
});

test('a refused attempt does not loosen the lock against other processes', async () => {
  const options = storeOptions();
  openTempStore(options);
  expect(errorOf(() => openStore(options)).code).toBe('STORE_LOCKED');
  await expect(startStoreChild(options.home)).rejects.toThrow('refused: STORE_LOCKED');
});

test('another process that owns the store is named; its death by kill -9 frees it, and the file is checked', async () => {
  const options = storeOptions();
  const child = await startStoreChild(options.home);

  const error = errorOf(() => openStore(options));
  expect(error.code).toBe('STORE_LOCKED');
  expect(error.message).toMatch(
    new RegExp(`process ${child.pid} \\(.+\\) since \\d{4}-.*http://127.0.0.1:4711`),
  );

  await child.kill();
  const logger = createTestLogger();
  const store = openTempStore({ ...options, logger });
  expect(getSetting(store.read, 'written-by')).toBe(String(child.pid));
  expect(logger.lines.map((line) => line.event)).toContain('store.checking_after_unclean_exit');
});

test('a process that closes its store leaves nothing to check', async () => {
  const options = storeOptions();
  const child = await startStoreChild(options.home);
  await child.close();

  const logger = createTestLogger();
  openTempStore({ ...options, logger });
  expect(logger.lines).toEqual([]);
});

test('a store from the future is refused and not changed by a byte', () => {
  const options = storeOptions();
  openStore(options).close();
  const path = join(options.home, 'prompter.db');
  const db = new Database(path);
  db.pragma('user_version = 9999');
  db.close();
  const before = readFileSync(path);

  const error = errorOf(() => openStore(options));
  expect(error.code).toBe('STORE_FROM_FUTURE');
  expect(error.message).toContain('schema 9999');
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(existsSync(join(options.home, 'backups'))).toBe(false);
});

test.each([
  ['a text', (path: string) => writeFileSync(path, 'Dear diary, '.repeat(1000))],
  [
    'the database of another program',
    (path: string) => new Database(path).exec('CREATE TABLE diary (day TEXT)').close(),
  ],
])('%s in place of the store is refused and left as it is', (_, make) => {
  const options = storeOptions();
  const path = join(options.home, 'prompter.db');
  make(path);
  const before = readFileSync(path);

  const error = errorOf(() => openStore(options));
  expect(error.code).toBe('STORE_CORRUPT');
  expect(error.message).toContain('was not changed');
  expect(readFileSync(path).equals(before)).toBe(true);
  // The failed attempt holds no lock and leaves no trace of an unclean exit.
  expect(existsSync(join(options.home, 'owner.json'))).toBe(false);
});

test('damage is found when the store is opened after an unclean exit, as often as it is tried', () => {
  const options = storeOptions();
  openStore(options).close();
  const path = join(options.home, 'prompter.db');
  const file = openSync(path, 'r+');
  for (let page = 2; page * 8192 < statSync(path).size; page++)
    writeSync(file, Buffer.alloc(64, 0xff), 0, 64, page * 8192);
  closeSync(file);
  writeFileSync(
    join(options.home, 'owner.json'),
    '{"pid":1,"started_at":"2026-01-01","command":"prompter serve"}',
  );

  expect(errorOf(() => openStore(options)).code).toBe('STORE_CORRUPT');
  expect(errorOf(() => openStore(options)).code).toBe('STORE_CORRUPT');
});

/** A database as a crash in the middle of a transaction leaves it: pages in the file, and a journal that takes them back. */
function crashedTransaction(path: string, before: string): void {
  const source = join(tempHome(), 'source.db');
  const db = new Database(source);
  db.exec(`PRAGMA page_size = 8192; PRAGMA cache_size = 1; ${before}`);
  db.exec('BEGIN; CREATE TABLE half (made TEXT)');
  const insert = db.prepare('INSERT INTO half VALUES (?)');
  for (let row = 0; row < 100; row += 1) insert.run('x'.repeat(4000));
  copyFileSync(source, path);
  copyFileSync(`${source}-journal`, `${path}-journal`);
  db.close();
}

test('a first start that was cut off before the write-ahead log was there is begun again', () => {
  const home = tempHome();
  const path = join(home, 'prompter.db');
  crashedTransaction(path, '');
  expect(statSync(path).size).toBeGreaterThan(0);
  writeFileSync(join(home, 'owner.json'), '{}');
  const store = openTempStore({ home });
  expect(pragma(store, 'journal_mode')).toBe('wal');
  expect(store.read.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined();
});

test("another program's database is not rolled back for it", () => {
  const home = tempHome();
  const path = join(home, 'prompter.db');
  crashedTransaction(path, 'CREATE TABLE theirs (letter TEXT);');
  const files = () => [path, `${path}-journal`].map((file) => readFileSync(file));
  const before = files();
  expect(() => openStore(storeOptions({ home }))).toThrow();
  expect(files()).toEqual(before);
});

test('a folder that a sync service copies is refused before anything is made in it', () => {
  const parent = join(tempHome(), 'Dropbox');
  mkdirSync(parent);
  expect(errorOf(() => openStore(storeOptions({ home: join(parent, 'prompter') }))).code).toBe(
    'STORE_UNSAFE_LOCATION',
  );
  expect(existsSync(join(parent, 'prompter'))).toBe(false);
});

test('what cannot be a folder is said to be none', () => {
  const file = join(tempHome(), 'file');
  writeFileSync(file, '');
  for (const home of [file, join(file, 'below')]) {
    expect(errorOf(() => openStore(storeOptions({ home })))).toMatchObject({
      code: 'STORE_UNSAFE_LOCATION',
      message: expect.stringContaining('it is not a folder') as string,
    });
  }
});

test.runIf(process.platform === 'linux')(
  'where no folder can be made, that is said, and not tried for ever',
  () => {
    for (const home of ['/proc/prompter-home', '/proc/prompter-home/below']) {
      expect(errorOf(() => openStore(storeOptions({ home })))).toMatchObject({
        code: 'STORE_UNSAFE_LOCATION',
        message: expect.stringContaining('no folder can be created there') as string,
      });
    }
  },
);

// Windows lets nobody move a file that is open.
test.skipIf(process.platform === 'win32')(
  'nothing is acknowledged that would go into a file that was moved, deleted or replaced',
  async () => {
    const home = tempHome();
    const store = openTempStore({ home });
    const [path, away] = [join(home, 'prompter.db'), join(home, 'away.db')];
    const put = (value: string) => store.write((tx) => putSetting(tx, 'k', value));
    put('kept');
    renameSync(path, away);
    expect(errorOf(() => put('lost')).code).toBe('STORE_UNSAFE_LOCATION');
    await expect(store.enqueue((tx) => putSetting(tx, 'k', 'lost'))).rejects.toMatchObject({
      code: 'STORE_UNSAFE_LOCATION',
    });
    writeFileSync(path, 'another file');
    expect(errorOf(() => put('lost')).code).toBe('STORE_UNSAFE_LOCATION');
    expect(getSetting(store.read, 'k')).toBe('kept');

    rmSync(path);
    renameSync(away, path);
    put('back');
    store.close();
    expect(getSetting(openTempStore({ home }).read, 'k')).toBe('back');
  },
);
