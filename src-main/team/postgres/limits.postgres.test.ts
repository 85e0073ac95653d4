import { expect, onTestFinished, test } from 'vitest';
import { randomNumbers } from '../../../test/support/audit/audit-history';
import { asAdmin, startPostgres } from '../../../test/support/team/postgres-server';
import { differences } from '../../../test/support/team/team-compare';
import { newTeam, type TestTeam } from '../../../test/support/team/team-database';
import { openEngine, pausedEngine } from '../../../test/support/team/team-engine';
import { answeredRun, liveShared } from '../../../test/support/team/team-history';
import { openTempStore } from '../../../test/support/temp-store';

/** A server that is unwell: how it gets so, and well again. */
interface Trouble {
  readonly name: string;
  readonly begin: (team: TestTeam) => string;
  readonly end: (team: TestTeam) => string;
  /** What is said of it meanwhile. */
  readonly says: string;
}

const onRuns = (body: string): string =>
  `CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN NEW; END $$;
   CREATE TRIGGER trouble BEFORE INSERT ON prompter.runs FOR EACH ROW EXECUTE FUNCTION trouble()`;
const offRuns = (): string => `DROP FUNCTION trouble CASCADE`;
const raises = (state: string, message: string) => (): string =>
  onRuns(`RAISE EXCEPTION '${message}' USING ERRCODE = '${state}'`);

const SOON = { coalesce: 1, firstRetry: 20, lastRetry: 20 };

const TROUBLES: readonly Trouble[] = [
  {
    name: 'its disk is full',
    begin: raises('53100', 'could not extend file: No space left on device'),
    end: offRuns,
    says: 'is not available right now: could not extend file: No space left on device',
  },
  {
    name: 'it is out of memory',
    begin: raises('53200', 'out of memory'),
    end: offRuns,
    says: 'is not available right now: out of memory',
  },
  {
    name: 'it takes no more connections',
    begin: ({ org }) => `ALTER ROLE ${org.role} CONNECTION LIMIT 0`,
    end: ({ org }) => `ALTER ROLE ${org.role} CONNECTION LIMIT -1`,
    says: 'too many connections',
  },
  {
    name: 'it takes no writes',
    begin: ({ admin }) => `ALTER DATABASE ${admin.database} SET default_transaction_read_only = on`,
    end: ({ admin }) =>
      `BEGIN READ WRITE; ALTER DATABASE ${admin.database} RESET default_transaction_read_only; COMMIT`,
    says: 'it is set to read-only',
  },
  {
    name: 'the password was changed there, and changed back',
    begin: ({ org }) => `ALTER ROLE ${org.role} PASSWORD 'another'`,
    end: ({ org }) => `ALTER ROLE ${org.role} PASSWORD '${org.password}'`,
    says: 'password authentication failed',
  },
  {
    name: 'the role lost its rights',
    begin: ({ org }) => `REVOKE prompter_app FROM ${org.role}`,
    end: ({ org }) => `GRANT prompter_app TO ${org.role}`,
    says: 'not set up for this version of Prompter and this role',
  },
];

test.each(TROUBLES)('$name: that is said, nothing is lost, and it goes on by itself', async (trouble) => {
  const team = await newTeam();
  const store = openTempStore();
  liveShared(store, 20, randomNumbers(1));
  await asAdmin(team.admin, (client) => client.query(trouble.begin(team)));
  const engine = openEngine(store, team, { timings: SOON });
  const { waiting } = engine.status();
  await expect.poll(() => engine.status().last_error).toContain(trouble.says);
  liveShared(store, 5, randomNumbers(2));
  expect(engine.status()).toMatchObject({ pushed: 0, set_aside: 0 });
  expect(engine.status().waiting).toBeGreaterThan(waiting);
  await asAdmin(team.admin, (client) => client.query(trouble.end(team)));
  await expect.poll(() => engine.status()).toMatchObject({ state: 'idle', waiting: 0, last_error: null });
  expect(engine.status().set_aside).toBe(0);
  expect(await differences(store, team.admin)).toEqual([]);
});

test('a server that became a standby says so, and when it leads again the rest goes there', async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const team = await newTeam('acme', await server.createDatabase());
  const store = openTempStore();
  liveShared(store, 10, randomNumbers(5));
  const engine = openEngine(store, team, { timings: SOON });
  await expect.poll(() => engine.status()).toMatchObject({ state: 'idle', waiting: 0 });
  await server.restartAsStandby();
  liveShared(store, 10, randomNumbers(6));
  await expect.poll(() => engine.status().last_error).toContain('it is a standby');
  await asAdmin(team.admin, (client) => client.query(`SELECT pg_promote()`));
  await expect.poll(() => engine.status()).toMatchObject({ state: 'idle', waiting: 0, last_error: null });
  expect(await differences(store, team.admin)).toEqual([]);
});

test.each(['statement_timeout', 'transaction_timeout'])(
  'a role with a %s that is shorter than a push needs gets its records there',
  async (limit) => {
    const team = await newTeam();
    const store = openTempStore();
    liveShared(store, 0, randomNumbers(3));
    for (let run = 0; run < 10; run += 1) answeredRun(store, { bytes: Buffer.from(String(run)) });
    await asAdmin(team.admin, async (client) => {
      const known = await client.query(`SELECT FROM pg_settings WHERE name = $1`, [limit]);
      if (known.rowCount === 1) await client.query(`ALTER ROLE ${team.org.role} SET ${limit} = '200ms'`);
      await client.query(onRuns(`PERFORM pg_sleep(0.04)`));
    });
    const engine = pausedEngine(store, team);
    expect(await engine.push()).toMatchObject({ waiting: 0, set_aside: 0 });
    expect(await differences(store, team.admin)).toEqual([]);
  },
);

test('rows that somebody else holds are waited for as long as the role may, and then tried again', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveShared(store, 10, randomNumbers(4));
  const engine = await asAdmin(team.admin, async (client) => {
    await client.query(`ALTER ROLE ${team.org.role} SET lock_timeout = '50ms'`);
    await client.query(`BEGIN; LOCK TABLE prompter.runs IN ACCESS EXCLUSIVE MODE`);
    const waiting = openEngine(store, team, { timings: SOON });
    await expect.poll(() => waiting.status().last_error).toContain('lock timeout');
    await client.query('COMMIT');
    return waiting;
  });
  await expect.poll(() => engine.status()).toMatchObject({ state: 'idle', waiting: 0, last_error: null });
  expect(await differences(store, team.admin)).toEqual([]);
});
