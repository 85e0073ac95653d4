import { copyFileSync, cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  memoryKeychain,
  openAudited,
  randomNumbers,
  type AuditedStore,
} from '../../../test/support/audit/audit-history';
import { asAdmin } from '../../../test/support/team/postgres-server';
import { differences } from '../../../test/support/team/team-compare';
import { newTeam, type TestTeam } from '../../../test/support/team/team-database';
import { pausedEngine } from '../../../test/support/team/team-engine';
import { liveShared } from '../../../test/support/team/team-history';
import { createTestClock, tempHome } from '../../../test/support/temp-store';
import { restoreHome } from '../../core';
import { archiveTemplate, copyStore, endWithoutAnswer, markSendingAgain } from '../../store';
import type { TeamEngine } from '.';

type Vault = ReturnType<typeof memoryKeychain>;

/** A store in use with its team: as the app opens them, closed with the test at the latest. */
async function inUse(
  home: string,
  vault: Vault,
  team: TestTeam,
): Promise<AuditedStore & { engine: TeamEngine }> {
  const opened = await openAudited(home, vault);
  const engine = pausedEngine(opened.store, team);
  const close = async (): Promise<void> => {
    await engine.close();
    await opened.close();
  };
  return { ...opened, engine, close };
}

/** What both logs say of the same things, under the same numbers or nearly so. */
function sayAgain(store: AuditedStore['store'], what: string): void {
  const first = (sql: string): string => String(store.read.prepare(sql).pluck().get());
  const run = first(`SELECT run_id FROM runs WHERE status NOT IN ('sending', 'raw_stored') ORDER BY seq`);
  const template = first(`SELECT template_id FROM templates WHERE deleted_at IS NULL ORDER BY seq`);
  store.write((tx) => {
    markSendingAgain(tx, run);
    endWithoutAnswer(tx, run, { status: 'failed', failure_code: 'timeout', failure_message: what });
    archiveTemplate(tx, template, `2026-01-0${1 + (what.length % 9)}T00:00:00.000Z`);
  });
}

/** Lives through a while of use and pushes it all. */
async function use(home: string, vault: Vault, team: TestTeam, seed: number): Promise<void> {
  const { store, engine, close } = await inUse(home, vault, team);
  liveShared(store, 30, randomNumbers(seed));
  await engine.push();
  await close();
}

async function backUp(home: string, name = 'copy.db'): Promise<string> {
  const target = join(tempHome(), name);
  await copyStore({ source: join(home, 'prompter.db'), target });
  return target;
}

let restores = 0;

function restore(home: string, file: string) {
  restores += 1;
  return restoreHome({ home, file, clock: createTestClock(Date.UTC(2026, 1, restores)) });
}

/** Everything that the team database holds, to see that nothing of it is ever lost or overwritten. */
function everything(team: TestTeam): Promise<Map<string, string>> {
  return asAdmin(team.admin, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'prompter'::regnamespace AND relrowsecurity`,
    );
    const rows = new Map<string, string>();
    for (const { name } of tables) {
      const { rows: found } = await client.query<{ place: string; text: string }>(
        `SELECT installation_id || ' ' || record_sha256 || ' ' || md5(t::text) AS place, t::text AS text FROM prompter.${name} t`,
      );
      for (const { place, text } of found) rows.set(`${name} ${place}`, text);
    }
    return rows;
  });
}

/** Pushes what a store in use has and expects no alarm, nothing missing, and nothing of `before` touched. */
async function expectWellPushed(
  { store, engine, audit }: Awaited<ReturnType<typeof inUse>>,
  team: TestTeam,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  expect(await engine.push()).toMatchObject({ waiting: 0, set_aside: 0 });
  expect(engine.status().last_error).toBeNull();
  for (const { record_type, local, remote } of await engine.counts()) {
    expect({ record_type, n: remote }).toEqual({ record_type, n: local });
  }
  const after = await everything(team);
  expect([...before].filter(([place, text]) => after.get(place) !== text)).toEqual([]);
  expect(await audit.verify()).toMatchObject({ ok: true, problems: [] });
  expect(store.read.prepare(`SELECT count(*) FROM outbox_set_aside`).pluck().get()).toBe(0);
}

test('restore, new runs, push: no alarm, nothing lost, nothing overwritten; twice', async () => {
  const [team, home, vault] = [await newTeam(), tempHome(), memoryKeychain()];
  await use(home, vault, team, 1);
  const copy = await backUp(home);
  const given = await inUse(home, vault, team);
  // The restored log has an entry about the restore first.
  liveShared(given.store, 0, randomNumbers(9));
  sayAgain(given.store, 'one');
  await given.engine.push();
  await given.close();
  await use(home, vault, team, 2);
  for (const seed of [3, 4]) {
    const before = await everything(team);
    await restore(home, copy);
    const restored = await inUse(home, vault, team);
    sayAgain(restored.store, 'two'.repeat(seed));
    liveShared(restored.store, 30, randomNumbers(seed));
    await expectWellPushed(restored, team, before);
    expect(await differences(restored.store, team.admin)).toEqual([]);
    await restored.close();
  }
  const { rows } = await asAdmin(team.admin, (client) =>
    client.query<Record<string, unknown>>(
      `SELECT log, continues_log, continues_entries::int, previous_log FROM prompter.restores WHERE log IS NOT NULL ORDER BY restore_id`,
    ),
  );
  const [first, second] = rows;
  expect(rows).toHaveLength(2);
  expect(first).toMatchObject({ previous_log: first?.['continues_log'] });
  expect(second).toMatchObject({ continues_log: first?.['continues_log'], previous_log: first?.['log'] });
});

test('going back to the store that a restore had replaced is a restore like any other', async () => {
  const [team, home, vault] = [await newTeam(), tempHome(), memoryKeychain()];
  await use(home, vault, team, 1);
  const copy = await backUp(home);
  await use(home, vault, team, 2);
  const { kept } = await restore(home, copy);
  await use(home, vault, team, 3);
  const before = await everything(team);
  await restore(home, kept ?? '');
  const back = await inUse(home, vault, team);
  liveShared(back.store, 20, randomNumbers(4));
  await expectWellPushed(back, team, before);
  expect(await differences(back.store, team.admin)).toEqual([]);
});

test('a backup from before the team was set up', async () => {
  const [team, home, vault] = [await newTeam(), tempHome(), memoryKeychain()];
  const first = await openAudited(home, vault);
  liveShared(first.store, 20, randomNumbers(1));
  await first.close();
  const copy = await backUp(home);
  await use(home, vault, team, 2);
  const before = await everything(team);
  await restore(home, copy);
  const restored = await inUse(home, vault, team);
  liveShared(restored.store, 20, randomNumbers(3));
  await expectWellPushed(restored, team, before);
  expect(await differences(restored.store, team.admin)).toEqual([]);
});

test('a restore that was not opened before the next one, and a push that had not ended', async () => {
  const [team, home, vault] = [await newTeam(), tempHome(), memoryKeychain()];
  await use(home, vault, team, 1);
  const waiting = await inUse(home, vault, team);
  liveShared(waiting.store, 20, randomNumbers(2));
  await waiting.close();
  const copy = await backUp(home);
  await use(home, vault, team, 3);
  const before = await everything(team);
  await restore(home, copy);
  await restore(home, copy);
  const restored = await inUse(home, vault, team);
  liveShared(restored.store, 20, randomNumbers(4));
  await expectWellPushed(restored, team, before);
  expect(await differences(restored.store, team.admin)).toEqual([]);
  expect((await restored.audit.verify()).restores.filter(({ log }) => log !== null)).toHaveLength(2);
});

test('on another machine, while the first goes on', async () => {
  const [team, here, there] = [await newTeam(), tempHome(), tempHome()];
  const [vaultHere, vaultThere] = [memoryKeychain(), memoryKeychain()];
  await use(here, vaultHere, team, 1);
  const copy = await backUp(here);
  await restore(there, copy);
  for (const seed of [2, 4]) {
    for (const [home, vault, own] of [
      [here, vaultHere, seed],
      [there, vaultThere, seed + 1],
    ] as const) {
      const before = await everything(team);
      const opened = await inUse(home, vault, team);
      liveShared(opened.store, 30, randomNumbers(own));
      await expectWellPushed(opened, team, before);
      await opened.close();
    }
  }
});

test.each(['of the store', 'of the whole folder'])(
  'an old copy %s that was put back by hand is an alarm that says so',
  async (what) => {
    const [team, home, vault] = [await newTeam(), tempHome(), memoryKeychain()];
    await use(home, vault, team, 1);
    const old = tempHome();
    cpSync(home, old, { recursive: true });
    await use(home, vault, team, 2);
    const before = await everything(team);
    for (const suffix of ['-wal', '-shm']) rmSync(join(home, `prompter.db${suffix}`), { force: true });
    copyFileSync(join(old, 'prompter.db'), join(home, 'prompter.db'));
    if (what === 'of the whole folder') copyFileSync(join(old, 'audit-head'), join(home, 'audit-head'));
    expect(readFileSync(join(home, 'prompter.db')).length).toBeGreaterThan(0);
    const back = await inUse(home, vault, team);
    liveShared(back.store, 20, randomNumbers(3));
    expect((await back.engine.push()).set_aside).toBeGreaterThan(0);
    expect(back.engine.status().last_error).toContain('without "prompter restore"');
    expect((await back.audit.verify()).problems.map(({ message }) => message).join()).toContain(
      'an old copy of the store was put back',
    );
    const after = await everything(team);
    expect([...before].filter(([place, text]) => after.get(place) !== text)).toEqual([]);
  },
);
