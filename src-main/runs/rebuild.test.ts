import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { derivedRun } from '../../test/support/derived-run';
import { byteServer, json } from '../../test/support/byte-server';
import { chatBody } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import { storeOptions } from '../../test/support/temp-store';
import { finishRun, openStore, rebuildRollups, type Store } from '../store';

const word = { variables: { word: 'hello' } };
const response_schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };

/** What a version that knew no better made of every answer: it succeeded, for a dollar. */
const OLDER = derivedRun({
  last_parse_attempt_at: '2026-01-01T00:00:00.000Z',
  cost_picodollars: 1_000_000_000_000n,
  latency_ms: 5,
});

/** A store with an empty answer, a priced one, a reviewed one and a probe; `older` has each as `OLDER` says. */
async function history() {
  const practice = await practiceCore();
  const { core } = practice;
  const connection_id = await connectionTo(
    core,
    await byteServer((socket) => socket.write(json(chatBody('')))),
  );
  const { template_id } = newTemplate(core);
  const strict = newTemplate(core, { response_schema });
  const run = async (input: Parameters<typeof core.runs.start>[0]) =>
    (await core.runs.start(input)).run.run_id;
  const empty = await run({ template_id, connection_id, model_id: 'm', ...word });
  const priced = await run({ template_id, ...word });
  const reviewed = await run({ template_id: strict.template_id, model_id: 'gpt-4o@invalidjson', ...word });
  await core.versions.ensure({ template_id, force: true });
  const probe = core.runs.list({ kind: 'probe', limit: 1 }).items[0]?.run_id ?? '';
  core.review.decide({ run_id: reviewed, action: 'dismiss', reason: 'prose' });
  const ids = [empty, priced, reviewed, probe];
  const now = ids.map((id) => core.runs.get({ run_id: id }));
  const timesOf = new Map(now.map((one) => [one.run_id, one]));
  const inStore = async (work: (store: Store) => void) => {
    await practice.core.close();
    const store = openStore(storeOptions({ home: practice.home }));
    work(store);
    store.close();
    return practice.reopen();
  };
  const older = () =>
    inStore((store) =>
      store.write((tx) => {
        for (const id of ids) {
          const { latency_ms, first_byte_ms } = timesOf.get(id) ?? OLDER;
          finishRun(tx, id, { ...OLDER, latency_ms: latency_ms ?? 0, first_byte_ms: first_byte_ms ?? 0 });
        }
      }),
    );
  return { practice, template_id, ids, empty, priced, reviewed, probe, now, inStore, older };
}

const page = (more: object = {}) => ({ dry_run: false, limit: 500, ...more });
const lasting = <T extends { parse_attempts: number; last_parse_attempt_at: string | null }>(run: T) => ({
  ...run,
  parse_attempts: 0,
  last_parse_attempt_at: null,
});
const sumsOf = (store: Store) => [
  store.read
    .prepare(
      `SELECT template_id, model_id, provider, simulated, h.hour, runs, succeeded, failed, unpriced, input_tokens,
         output_tokens, CAST(cost_picodollars AS TEXT) AS cost
       FROM run_hourly h JOIN rollup_series USING (series_id)
       WHERE runs <> 0 OR cost_picodollars <> 0 ORDER BY 1, 2, 3, 4, 5`,
    )
    .all(),
  store.read
    .prepare(
      `SELECT workspace_id, month, unpriced, CAST(cost_picodollars AS TEXT) AS cost FROM workspace_spend
       WHERE unpriced <> 0 OR cost_picodollars <> 0 ORDER BY 1, 2`,
    )
    .all(),
];

it('runs of older rules follow the present ones, with sums, audit log and reviews; the others are not written', async () => {
  const { ids, empty, priced, reviewed, now, older, inStore } = await history();
  const core = await older();
  const before = ids.map((id) => core.runs.get({ run_id: id }));
  expect(before.map(({ status, cost_usd }) => [status, Number(cost_usd)])).toEqual(
    ids.map(() => ['succeeded', 1]),
  );

  const dry = await core.runs.rebuild(page({ dry_run: true }));
  expect(dry).toMatchObject({ looked_at: 4, changed: 4, failed: 0, next_cursor: null, failures: [] });
  expect(dry.changes.map(({ run_id }) => run_id)).toEqual(ids);
  const columnsOf = (id: string) => dry.changes.find(({ run_id }) => run_id === id)?.columns;
  expect(columnsOf(empty)).toContainEqual({ name: 'status', from: 'succeeded', to: 'failed' });
  expect(columnsOf(empty)).toContainEqual({ name: 'failure_code', from: null, to: 'output_invalid' });
  const { cost_usd } = now.find(({ run_id }) => run_id === priced) ?? {};
  const formerly = before[0]?.cost_usd;
  expect(columnsOf(priced)).toContainEqual({ name: 'cost_usd', from: formerly, to: cost_usd });
  expect(columnsOf(reviewed)).toContainEqual({ name: 'requires_manual_review', from: false, to: true });
  expect(ids.map((id) => core.runs.get({ run_id: id }))).toEqual(before);

  expect(await core.runs.rebuild(page())).toEqual(dry);
  expect(ids.map((id) => lasting(core.runs.get({ run_id: id })))).toEqual(now.map(lasting));
  expect(core.review.list({ limit: 5 }).totals).toMatchObject({ open: 0, dismissed: 1 });
  expect(core.review.get({ run_id: reviewed })).toMatchObject({
    state: 'closed',
    reviews: [{ action: 'dismiss' }],
  });
  const report = await core.audit.verify();
  expect(report.problems).toEqual([]);

  // The second time there is nothing to write, and nothing is.
  const written = ids.map((id) => core.runs.get({ run_id: id }));
  expect(await core.runs.rebuild(page())).toMatchObject({ looked_at: 4, changed: 0, changes: [] });
  expect(ids.map((id) => core.runs.get({ run_id: id }))).toEqual(written);
  expect((await core.audit.verify()).entries).toBe(report.entries);

  await inStore((store) => {
    const kept = sumsOf(store);
    store.write(rebuildRollups);
    expect(sumsOf(store)).toEqual(kept);
  });
});

it('goes page by page, of one template or time, and stops between two runs', async () => {
  const { template_id, ids, empty, priced, probe, now, older } = await history();
  const core = await older();
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { changes, next_cursor } = await core.runs.rebuild(page({ dry_run: true, limit: 1, cursor }));
    seen.push(...changes.map(({ run_id }) => run_id));
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(ids);
  const idsOf = async (filter: object) =>
    (await core.runs.rebuild(page({ dry_run: true, ...filter }))).changes.map(({ run_id }) => run_id);
  expect(await idsOf({ template_id })).toEqual([empty, priced, probe]);
  const at = now[1]?.executed_at ?? '';
  expect(await idsOf({ to: at })).not.toContain(priced);
  expect(await idsOf({ from: at })).toContain(priced);
  await expect(core.runs.rebuild(page({ from: at, to: at }))).rejects.toThrow('later than from');
  await expect(core.runs.rebuild(page({ cursor: 'nonsense' }))).rejects.toThrow('cursor');

  const stopped = await core.runs.rebuild(page(), { signal: AbortSignal.abort() });
  expect(stopped).toMatchObject({ looked_at: 0, changed: 0 });
  const rest = await core.runs.rebuild(page({ cursor: stopped.next_cursor ?? '' }));
  expect(rest.changed).toBe(ids.length);
});

it('a damaged answer is told with its run and keeps no other from being read', async () => {
  const { practice, ids, priced, older } = await history();
  const core = await older();
  const db = new Database(join(practice.home, 'prompter.db'));
  for (const { name } of db
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'raw_responses'`,
    )
    .all())
    db.exec(`DROP TRIGGER ${name}`);
  db.prepare(
    `UPDATE raw_responses SET bytes = unhex('28b52ffd00'), encoding = 'zstd'
     WHERE attempt_id IN (SELECT attempt_id FROM attempts WHERE run_id = ?)`,
  ).run(priced);
  db.close();
  const rebuilt = await core.runs.rebuild(page());
  expect(rebuilt).toMatchObject({ looked_at: 4, changed: 3, failed: 1 });
  expect(rebuilt.changes.map(({ run_id }) => run_id)).toEqual(ids.filter((id) => id !== priced));
  expect(rebuilt.failures).toEqual([
    { run_id: priced, message: expect.stringContaining('damaged value: raw_responses.bytes') as string },
  ]);
});

it('a call in doubt stays in doubt', async () => {
  const { core } = await practiceCore();
  const { template_id } = newTemplate(core);
  const { run } = await core.runs.start({ template_id, model_id: 'gpt-4o@reset', ...word });
  expect(await core.runs.rebuild(page())).toMatchObject({ looked_at: 0, changed: 0, failed: 0 });
  expect(core.runs.get({ run_id: run.run_id })).toEqual(run);
});
