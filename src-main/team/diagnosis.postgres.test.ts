import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createFakeTeam } from '../../test/support/team/fake-team';
import { asAdmin } from '../../test/support/team/postgres-server';
import { newDatabase, newTeam } from '../../test/support/team/team-database';
import { createTestLogger, openTempStore } from '../../test/support/temp-store';
import { TEST_CERTIFICATE } from '../../test/support/team/test-certificate';
import { createSecretRegistry } from '../core/secret-registry';
import { createSessionKeyVault } from '../keys';
import { checkTeamDatabase, type TeamDatabase } from './postgres';
import { createSync } from './service';

/** A test of a connection, by the engine that pushes. */
async function tried(database: TeamDatabase) {
  const sync = createSync({
    store: openTempStore(),
    vault: createSessionKeyVault(),
    secrets: createSecretRegistry(),
    logger: createTestLogger(),
    environment: null,
    team: { ...createFakeTeam(), check: (wanted) => checkTeamDatabase(wanted, 'acme') },
  });
  const { ok, problem, reached, message } = await sync.test({ connection: database });
  expect(message).not.toContain(database.password);
  return { ok, problem, reached: reached.length };
}

test('a prepared database is connected to, and what its server cannot prove is said', async () => {
  const { database } = await newTeam('acme');
  expect(await tried(database)).toEqual({ ok: true, problem: null, reached: 5 });
  const verified = { ...database, tls: 'verify' } as const;
  expect(await tried(verified)).toEqual({ ok: false, problem: 'tls_not_verified', reached: 2 });
  expect(await tried({ ...verified, ca: TEST_CERTIFICATE })).toEqual({ ok: true, problem: null, reached: 6 });
  expect(await tried({ ...database, tls: 'unverified' })).toMatchObject({ ok: true });
});

test('each way to fail is told from the others', async () => {
  const { database, admin } = await newTeam('acme');
  const other = await newTeam('other', admin);
  const empty = await newDatabase();
  await asAdmin(empty, (client) =>
    client.query(`GRANT CONNECT ON DATABASE ${empty.database} TO ${database.user}`),
  );
  const problemOf = async (change: Partial<TeamDatabase>) =>
    (await tried({ ...database, ...change })).problem;
  expect(await problemOf({ host: 'nowhere.invalid' })).toBe('name_not_found');
  expect(await problemOf({ port: 1 })).toBe('unreachable');
  expect(await problemOf({ password: 'not the one' })).toBe('password_refused');
  expect(await problemOf({ database: 'there_is_none' })).toBe('database_missing');
  expect(await problemOf({ database: empty.database })).toBe('schema_missing');
  expect(await problemOf({ user: other.database.user, password: other.database.password })).toBe(
    'role_wrong',
  );
  await asAdmin(admin, (client) =>
    client.query(`ALTER DATABASE ${admin.database} SET default_transaction_read_only = on`),
  );
  expect(await tried(database)).toEqual({ ok: false, problem: 'read_only', reached: 3 });
});

test('a server without TLS is no failure of its certificate', async () => {
  // PostgreSQL answers the wish for TLS with one letter: N.
  const server = createServer((socket) =>
    socket.on('error', () => undefined).once('data', () => socket.end('N')),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const { database } = await newTeam('acme');
  expect(await tried({ ...database, port: address.port, tls: 'verify' })).toMatchObject({
    problem: 'tls_unavailable',
  });
});
