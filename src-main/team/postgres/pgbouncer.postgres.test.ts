import { expect, test, type TestContext } from 'vitest';
import { randomNumbers } from '../../../test/support/audit/audit-history';
import { hasPgBouncer, startPgBouncer } from '../../../test/support/team/pgbouncer';
import { asAdmin } from '../../../test/support/team/postgres-server';
import { differences } from '../../../test/support/team/team-compare';
import { newDatabase, newTeam, organisation } from '../../../test/support/team/team-database';
import { pausedEngine } from '../../../test/support/team/team-engine';
import { liveShared } from '../../../test/support/team/team-history';
import { openTempStore } from '../../../test/support/temp-store';
import { checkTeamDatabase, disconnectTeam, initTeamDatabase, revertTeamDatabase } from '.';
import { TEAM_MIGRATIONS } from './migrations';

const installedOnly = ({ skip }: TestContext): void => skip(!hasPgBouncer, 'PgBouncer is not installed');

test('everything works through a pooler that hands its connections on after each transaction', async (context) => {
  installedOnly(context);
  const direct = await newDatabase();
  const port = await startPgBouncer(direct);
  const admin = { ...direct, port };
  const org = organisation('acme');
  await initTeamDatabase(admin, org);
  expect((await initTeamDatabase(admin, org)).applied).toEqual([]);
  const database = { ...admin, user: org.role, password: org.password };
  await checkTeamDatabase(database, 'acme');

  const store = openTempStore();
  liveShared(store, 30, randomNumbers(1));
  // The second push knows nothing of the first, so it compares.
  for (let time = 0; time < 2; time += 1) {
    disconnectTeam(store);
    const engine = pausedEngine(store, { org, database });
    expect(await engine.push()).toMatchObject({ waiting: 0, set_aside: 0 });
    await engine.close();
    expect(await differences(store, direct)).toEqual([]);
  }

  // The one connection of this role named its organisation in every transaction so far; whoever gets it next sees nothing.
  const seen = await asAdmin(database, async (client) => {
    const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM prompter.runs`);
    return rows[0]?.n;
  });
  expect(seen).toBe(0);
  expect(await revertTeamDatabase(admin, 0)).toHaveLength(TEAM_MIGRATIONS.length);
});

test('what a pooler refuses is told apart as what the server refuses is', async (context) => {
  installedOnly(context);
  const { org, database } = await newTeam('acme');
  const direct = await newDatabase();
  const pooled = { ...database, port: await startPgBouncer(direct) };
  const refusal = (change: Partial<typeof pooled>): Promise<unknown> =>
    checkTeamDatabase({ ...pooled, ...change }, 'acme').catch((error: unknown) => error);
  expect(await refusal({ password: 'not the one' })).toMatchObject({ data: { sqlstate: '28P01' } });
  expect(await refusal({ user: 'nobody' })).toMatchObject({ data: { sqlstate: '28P01' } });
  // Of whom it knows without asking in that very database.
  const { user, password } = direct;
  const nowhere = { user, password, database: 'there_is_none' };
  expect(await refusal(nowhere)).toMatchObject({ data: { sqlstate: '3D000' } });

  const port = await startPgBouncer(direct, 'statement');
  const store = openTempStore();
  liveShared(store, 4, randomNumbers(1));
  const engine = pausedEngine(store, { org, database: { ...pooled, port } });
  await expect(engine.push()).rejects.toMatchObject({
    code: 'TEAM_REFUSED',
    message: expect.stringContaining('set its pool_mode to transaction or session') as string,
  });
});
