import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { randomNumbers } from '../../test/support/audit-history';
import { asAdmin, startPostgres } from '../../test/support/postgres-server';
import { differences } from '../../test/support/team-compare';
import { newTeam, type TestTeam } from '../../test/support/team-database';
import { liveShared } from '../../test/support/team-history';
import { createTestClock, createTestLogger, openTempStore, testIds } from '../../test/support/temp-store';
import { startToxicProxy, type ToxicProxy, type Toxin } from '../../test/support/toxic-proxy';
import { isAppError } from '../../src-shared/domain';
import type { Store } from '../store';
import { createTeamEngine, type TeamDatabase, type TeamEngine, type TeamTimings } from '.';

const SCHEDULES = 100;

/** What happens one after the other between an installation and its team database. */
type Step =
  | { readonly does: 'live'; readonly steps: number; readonly seed: number }
  | { readonly does: 'push'; readonly toxin: Toxin }
  /** The server ends the connection in the middle of a push. */
  | { readonly does: 'terminate'; readonly when: number }
  /** The app goes away in the middle of a push, and is started again. */
  | { readonly does: 'restart app'; readonly toxin: Toxin };

const toxin: fc.Arbitrary<Toxin> = fc.record({
  kind: fc.constantFrom('cut', 'cut', 'half-open', 'delay', 'refuse'),
  way: fc.constantFrom('up', 'down'),
  // From the first byte over sign-in and begin to well into the rows and the commit's answer.
  after: fc.oneof(fc.nat(1_500), fc.nat(60_000)),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('live'), steps: fc.nat(3), seed: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('push'), toxin }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('terminate'), when: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('restart app'), toxin }) },
);

let proxy: ToxicProxy;
let team: TestTeam;
beforeAll(async () => {
  team = await newTeam();
  proxy = await startToxicProxy(inject('postgresAdmin'));
});
afterAll(() => proxy.close());

/** A dead line is given up soon. */
const IMPATIENT = { connect: 400, answer: 400, goodbye: 0 };

function start(store: Store, database: TeamDatabase, timings: Partial<TeamTimings> = IMPATIENT): TeamEngine {
  const engine = createTeamEngine({
    store,
    clock: createTestClock(),
    ids: testIds,
    logger: createTestLogger(),
    database,
    org_id: 'acme',
    timings,
  });
  // Only what the schedule says is pushed.
  engine.pause();
  return engine;
}

/** A push under a fault may fail in the ways that are said, and in no other. */
async function tryToPush(engine: TeamEngine): Promise<void> {
  try {
    await engine.push();
  } catch (error) {
    if (!isAppError(error) || !['TEAM_UNREACHABLE', 'CANCELLED'].includes(error.code)) throw error;
  }
}

test(`${SCHEDULES} fault schedules: nothing is missing, nothing twice, nothing different`, async () => {
  const suffered = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), fc.nat(), async (steps, seed) => {
      const database = { ...team.database, port: proxy.port };
      const store = openTempStore();
      liveShared(store, 4, randomNumbers(seed));
      let engine = start(store, database);
      for (const next of steps) {
        if (next.does === 'live') {
          liveShared(store, next.steps, randomNumbers(next.seed));
          continue;
        }
        const kind = next.does === 'terminate' ? next.does : `${next.does}: ${next.toxin.kind}`;
        suffered.set(kind, (suffered.get(kind) ?? 0) + 1);
        proxy.poison(next.does === 'terminate' ? [] : [next.toxin]);
        const pushing = tryToPush(engine);
        if (next.does === 'terminate') await terminate(team.admin, next.when);
        if (next.does === 'restart app') {
          await engine.close();
          engine = start(store, database);
        }
        await pushing;
      }
      await engine.close();
      proxy.poison([]);
      await expectAllArrived(store, team);
      store.close();
    }),
    // Nothing may hang: neither a push nor what a dead one left behind on the server.
    { numRuns: SCHEDULES, timeout: 45_000 },
  );
  // The schedules must have had all kinds of faults, or they would prove nothing.
  for (const kind of [
    'push: cut',
    'push: half-open',
    'push: delay',
    'push: refuse',
    'terminate',
    'restart app: cut',
  ]) {
    expect(suffered.get(kind) ?? 0, kind).toBeGreaterThan(5);
  }
});

/** With a healthy line everything is there in the end. */
async function expectAllArrived(store: Store, at: TestTeam): Promise<void> {
  const engine = start(store, at.database, {});
  const { waiting, set_aside } = await engine.push();
  await engine.close();
  expect({ waiting, set_aside }).toEqual({ waiting: 0, set_aside: 0 });
  expect(await differences(store, at.admin)).toEqual([]);
}

/** Ends the organisation's connections, after a number of looks at the server. */
async function terminate(admin: TeamDatabase, looks: number): Promise<void> {
  await asAdmin(admin, async (client) => {
    for (let look = 0; look < looks; look += 1) await client.query('SELECT 1');
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
  });
}

test('the server is restarted in the middle of pushes', async () => {
  const server = await startPostgres();
  try {
    const restarted = await newTeam('acme', await server.createDatabase());
    const store = openTempStore();
    const engine = start(store, restarted.database);
    for (let round = 0; round < 3; round += 1) {
      liveShared(store, 30, randomNumbers(round));
      const pushing = tryToPush(engine);
      await server.restart();
      await pushing;
    }
    await engine.close();
    await expectAllArrived(store, restarted);
  } finally {
    await server.stop();
  }
});
