import { hash } from 'node:crypto';
import { expect, inject, onTestFinished, test } from 'vitest';
import { asAdmin } from '../../../test/support/team/postgres-server';
import { newDatabase, organisation } from '../../../test/support/team/team-database';
import { checkTeamDatabase, initTeamDatabase, revertTeamDatabase } from '.';
import { TEAM_MIGRATIONS, type TeamMigration } from './migrations';
import { isSafeVersion } from './server';

const step = (version: number, up: string, down = 'SELECT 1'): TeamMigration => ({
  version,
  name: `step_${version}`,
  up,
  down,
  sha256: hash('sha256', up),
});

const labelOf = ({ version, name }: TeamMigration): string => `${String(version).padStart(4, '0')}_${name}`;

test('makes the schema once, however often it is asked, and says what it applied', async () => {
  const admin = await newDatabase();
  const org = organisation('acme');
  expect(await initTeamDatabase(admin, org)).toEqual({
    applied: TEAM_MIGRATIONS.map(labelOf),
    role: org.role,
  });
  expect(await initTeamDatabase(admin, org)).toEqual({ applied: [], role: org.role });
  const recorded = await asAdmin(admin, (client) =>
    client.query(`SELECT version, name, sha256 FROM prompter.migration_audit`),
  );
  expect(recorded.rows).toEqual(
    TEAM_MIGRATIONS.map(({ version, name, sha256 }) => ({ version, name, sha256 })),
  );
  const check = await checkTeamDatabase({ ...admin, user: org.role, password: org.password }, 'acme');
  expect(check).toEqual({
    server_version: expect.stringMatching(/^\d+\.\d+/),
    schema_version: TEAM_MIGRATIONS.length,
    role: org.role,
  });
});

test('two at once both end well and apply each step once', async () => {
  const admin = await newDatabase();
  const [one, two] = [organisation('one'), organisation('two')];
  const results = await Promise.all([initTeamDatabase(admin, one), initTeamDatabase(admin, two)]);
  expect(results.flatMap(({ applied }) => applied)).toEqual(TEAM_MIGRATIONS.map(labelOf));
  for (const org of [one, two]) {
    await checkTeamDatabase({ ...admin, user: org.role, password: org.password }, org.org_id);
  }
});

test('down undoes everything, and up makes it again', async () => {
  const admin = await newDatabase();
  const org = organisation('acme');
  const objects = (): Promise<string[]> =>
    asAdmin(admin, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT relname || coalesce(relacl::text, chr(42)) AS name FROM pg_class WHERE relnamespace = 'prompter'::regnamespace
         UNION ALL SELECT proname || coalesce(proacl::text, chr(42)) FROM pg_proc WHERE pronamespace = 'prompter'::regnamespace
         UNION ALL SELECT tablename || policyname || coalesce(qual, with_check) FROM pg_policies
         UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'prompter'::regnamespace ORDER BY 1`,
      );
      return rows.map(({ name }) => name);
    });
  await initTeamDatabase(admin, org);
  const before = await objects();
  expect(await revertTeamDatabase(admin, 0)).toEqual(TEAM_MIGRATIONS.map(labelOf).toReversed());
  const left = (await objects()).filter((name) => !name.startsWith('migration_audit'));
  expect(left).toEqual([]);
  const role = { ...admin, user: org.role, password: org.password };
  await expect(checkTeamDatabase(role, 'acme')).rejects.toMatchObject({ code: 'TEAM_UNSUITABLE' });
  expect((await initTeamDatabase(admin, org)).applied).toEqual(TEAM_MIGRATIONS.map(labelOf));
  expect(await objects()).toEqual(before);
});

test('a step that was changed, and a schema from the future, are errors and change nothing', async () => {
  const admin = await newDatabase();
  const first = [step(1, 'CREATE TABLE prompter.memberships (role_name name PRIMARY KEY, org_id text)')];
  const org = organisation('acme');
  await initTeamDatabase(admin, org, first);
  const changed = [{ ...step(1, 'CREATE TABLE prompter.other ()') }];
  await expect(initTeamDatabase(admin, org, changed)).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
  const later = [...first, step(2, 'CREATE TABLE prompter.later ()', 'DROP TABLE prompter.later')];
  expect((await initTeamDatabase(admin, org, later)).applied).toEqual(['0002_step_2']);
  await expect(initTeamDatabase(admin, org, first)).rejects.toMatchObject({ code: 'TEAM_UNSUITABLE' });
  expect(await revertTeamDatabase(admin, 1, later)).toEqual(['0002_step_2']);
  expect((await initTeamDatabase(admin, org, first)).applied).toEqual([]);
});

test('a step that fails leaves nothing behind', async () => {
  const admin = await newDatabase();
  const steps = [step(1, 'CREATE TABLE prompter.half (); SELECT 1 / 0')];
  const org = organisation('acme');
  await expect(initTeamDatabase(admin, org, steps)).rejects.toMatchObject({
    code: 'TEAM_REFUSED',
    message: expect.stringContaining('division by zero. Nothing was changed.') as string,
  });
  const { rows } = await asAdmin(admin, (client) =>
    client.query(
      `SELECT 1 FROM pg_namespace WHERE nspname = 'prompter' UNION ALL SELECT 1 FROM pg_roles WHERE rolname = $1`,
      [org.role],
    ),
  );
  expect(rows).toEqual([]);
});

test("an organisation's role is nobody mighty, nobody else's, and its password is in no statement", async () => {
  const admin = await newDatabase();
  const org = organisation('acme');
  await initTeamDatabase(admin, org);
  const other = { ...org, org_id: 'other' };
  await expect(initTeamDatabase(admin, other)).rejects.toMatchObject({ code: 'TEAM_UNSUITABLE' });
  await expect(initTeamDatabase(admin, { ...org, role: 'postgres' })).rejects.toMatchObject({
    code: 'TEAM_UNSUITABLE',
  });
  const mighty = organisation('mighty');
  await asAdmin(admin, (client) => client.query(`CREATE ROLE ${mighty.role} BYPASSRLS`));
  await expect(initTeamDatabase(admin, mighty)).rejects.toMatchObject({ code: 'TEAM_UNSUITABLE' });
  const kept = await asAdmin(admin, (client) =>
    client.query(`SELECT rolpassword FROM pg_authid WHERE rolname = $1`, [org.role]),
  );
  expect(JSON.stringify(kept.rows)).toMatch(/SCRAM-SHA-256\$4096:/);
  expect(JSON.stringify(kept.rows)).not.toContain(org.password);
});

test('an administrator need not be a superuser: the owner of a database who may make roles is enough', async () => {
  const superuser = await newDatabase();
  const { role, password } = organisation('admin');
  // Roles are the whole server's, and other tests look for mighty ones.
  onTestFinished(async () => {
    await asAdmin(superuser, (client) =>
      client.query(
        `ALTER ROLE ${role} NOCREATEROLE; REVOKE prompter_owner, prompter_app FROM ${role} CASCADE`,
      ),
    );
  });
  await asAdmin(superuser, async (client) => {
    await client.query(`CREATE ROLE ${role} LOGIN CREATEROLE PASSWORD '${password}'`);
    // Where the server has them from another database already, whoever made them shares them.
    for (const shared of ['prompter_owner', 'prompter_app']) {
      const { rowCount } = await client.query(`SELECT FROM pg_roles WHERE rolname = $1`, [shared]);
      if (rowCount === 1) await client.query(`GRANT ${shared} TO ${role} WITH ADMIN OPTION`);
    }
    await client.query(`ALTER DATABASE ${superuser.database} OWNER TO ${role}`);
  });
  const admin = { ...superuser, user: role, password };
  const org = organisation('acme');
  expect((await initTeamDatabase(admin, org)).applied).toEqual(TEAM_MIGRATIONS.map(labelOf));
  expect((await initTeamDatabase(admin, org)).applied).toEqual([]);
  await checkTeamDatabase({ ...admin, user: org.role, password: org.password }, 'acme');
  expect(await revertTeamDatabase(admin, 0)).toEqual(TEAM_MIGRATIONS.map(labelOf).toReversed());
});

test('signing in: wrong password, wrong organisation, no server; no message shows the password', async () => {
  const admin = await newDatabase();
  const org = organisation('acme');
  await initTeamDatabase(admin, org);
  const role = { ...admin, user: org.role, password: org.password };
  const refused = [
    [{ ...role, password: 'wrong-secret' }, 'acme', 'TEAM_REFUSED'],
    [role, 'another', 'TEAM_UNSUITABLE'],
    [{ ...role, database: 'nowhere' }, 'acme', 'TEAM_REFUSED'],
    [{ ...role, port: 1 }, 'acme', 'TEAM_UNREACHABLE'],
    [{ ...inject('postgresAdmin'), user: org.role, password: org.password }, 'acme', 'TEAM_UNSUITABLE'],
  ] as const;
  for (const [database, orgId, code] of refused) {
    const error: unknown = await checkTeamDatabase(database, orgId).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(database.password);
  }
});

test('TLS: verified unless the user says otherwise', async () => {
  const { TEST_CERTIFICATE } = await import('../../../test/support/team/test-certificate');
  const admin = await newDatabase();
  const org = organisation('acme');
  await initTeamDatabase(admin, org);
  const role = { ...admin, user: org.role, password: org.password };
  const check = (how: Partial<typeof role>): Promise<unknown> =>
    checkTeamDatabase({ ...role, ...how }, 'acme');
  await expect(check({ tls: 'verify' })).rejects.toMatchObject({
    code: 'TEAM_REFUSED',
    message: expect.stringContaining('could not be verified') as string,
  });
  await expect(check({ tls: 'verify', ca: TEST_CERTIFICATE })).resolves.toBeDefined();
  await expect(check({ tls: 'verify', ca: TEST_CERTIFICATE, host: 'localhost' })).resolves.toBeDefined();
  // The right certificate under another name: 127.0.0.2 is this machine, too.
  await expect(check({ tls: 'verify', ca: TEST_CERTIFICATE, host: '127.0.0.2' })).rejects.toMatchObject({
    code: 'TEAM_REFUSED',
  });
  await expect(check({ tls: 'unverified', host: '127.0.0.2' })).resolves.toBeDefined();
});

test('servers that would leak are refused', () => {
  expect([140019, 150013, 160009, 170005].filter(isSafeVersion)).toEqual([]);
  expect([150014, 160010, 170006, 180000, 190001].filter((number) => !isSafeVersion(number))).toEqual([]);
});
