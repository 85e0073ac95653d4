import { expect, it } from 'vitest';
import { byteServer, json } from '../../test/support/byte-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import { insightQuerySchema, latencyQuerySchema } from '../../src-shared/domain';

const word = { variables: { word: 'hello' } };

it('a probe is in the version history and counts as no run anywhere; what it costs is said apart', async () => {
  const { core } = await practiceCore();
  const { template_id } = newTemplate(core);
  await core.versions.ensure({ template_id, force: true });
  await core.runs.start({ template_id, ...word });
  // An idempotency key that only looks like a probe's makes none.
  await core.runs.start({ template_id, ...word, idempotency_key: 'probe:mine' });

  const [probe, ...others] = core.runs.list({ kind: 'probe', limit: 10 }).items;
  expect(others).toEqual([]);
  const { provider_version_key } = core.runs.get({ run_id: probe?.run_id ?? '' });
  expect(core.versions.list({ template_id }).items).toMatchObject([{ provider_version_key }]);

  for (const filter of [{}, { template_id }, { status: 'succeeded' as const }, { model: 'gpt' }]) {
    const kinds = core.runs.list({ ...filter, limit: 10 }).items.map(({ kind }) => kind);
    expect(kinds).toEqual(['run', 'run']);
  }
  expect(await core.system.status()).toMatchObject({ runs: 2 });
  const query = insightQuerySchema.parse({ simulated: true });
  expect(core.insight.costs(query)).toMatchObject({
    totals: { runs: 2 },
    probes: { calls: 1, unpriced: 0, cost_usd: expect.stringMatching(/^0\.0+\d+$/) },
  });
  expect(core.insight.errors(query).totals).toMatchObject({ runs: 2, succeeded: 2, answered: 2 });
  expect(core.insight.latency(latencyQuerySchema.parse({ simulated: true })).totals.answered).toBe(2);
  expect((core.insight.lifetime() ?? []).reduce((sum, { runs }) => sum + runs, 0)).toBe(2);
});

it('a probe that ends in doubt, or whose answer cannot be read, waits for nobody', async () => {
  const { core } = await practiceCore();
  const url = await byteServer((socket, count) =>
    count === 1 ? socket.end('no HTTP') : socket.write(json('no JSON')),
  );
  const connection_id = await connectionTo(core, url);
  const { template_id } = newTemplate(core, { response_schema: { type: 'object' } });
  for (const status of ['outcome_unknown', 'failed']) {
    await core.versions.ensure({ template_id, connection_id, force: true }).catch(() => undefined);
    expect(core.runs.list({ kind: 'probe', limit: 1 }).items).toMatchObject([{ status }]);
  }
  expect(core.review.list({ limit: 5 })).toMatchObject({ items: [], totals: { open: 0 } });
  expect(await core.system.status()).toMatchObject({ runs: 0, outcome_unknown: 0 });
});

it('a list of runs is narrowed by how model ids begin and by cost', async () => {
  const { core } = await practiceCore();
  const { template_id } = newTemplate(core);
  for (const model_id of ['gpt-4o', 'gpt-4o-mini', 'GPT-4.1', 'made-up_model', 'gpt-4o@status=500']) {
    await core.runs.start({ template_id, model_id, ...word });
  }
  const models = (filter: object) =>
    core.runs.list({ ...filter, limit: 10 }).items.map(({ model_id }) => model_id);

  // In any case, and whatever LIKE means by their letters.
  expect(models({ model: 'gpt-4o-' })).toEqual(['gpt-4o-mini']);
  expect(models({ model: 'Gpt-4.' })).toEqual(['GPT-4.1']);
  expect(models({ model: 'made-up_' })).toEqual(['made-up_model']);
  expect(models({ model: 'made_up' })).toEqual([]);
  expect(models({ model: '%' })).toEqual([]);

  // Both ends included; a cost that is not known is in no range.
  const priced = core.runs.list({ limit: 10 }).items.flatMap(({ cost_usd }) => cost_usd ?? []);
  const sorted = priced.toSorted((a, b) => Number(a) - Number(b));
  const [least = '', most = ''] = [sorted[0], sorted.at(-1)];
  expect(models({ min_cost_usd: '0' })).toHaveLength(priced.length);
  expect(models({ min_cost_usd: least, max_cost_usd: least })).toEqual(['gpt-4o-mini']);
  expect(models({ min_cost_usd: most })).not.toContain('gpt-4o-mini');
  expect(models({ max_cost_usd: '999999' })).not.toContain('made-up_model');

  const filter = { model: 'gpt', min_cost_usd: '0' };
  const first = core.runs.list({ ...filter, limit: 1 });
  const second = core.runs.list({ ...filter, limit: 10, cursor: first.next_cursor ?? '' });
  const all = core.runs.list({ ...filter, limit: 10 });
  expect([...first.items, ...second.items]).toEqual(all.items);
});

it('a list of runs is narrowed by how a run id begins, together with anything else', async () => {
  const { core } = await practiceCore();
  const { template_id } = newTemplate(core);
  const { run } = await core.runs.start({ template_id, ...word });
  await core.runs.start({ template_id, ...word });
  const found = (filter: object) =>
    core.runs.list({ ...filter, limit: 10 }).items.map(({ run_id }) => run_id);
  expect(found({ run_id_prefix: run.run_id })).toEqual([run.run_id]);
  expect(found({ run_id_prefix: run.run_id.slice(0, -1) })).toEqual([run.run_id]);
  expect(found({ run_id_prefix: run.run_id, status: 'failed' })).toEqual([]);
  expect(found({ run_id_prefix: 'ffffffff' })).toEqual([]);
  await core.runs.prepareSearch();
  expect(found({ run_id_prefix: run.run_id.slice(0, -1), q: 'hello' })).toEqual([run.run_id]);
});

it('a list of runs is searched: names, prompts and outputs, of whatever changed since', async () => {
  const { core } = await practiceCore();
  const { template_id } = newTemplate(core, { name: 'Zürcher Anfragen' });
  const other = newTemplate(core, { name: 'Other' });
  const run = async (id: string, text: string) =>
    (await core.runs.start({ template_id: id, variables: { word: text } })).run;
  const [first, second] = [await run(template_id, 'walnut pastry'), await run(other.template_id, 'granite')];
  const found = async (q: string, more: object = {}) => {
    await core.runs.prepareSearch();
    const { items, unsearched } = core.runs.list({ q, limit: 10, ...more });
    expect(unsearched).toBe(0);
    return items.map(({ run_id }) => run_id);
  };
  expect(await found('pastry WALNUT')).toEqual([first.run_id]);
  // A probe of the template has its name, too, and is no run.
  await core.versions.ensure({ template_id, force: true });
  expect(await found('zurcher')).toEqual([first.run_id]);
  expect(await found('gran')).toEqual([second.run_id]);
  expect(await found('gran', { template_id })).toEqual([]);
  expect(await found('granite walnut')).toEqual([]);
  expect(await found('"nowhere ( *')).toEqual([]);
  expect(await found('?!')).toEqual([]);
  const outputWord = /[a-z]{6,}/i.exec(second.output_text ?? '')?.[0] ?? '';
  expect(await found(outputWord)).toContain(second.run_id);

  const third = await run(template_id, 'walnut shells');
  core.runs.reparse({ run_id: first.run_id });
  expect(core.runs.list({ q: 'walnut', limit: 10 }).unsearched).toBe(2);
  expect(await found('walnut')).toEqual([third.run_id, first.run_id]);
});
