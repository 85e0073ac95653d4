import { hash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createAudit, createSealing } from '../../src-main/audit';
import { createLongReads } from '../../src-main/core/long-reads';
import { openStore, restoreStore } from '../../src-main/store';
import { newTemplate, practiceCore } from '../support/practice-core';
import { createTestLogger, storeOptions, testIds } from '../support/temp-store';
import { memoryKeychain } from '../support/audit/audit-history';
import { temporaryFolder } from '../support/temporary';

/** Every row of every table, as one hash by table, with how many there are. */
function contents(path: string): Record<string, { rows: number; sha256: string }> {
  const db = new Database(path, { readonly: true });
  try {
    const tables = db
      .prepare<[], { name: string }>(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND sql NOT LIKE 'CREATE VIRTUAL%'`,
      )
      .all();
    return Object.fromEntries(
      tables.map(({ name }) => {
        const rows = db.prepare(`SELECT * FROM "${name}"`).raw().all();
        const lines = rows.map((row) => JSON.stringify(row)).toSorted();
        return [name, { rows: rows.length, sha256: hash('sha256', lines.join('\n')) }];
      }),
    );
  } finally {
    db.close();
  }
}

it('20 backups that are made while runs are written are each whole, and restore with the same rows', async () => {
  const practice = await practiceCore();
  const { core } = practice;
  const { template_id } = newTemplate(core);
  const { batch_id } = await core.batches.start({
    template_id,
    targets: [{ provider: 'practice-openai', model_id: 'gpt-4o' }],
    inputs: Array.from({ length: 3000 }, (_, index) => ({ word: `word ${index}` })),
    replicates: 1,
    drift_policy: 'record',
    stream: false,
    concurrency: 8,
  });
  const made = [];
  for (let time = 0; time < 20; time += 1) made.push(await core.backups.create());
  // They were made while something was going on, not after it.
  const runs = made.map(({ rows }) => rows['runs'] ?? 0);
  expect(new Set(runs).size).toBeGreaterThan(5);
  expect(runs).toEqual(runs.toSorted((a, b) => a - b));
  expect(core.backups.list()).toMatchObject({ running: null, items: { length: 20 } });
  if (core.batches.get({ batch_id }).status === 'running') core.batches.pause({ batch_id });
  await core.batches.settled(batch_id);

  for (const { path, rows } of made) {
    const before = contents(path);
    expect(Object.fromEntries(Object.entries(before).map(([table, each]) => [table, each.rows]))).toEqual(
      rows,
    );
    const home = join(temporaryFolder(), 'home');
    await restoreStore({
      home,
      file: path,
      clock: { now: Date.now, monotonic: Date.now },
      previousHead: () => null,
      checkLog: () => Promise.resolve(),
    });
    const { settings: restored, ...after } = contents(join(home, 'prompter.db'));
    const { settings, ...same } = before;
    expect(after).toEqual(same);
    expect(restored?.rows).toBe((settings?.rows ?? 0) + 1);
    expect(contents(path)).toEqual(before);
  }

  // The log of what was restored holds, too.
  const home = join(temporaryFolder(), 'home');
  const { path = '' } = made[10] ?? {};
  await restoreStore({
    home,
    file: path,
    clock: { now: Date.now, monotonic: Date.now },
    previousHead: () => null,
    checkLog: () => Promise.resolve(),
  });
  const options = storeOptions({ home });
  const store = openStore(options);
  const audit = await createAudit({
    store,
    vault: memoryKeychain(),
    clock: options.clock,
    ids: testIds,
    logger: createTestLogger(),
    sealing: createSealing(),
    home,
    longReads: createLongReads(store.info.path),
  });
  const { problems } = await audit.verify();
  expect(problems).toEqual([]);
  await audit.close();
  store.close();
});
