import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../src-shared/domain';
import { createFakeTeam } from '../../test/support/team/fake-team';
import { createTestLogger, openTempStore } from '../../test/support/temp-store';
import { createSecretRegistry } from '../core/secret-registry';
import { createSessionKeyVault } from '../keys';
import type { TeamDatabase } from './postgres';
import { createSync, type SyncDeps } from './service';

const PASSWORD = 'correct horse battery';
const PLACE = {
  host: 'db.example',
  port: 5432,
  database: 'prompts',
  user: 'ada',
  tls: 'verify',
} as const;
const unreachable = (system_code: string | null) =>
  new AppError('TEAM_UNREACHABLE', 'does not answer', { data: { system_code } });
const refused = (sqlstate: string) =>
  new AppError('TEAM_REFUSED', `refused: ${sqlstate}`, { data: { sqlstate } });
const untrusted = (tls: string) => new AppError('TEAM_REFUSED', 'is not trusted', { data: { tls } });
const unsuitable = (data: Record<string, unknown>) =>
  new AppError('TEAM_UNSUITABLE', 'does not fit', { data });
const CONNECTION = { ...PLACE, password: PASSWORD };

function syncWith(given: Partial<SyncDeps> = {}) {
  const parts = {
    store: openTempStore(),
    vault: createSessionKeyVault(),
    team: createFakeTeam(),
    secrets: createSecretRegistry(),
    logger: createTestLogger(),
    environment: null,
  };
  const open = (more: Partial<SyncDeps> = {}) => {
    const sync = createSync({ ...parts, ...given, ...more });
    onTestFinished(() => sync.close());
    return sync;
  };
  return { ...parts, open, sync: open() };
}

test('without a database everything is off, and nothing of the engine is loaded', async () => {
  const { sync, team } = syncWith();
  expect(await sync.status()).toMatchObject({ configured: false, state: 'off', database: null });
  await expect(sync.push()).rejects.toMatchObject({ code: 'SYNC_STATE' });
  expect(await sync.setAside({ limit: 10 })).toEqual({ items: [] });
  expect(team.open_engines).toEqual([]);
});

test('a connection is used at once; its password is in the vault and in no answer, setting or log', async () => {
  const { sync, store, vault, team, secrets, logger } = syncWith();
  const status = await sync.setConnection(CONNECTION);
  expect(status).toMatchObject({
    configured: true,
    source: 'settings',
    database: PLACE,
    password: 'session',
  });
  expect(team.open_engines).toEqual([{ ...CONNECTION, ca: null }]);
  expect(await vault.get('team-database')).toBe(PASSWORD);

  const settings = store.read.prepare<[], { value: string }>('SELECT value FROM settings').all();
  expect(JSON.stringify([settings, logger.lines, status, await sync.status()])).not.toContain(PASSWORD);
  expect(secrets.redact(`said ${PASSWORD}`)).toBe('said [redacted]');
});

test('another connection closes the engine of the one before', async () => {
  const { sync, team } = syncWith();
  await sync.setConnection(CONNECTION);
  await sync.setConnection({ ...CONNECTION, database: 'other' });
  expect(team.open_engines.map(({ database }) => database)).toEqual(['other']);
});

test('turned off, the password and the address are gone and the engine is closed', async () => {
  const { sync, vault, team, open } = syncWith();
  await sync.setConnection(CONNECTION);
  expect(team.disconnected()).toBe(0);
  expect(await sync.turnOff()).toMatchObject({ configured: false, state: 'off' });
  expect(team.disconnected()).toBe(1);
  expect(team.open_engines).toEqual([]);
  expect(await vault.get('team-database')).toBeNull();
  expect(await open().status()).toMatchObject({ configured: false });
});

test('turned off and set up at once, each has its turn, and the engine is not open where its outbox is emptied', async () => {
  const { sync, vault, team } = syncWith();
  await sync.setConnection(CONNECTION);
  const [, status] = await Promise.all([
    sync.turnOff(),
    sync.setConnection({ ...CONNECTION, database: 'other', password: 'another one' }),
  ]);
  expect(status).toMatchObject({ configured: true, state: 'idle' });
  expect(team.open_engines.map(({ database }) => database)).toEqual(['other']);
  expect(await vault.get('team-database')).toBe('another one');
});

test('after a restart it goes on with the stored connection; without its password it says so and loses nothing', async () => {
  const { sync, open, team } = syncWith();
  await sync.setConnection(CONNECTION);
  await sync.close();
  expect(await open().status()).toMatchObject({ configured: true, password: 'session', state: 'idle' });

  const forgot = open({ vault: createSessionKeyVault() });
  expect(await forgot.status()).toMatchObject({ state: 'failing', password: 'missing', database: PLACE });
  await expect(forgot.push()).rejects.toMatchObject({
    code: 'SYNC_STATE',
    message: expect.stringContaining('password'),
  });
  expect(team.open_engines).toHaveLength(1);
});

test('a stored password goes to the server and user it was given for, and to no other', async () => {
  const { sync, team } = syncWith();
  await sync.setConnection(CONNECTION);
  expect(await sync.setConnection({ ...PLACE, database: 'renamed' })).toMatchObject({ configured: true });
  expect(team.open_engines[0]?.password).toBe(PASSWORD);

  for (const other of [{ host: 'evil.example' }, { port: 6543 }, { user: 'eve' }]) {
    await expect(sync.setConnection({ ...PLACE, ...other })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      data: { fields: [expect.objectContaining({ path: 'password' })] },
    });
    expect(await sync.test({ connection: { ...PLACE, ...other } })).toMatchObject({
      ok: false,
      problem: 'password_missing',
    });
  }
  expect(team.checked).toEqual([]);
});

test('a stored password is not sent unencrypted or unverified where it was given for a verified server', async () => {
  const { sync, team } = syncWith();
  await sync.setConnection(CONNECTION);
  for (const tls of ['off', 'unverified'] as const) {
    expect(await sync.test({ connection: { ...PLACE, tls } })).toMatchObject({ problem: 'password_missing' });
    await expect(sync.setConnection({ ...PLACE, tls })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  }
  expect(team.checked).toEqual([]);
});

test('what the engine says is passed on, with secrets taken out', async () => {
  const { sync, team } = syncWith();
  await sync.setConnection(CONNECTION);
  team.says({ state: 'failing', waiting: 7, set_aside: 1, last_error: `bad login with ${PASSWORD}` });
  expect(await sync.status()).toMatchObject({
    state: 'failing',
    waiting: 7,
    set_aside: 1,
    last_error: 'bad login with [redacted]',
  });
  expect((await sync.setAside({ limit: 5 })).items).toHaveLength(1);
  expect(await sync.retrySetAside()).toEqual({ retried: 1 });
  expect(await sync.pause()).toMatchObject({ state: 'paused', waiting: 8 });
  expect(await sync.resume()).toMatchObject({ state: 'idle' });
  expect(await sync.push()).toEqual({ pushed: 8, waiting: 0, set_aside: 0 });
  expect(await sync.counts()).toEqual({ items: [{ record_type: 'run', local: 3, remote: 2 }] });
});

test('an engine that cannot start is a failing sync, not a core that does not start', async () => {
  const { sync, team, open } = syncWith();
  team.failsWith(new Error('the driver is broken'));
  expect(await sync.setConnection(CONNECTION)).toMatchObject({
    configured: true,
    state: 'failing',
    last_error: 'the driver is broken',
  });
  team.failsWith(null);
  expect(await open().status()).toMatchObject({ state: 'idle' });
});

test.each([
  [unreachable('ENOTFOUND'), 'name_not_found', []],
  [unreachable('ECONNREFUSED'), 'unreachable', ['name']],
  [unreachable(null), 'unreachable', ['name']],
  [untrusted('unavailable'), 'tls_unavailable', ['name', 'network']],
  [untrusted('not_verified'), 'tls_not_verified', ['name', 'network']],
  [refused('28P01'), 'password_refused', ['name', 'network', 'tls']],
  [refused('28000'), 'password_refused', ['name', 'network', 'tls']],
  [refused('3D000'), 'database_missing', ['name', 'network', 'tls', 'password']],
  [refused('25006'), 'read_only', ['name', 'network', 'tls', 'password']],
  [refused('42501'), 'role_wrong', ['name', 'network', 'tls', 'password', 'schema']],
  [unsuitable({ server_version: '14.2' }), 'version_too_old', ['name', 'network', 'tls', 'password']],
  [unsuitable({ schema_version: 9 }), 'schema_from_future', ['name', 'network', 'tls', 'password']],
  [unsuitable({}), 'schema_missing', ['name', 'network', 'tls', 'password']],
  [unsuitable({ org_id: 'default' }), 'role_wrong', ['name', 'network', 'tls', 'password', 'schema']],
  [new Error('who knows'), 'other', []],
])('a test that fails with %s says %s', async (error, problem, reached) => {
  const { sync, team } = syncWith();
  team.failsWith(error);
  const result = await sync.test({ connection: CONNECTION });
  expect(result).toMatchObject({ ok: false, problem, reached, server_version: null });
  expect(result.message).not.toBe('');
});

test('a test that succeeds changes nothing, with given values and with stored ones', async () => {
  const { sync, team } = syncWith();
  await expect(sync.test({})).rejects.toMatchObject({ code: 'SYNC_STATE' });
  expect(await sync.test({ connection: CONNECTION })).toMatchObject({ ok: true, server_version: '18.4' });
  expect(await sync.status()).toMatchObject({ configured: false });
  await sync.setConnection(CONNECTION);
  expect(await sync.test({})).toMatchObject({ ok: true, problem: null });
  expect(team.checked.at(-1)).toMatchObject(CONNECTION);
});

test('init makes a role of its own with a password nobody has to know, and forgets the administrator', async () => {
  const { sync, store, vault, team } = syncWith();
  const admin = { ...CONNECTION, user: 'postgres', password: 'only-used-once' };
  const { role, applied, status } = await sync.init(admin);
  expect(applied).toEqual(['0001_team']);
  expect(status).toMatchObject({ configured: true, database: { user: role, database: 'prompts' } });
  const [made] = team.inits;
  expect(made?.password.length).toBeGreaterThan(30);
  expect(await vault.get('team-database')).toBe(made?.password);
  const settings = store.read.prepare<[], { value: string }>('SELECT value FROM settings').all();
  expect(JSON.stringify(settings)).not.toMatch(/only-used-once|"postgres"/);
});

test('where init fails, everything stays as it was', async () => {
  const { sync, team } = syncWith();
  team.failsWith(refused('28P01'));
  await expect(sync.init(CONNECTION)).rejects.toMatchObject({ code: 'TEAM_REFUSED' });
  expect(await sync.status()).toMatchObject({ configured: false });
});

test('the environment wins over the settings, is never stored, and cannot be changed from within', async () => {
  const environment: TeamDatabase = {
    ...PLACE,
    host: 'ci.example',
    password: 'of-the-environment',
    ca: null,
  };
  const { store, vault, team, open } = syncWith();
  const sync = open({ environment });
  expect(await sync.status()).toMatchObject({ source: 'environment', password: 'environment' });
  expect(team.open_engines).toEqual([environment]);
  await expect(sync.setConnection(CONNECTION)).rejects.toMatchObject({ code: 'SYNC_STATE' });
  await expect(sync.turnOff()).rejects.toMatchObject({ code: 'SYNC_STATE' });
  expect(await sync.test({})).toMatchObject({ ok: true });

  const { role } = await sync.init({ ...CONNECTION, user: 'postgres', password: 'only-used-once' });
  expect(role).toBe('ada');
  expect(team.inits[0]?.password).toBe('of-the-environment');
  expect(await vault.get('team-database')).toBeNull();
  const settings = store.read.prepare<[], { value: string }>('SELECT value FROM settings').all();
  expect(JSON.stringify(settings)).not.toMatch(/of-the-environment|ci\.example/);
});
