import { onTestFinished } from 'vitest';
import { createLongReads } from '../../../src-main/core/long-reads';
import type { Store } from '../../../src-main/store';
import { createTeamEngine, type TeamEngine, type TeamEngineDeps } from '../../../src-main/team/postgres';
import type { TestTeam } from './team-database';
import { createTestClock, createTestLogger, testIds } from '../temp-store';

type Members = Pick<TestTeam, 'org' | 'database'>;

/** The engine the app would use. */
export function engineFor(
  store: Store,
  { org, database }: Members,
  more: Partial<TeamEngineDeps> = {},
): TeamEngine {
  return createTeamEngine({
    store,
    longReads: createLongReads(store.info.path),
    clock: createTestClock(),
    ids: testIds,
    logger: createTestLogger(),
    database,
    org_id: org.org_id,
    ...more,
  });
}

/** Like `engineFor`, closed at the end of the test at the latest. */
export function openEngine(store: Store, team: Members, more?: Partial<TeamEngineDeps>): TeamEngine {
  const engine = engineFor(store, team, more);
  onTestFinished(() => engine.close());
  return engine;
}

/** Pushes only when the test asks. */
export function pausedEngine(store: Store, team: Members, more?: Partial<TeamEngineDeps>): TeamEngine {
  const engine = openEngine(store, team, more);
  engine.pause();
  return engine;
}
