import { randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { expect, test } from 'vitest';
import { liveThrough, randomNumbers } from '../../../test/support/audit/audit-history';
import { asAdmin } from '../../../test/support/team/postgres-server';
import { differences } from '../../../test/support/team/team-compare';
import { newTeam } from '../../../test/support/team/team-database';
import { openEngine, pausedEngine } from '../../../test/support/team/team-engine';
import { answeredRun, liveShared, pin } from '../../../test/support/team/team-history';
import { createTestLogger, openTempStore, storeOptions, tempHome } from '../../../test/support/temp-store';
import { openStore, type Store } from '../../store';
import { disconnectTeam } from '.';

const queuedIn = (store: Store): number =>
  store.read.prepare<[], { n: number }>(`SELECT count(*) AS n FROM outbox`).get()?.n ?? 0;

test('without a team database nothing is queued', () => {
  const store = openTempStore();
  liveShared(store, 20, randomNumbers(1));
  expect(queuedIn(store)).toBe(0);
});

test('pushes what was stored before and what comes after, of every kind, and counts are equal', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveShared(store, 40, randomNumbers(2));
  const engine = pausedEngine(store, team);
  liveShared(store, 40, randomNumbers(3));
  const outcome = await engine.push();
  expect(outcome).toEqual({ pushed: expect.any(Number) as number, waiting: 0, set_aside: 0 });
  expect(await differences(store, team.admin)).toEqual([]);
  for (const { record_type, local, remote } of await engine.counts()) {
    expect({ record_type, n: remote }).toEqual({ record_type, n: local });
    expect(local, `no ${record_type} in the test`).toBeGreaterThan(0);
  }
  expect(queuedIn(store)).toBe(0);
  expect(await engine.push()).toEqual({ pushed: 0, waiting: 0, set_aside: 0 });
  liveShared(store, 10, randomNumbers(4));
  await engine.push();
  expect(await differences(store, team.admin)).toEqual([]);
});

test('in the background: pushed after the commit, without being asked', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 5, randomNumbers(5));
  const engine = openEngine(store, team, { timings: { coalesce: 1 } });
  await expect.poll(() => engine.status().state).toBe('idle');
  liveShared(store, 5, randomNumbers(6));
  expect(engine.status().waiting).toBeGreaterThan(0);
  await expect.poll(() => engine.status()).toMatchObject({ state: 'idle', waiting: 0, last_error: null });
  expect(await differences(store, team.admin)).toEqual([]);
});

test('paused nothing goes by itself, even after a restart; resumed it does', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 5, randomNumbers(7));
  const first = pausedEngine(store, team, { timings: { coalesce: 1 } });
  await first.close();
  const engine = openEngine(store, team, { timings: { coalesce: 1 } });
  liveThrough(store, 5, randomNumbers(8));
  expect(engine.status()).toMatchObject({ state: 'paused', pushed: 0, next_try_at: null });
  engine.resume();
  await expect.poll(() => engine.status()).toMatchObject({ state: 'idle', waiting: 0 });
  expect(await differences(store, team.admin)).toEqual([]);
});

test('values that databases trip over arrive as they are', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 0, randomNumbers(9));
  const large = randomBytes(10 * 1024 * 1024);
  const engine = pausedEngine(store, team);
  const odd = answeredRun(store, {
    prompt: 'NUL \0, half a pair \ud83d, a whole one 😀, \u2028, "quotes", \\',
    model_id: 'nul\0model',
    bytes: Buffer.from([0, 255, 92, 120, 0]),
    analysis_config: {
      above: 2 ** 53 + 1,
      below: 2 ** 53 - 1,
      negative: -(2 ** 53) - 1,
      minus_zero: -0,
      small: 5e-324,
    },
  });
  const big = answeredRun(store, { bytes: large });
  const empty = answeredRun(store, { bytes: new Uint8Array(0) });
  expect(await engine.push()).toMatchObject({ waiting: 0, set_aside: 0 });
  expect(await differences(store, team.admin)).toEqual([]);
  await asAdmin(team.admin, async (client) => {
    const runs = await client.query<{ record: string }>(
      `SELECT record FROM prompter.runs WHERE run_id = $1`,
      [odd.run_id],
    );
    const { record } = JSON.parse(runs.rows[0]?.record ?? '') as { record: Record<string, string> };
    expect(record['model_id']).toBe('nul\0model');
    // SQLite keeps text as UTF-8, which has no half a pair.
    expect(record['rendered_prompt']).toBe(
      'NUL \0, half a pair \uFFFD, a whole one 😀, \u2028, "quotes", \\',
    );
    expect(JSON.parse(record['analysis_config'] ?? '')).toEqual({
      above: 9007199254740992,
      below: 9007199254740991,
      negative: -9007199254740992,
      minus_zero: 0,
      small: 5e-324,
    });
    const bytes = await client.query<{ attempt_id: string; size: number }>(
      `SELECT attempt_id, octet_length(bytes) AS size FROM prompter.raw_responses ORDER BY size`,
    );
    expect(bytes.rows).toEqual([
      { attempt_id: empty.attempt_id, size: 0 },
      { attempt_id: odd.attempt_id, size: 5 },
      { attempt_id: big.attempt_id, size: large.length },
    ]);
  });
});

test('records that the server refuses are set aside with the reason and hold up nobody', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 0, randomNumbers(10));
  const engine = pausedEngine(store, team);
  await asAdmin(team.admin, (client) =>
    client.query(`ALTER TABLE prompter.runs ADD CONSTRAINT no_poison CHECK (model_id <> 'poison')`),
  );
  const poison: string[] = [];
  for (let index = 0; index < 60; index += 1) {
    const { run_id } = answeredRun(store, {
      bytes: Buffer.from(String(index)),
      model_id: index % 20 === 7 ? 'poison' : 'fine',
    });
    if (index % 20 === 7) poison.push(run_id);
  }
  expect(await engine.push()).toMatchObject({ waiting: 0, set_aside: 3 });
  const aside = engine.setAside(10);
  expect(aside.map(({ record_type, record_id }) => [record_type, record_id])).toEqual(
    poison.map((id) => ['run', id]),
  );
  expect(aside[0]?.reason).toContain('no_poison');
  expect(await differences(store, team.admin)).toEqual(poison.map((id) => `run ${id} is missing`));

  await asAdmin(team.admin, (client) => client.query(`ALTER TABLE prompter.runs DROP CONSTRAINT no_poison`));
  expect(engine.retrySetAside()).toBe(3);
  expect(await engine.push()).toMatchObject({ pushed: 3, waiting: 0, set_aside: 0 });
  expect(await differences(store, team.admin)).toEqual([]);
});

test('of what was stored before, records that the server refuses or that are gone hold up nobody either', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 0, randomNumbers(40));
  await asAdmin(team.admin, (client) =>
    client.query(`ALTER TABLE prompter.runs ADD CONSTRAINT no_poison CHECK (model_id <> 'poison')`),
  );
  const runs = ['fine', 'poison', 'fine', 'poison'].map((model_id, index) =>
    answeredRun(store, { bytes: Buffer.from(String(index)), model_id }),
  );
  const poison = runs.filter((_, index) => index % 2 === 1).map(({ run_id }) => run_id);
  const engine = pausedEngine(store, team);
  const { waiting } = engine.status();
  expect(await engine.push()).toEqual({ pushed: waiting - 2, waiting: 0, set_aside: 2 });
  expect(engine.setAside(10).map(({ record_id }) => record_id)).toEqual(poison);
  expect(await engine.push()).toMatchObject({ pushed: 0, waiting: 0 });

  await asAdmin(team.admin, (client) => client.query(`ALTER TABLE prompter.runs DROP CONSTRAINT no_poison`));
  expect(engine.retrySetAside()).toBe(2);
  expect(await engine.push()).toMatchObject({ pushed: 2, waiting: 0, set_aside: 0 });
  expect(await differences(store, team.admin)).toEqual([]);
  await engine.close();

  // Entries that somebody took out of the log are not waited for.
  disconnectTeam(store);
  const again = pausedEngine(store, team);
  store.write((tx) => {
    tx.prepare(`DROP TRIGGER audit_leaves_delete_guard`).run();
    tx.prepare(`DELETE FROM audit_leaves WHERE seq > (SELECT max(seq) - 2 FROM audit_leaves)`).run();
  });
  expect(await again.push()).toMatchObject({ waiting: 0, set_aside: 0 });
});

test('a different record under the same id is an alarm and is not overwritten', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 0, randomNumbers(11));
  const logger = createTestLogger();
  const engine = pausedEngine(store, team, { logger });
  const { run_id } = answeredRun(store, { bytes: Buffer.from('one') });
  await asAdmin(team.admin, (client) =>
    client.query(
      `INSERT INTO prompter.runs SELECT 'acme', $1, 'other', 'w', 't', NULL, 'p', 'm', 0, 'then', 'x', '{}',
         encode(sha256('{}'), 'hex')`,
      [run_id],
    ),
  );
  expect(await engine.push()).toMatchObject({ waiting: 0, set_aside: 1 });
  expect(engine.setAside(10)).toMatchObject([{ record_type: 'run', record_id: run_id }]);
  expect(engine.status().last_error).toContain('differ');
  expect(logger.lines).toContainEqual(
    expect.objectContaining({ level: 'error', event: 'team.record_differs' }),
  );
  expect(await differences(store, team.admin)).toEqual([`run ${run_id} is missing`]);
});

test('a record that was changed behind our back is not pushed as the truth', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 0, randomNumbers(12));
  const engine = pausedEngine(store, team);
  const { run_id } = answeredRun(store, { bytes: Buffer.from('one') });
  store.write((tx) => {
    tx.prepare(`DROP TRIGGER runs_request_guard`).run();
    tx.prepare(`UPDATE runs SET rendered_prompt = 'forged' WHERE run_id = ?`).run(run_id);
  });
  expect(await engine.push()).toMatchObject({ waiting: 0, set_aside: 1 });
  expect(engine.setAside(1)[0]?.reason).toContain('audit log');
});

test('an answer whose bytes cannot be read any more is set aside and holds up nobody', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 0, randomNumbers(13));
  const engine = pausedEngine(store, team);
  const { attempt_id } = answeredRun(store, { bytes: Buffer.alloc(2_000, 'readable ') });
  answeredRun(store, { bytes: Buffer.from('later') });
  store.write((tx) => {
    tx.prepare(`DROP TRIGGER raw_responses_update_guard`).run();
    tx.prepare(`UPDATE raw_responses SET bytes = substr(bytes, 1, 9) WHERE attempt_id = ?`).run(attempt_id);
  });
  expect(await engine.push()).toMatchObject({ waiting: 0, set_aside: 1 });
  const [aside] = engine.setAside(1);
  expect(aside).toMatchObject({ record_type: 'answer', record_id: attempt_id });
  expect(aside?.reason).toContain('damaged');
  const answers = (await engine.counts()).find(({ record_type }) => record_type === 'answer');
  expect(answers).toEqual({ record_type: 'answer', local: 2, remote: 1 });
});

test('pushing again what was not acknowledged adds nothing, and another database gets everything', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveShared(store, 20, randomNumbers(13));
  const engine = pausedEngine(store, team);
  const { pushed } = await engine.push();
  await engine.close();
  // As where the user takes the team database away and sets it up again.
  disconnectTeam(store);
  liveShared(store, 5, randomNumbers(14));
  expect(queuedIn(store)).toBe(0);
  const again = pausedEngine(store, team);
  expect((await again.push()).pushed).toBeGreaterThan(pushed);
  expect(await differences(store, team.admin)).toEqual([]);
  await again.close();

  const other = await newTeam();
  const elsewhere = pausedEngine(store, other);
  expect((await elsewhere.push()).set_aside).toBe(0);
  expect(await differences(store, other.admin)).toEqual([]);
});

test('two installations share an organisation without touching each other', async () => {
  const team = await newTeam();
  const stores = [openTempStore(), openTempStore()];
  const engines = stores.map((store, index) => {
    liveShared(store, 10, randomNumbers(20 + index));
    return pausedEngine(store, team);
  });
  await Promise.all(engines.map((engine) => engine.push()));
  for (const engine of engines) {
    for (const { record_type, local, remote } of await engine.counts()) {
      expect([record_type, remote]).toEqual([record_type, local]);
    }
  }
});

test('no server: the error says so, everything waits; cancelled: nothing failed', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 5, randomNumbers(30));
  const engine = pausedEngine(store, { ...team, database: { ...team.database, port: 1 } });
  const { waiting } = engine.status();
  await expect(engine.push()).rejects.toMatchObject({ code: 'TEAM_UNREACHABLE' });
  expect(engine.status()).toMatchObject({
    waiting,
    pushed: 0,
    last_error: expect.stringContaining('127.0.0.1') as string,
  });
  await expect(engine.push(AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('closed while it counts, it says so', async () => {
  const engine = pausedEngine(openTempStore(), await newTeam());
  const counting = engine.counts();
  await engine.close();
  await expect(counting).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a record that is gone from the store is set aside', async () => {
  const team = await newTeam();
  const store = openTempStore();
  const engine = pausedEngine(store, team);
  store.write((tx) => tx.outbox.leaf({ record_type: 'pin', record_id: 'never-there', seq: 1_000_000 }));
  expect(await engine.push()).toEqual({ pushed: 0, waiting: 0, set_aside: 1 });
  expect(engine.setAside(1)[0]?.reason).toContain('no longer in the store');
});

test('a commit that is rolled back queues nothing', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 0, randomNumbers(31));
  const engine = pausedEngine(store, team);
  await engine.push();
  const template = store.read.prepare<[], { id: string }>(`SELECT template_id AS id FROM templates`).get();
  expect(() =>
    store.write((tx) => {
      tx.outbox.leaf({ record_type: 'pin', record_id: 'nothing', seq: 1_000_000 });
      throw new Error('no');
    }),
  ).toThrow('no');
  pin(store, template?.id ?? '', 'v1');
  // The pin with its entry in the audit log.
  expect(await engine.push()).toEqual({ pushed: 1, waiting: 0, set_aside: 0 });
});

test('two copies of one store push at once: everything is there once, and nothing is set aside', async () => {
  const team = await newTeam();
  const home = tempHome();
  const copied = tempHome();
  const original = openStore(storeOptions({ home }));
  liveShared(original, 60, randomNumbers(11));
  // The installation has its name.
  await pausedEngine(original, team).close();
  original.close();
  cpSync(home, copied, { recursive: true });
  const stores = [openTempStore({ home }), openTempStore({ home: copied })] as const;
  const pushes = stores.map((store) => pausedEngine(store, team).push());
  for (const outcome of await Promise.all(pushes)) {
    expect(outcome).toMatchObject({ waiting: 0, set_aside: 0 });
  }
  expect(await differences(stores[0], team.admin)).toEqual([]);
});
