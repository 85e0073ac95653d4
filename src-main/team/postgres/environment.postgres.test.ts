import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { newTeam } from '../../../test/support/team/team-database';
import { temporaryFolder } from '../../../test/support/temporary';
import { openSession } from './session';
import { checkTeamDatabase } from '.';

/** What `psql` users have in their shells. */
const SHELL: Readonly<Record<string, string>> = {
  PGHOST: 'nowhere.invalid',
  PGHOSTADDR: '203.0.113.1',
  PGPORT: '1',
  PGDATABASE: 'another',
  PGUSER: 'somebody',
  PGPASSWORD: 'of-the-shell',
  PGOPTIONS: '-c default_transaction_read_only=on -c search_path=elsewhere',
  PGAPPNAME: 'spoofed',
  PGSERVICE: 'production',
  PGSSLMODE: 'disable',
  PGSSLNEGOTIATION: 'direct',
  PGSSLROOTCERT: '/nowhere/root.crt',
  PGREPLICATION: 'database',
  PGCLIENT_ENCODING: 'latin1',
  PGCONNECT_TIMEOUT: '1',
};

test('the shell decides neither where nor how we connect', async () => {
  const { database, admin } = await newTeam('acme');
  for (const [name, value] of Object.entries(SHELL)) vi.stubEnv(name, value);
  try {
    const session = await openSession(
      { ...database, tls: 'unverified' },
      { connect: 10_000, answer: 10_000 },
    );
    const { rows } = await session.query(
      `SELECT current_database()::text AS database, session_user::text AS user, application_name, ssl,
         current_setting('search_path') AS search_path, current_setting('transaction_read_only') AS read_only
       FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE pid = pg_backend_pid()`,
    );
    await session.close();
    expect(rows).toEqual([
      {
        database: admin.database,
        user: database.user,
        application_name: 'prompter',
        ssl: true,
        search_path: '"$user", public',
        read_only: 'off',
      },
    ]);
    // And the shell is left as it was.
    for (const [name, value] of Object.entries(SHELL)) expect(process.env[name]).toBe(value);
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a missing password is not looked for in the shell or in a file of the user', async () => {
  const { database } = await newTeam('acme');
  const passfile = join(temporaryFolder(), 'pgpass');
  writeFileSync(passfile, `*:*:*:*:${database.password}\n`, { mode: 0o600 });
  vi.stubEnv('PGPASSWORD', database.password);
  vi.stubEnv('PGPASSFILE', passfile);
  try {
    await expect(checkTeamDatabase({ ...database, password: '' }, 'acme')).rejects.toMatchObject({
      code: 'TEAM_REFUSED',
      message: expect.stringContaining('password') as string,
    });
  } finally {
    vi.unstubAllEnvs();
  }
});
