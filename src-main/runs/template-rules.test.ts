import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';
import { batchRequestSchema, newTemplateSchema, runRequestSchema } from '../../src-shared/domain';

const word = { variables: { word: 'hello' } };
const plan = (more: object = {}) =>
  batchRequestSchema.parse({ targets: [{ model_id: 'gpt-4o' }], inputs: [{ word: 'a' }], ...more });

it('a template that asks for a location signal is run by nobody without it; its model can be probed', async () => {
  const { core, requests } = await practiceCore();
  const { template_id } = newTemplate(core, { als: true });
  const refused = { code: 'ALS_UNSUPPORTED', data: { field: 'als' } };
  await expect(core.runs.start({ template_id, ...word })).rejects.toMatchObject(refused);
  await expect(core.batches.start({ template_id, ...plan() })).rejects.toMatchObject(refused);
  await expect(core.batches.estimate({ template_id, ...plan() })).rejects.toMatchObject(refused);
  expect(requests()).toEqual([]);
  expect(core.runs.list({ template_id, limit: 1 }).items).toEqual([]);
  expect(await core.versions.ensure({ template_id, force: false })).toMatchObject({ verified: true });
});

it('nor is a comparison of such a template resumed that an earlier version had begun', async () => {
  const practice = await practiceCore();
  const { template_id } = newTemplate(practice.core);
  const slow = { targets: [{ provider: 'practice-openai', model_id: 'gpt-4o@latency=5' }], concurrency: 1 };
  const inputs = Array.from({ length: 20 }, (_, index) => ({ word: `word ${index}` }));
  const { batch_id } = await practice.core.batches.start({ template_id, ...plan({ ...slow, inputs }) });
  practice.core.batches.pause({ batch_id });
  await practice.core.batches.settled(batch_id);
  await practice.core.close();
  const db = new Database(join(practice.home, 'prompter.db'));
  for (const name of db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'templates'`)
    .pluck()
    .all())
    db.exec(`DROP TRIGGER ${name}`);
  db.exec('UPDATE templates SET als = 1');
  db.close();
  const sent = practice.requests().length;
  const core = await practice.reopen();
  expect(() => core.batches.resume({ batch_id, retry_unknown: false })).toThrow(
    expect.objectContaining({ code: 'ALS_UNSUPPORTED' }),
  );
  expect(core.batches.get({ batch_id }).status).toBe('paused');
  expect(practice.requests()).toHaveLength(sent);
});

it('a country is one that exists, in whatever case it is written', () => {
  expect(runRequestSchema.parse({ country: ' ch ' }).country).toBe('CH');
  expect(plan({ locales: ['de', 'Ch'] }).locales).toEqual(['DE', 'CH']);
  const template = { name: 'n', model_id: 'm', country_set: [' us'] };
  expect(newTemplateSchema.parse(template).country_set).toEqual(['US']);
  for (const country of ['ZZZZ', 'ZZ', 'EU', 'UK', 'Germany', '', 'DEU']) {
    expect(runRequestSchema.safeParse({ country }).error?.issues[0]?.path).toEqual(['country']);
    expect(() => plan({ locales: ['DE', country] })).toThrow('ISO 3166-1');
    expect(newTemplateSchema.safeParse({ ...template, country_set: [country] }).success).toBe(false);
  }
});

it('a run is for one of the countries of its template, where that has any', async () => {
  const { core, requests } = await practiceCore();
  const { template_id } = newTemplate(core, { country_set: ['CH', 'US'] });
  await expect(core.runs.start({ template_id, ...word, country: 'DE' })).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    data: { fields: [{ path: 'country', message: "DE is not one of the template's countries (CH, US)" }] },
  });
  await expect(core.batches.start({ template_id, ...plan({ locales: ['CH', 'FR'] }) })).rejects.toMatchObject(
    { data: { fields: [{ path: 'locales.1' }] } },
  );
  expect(requests()).toEqual([]);
  expect((await core.runs.start({ template_id, ...word, country: 'CH' })).run).toMatchObject({
    status: 'succeeded',
    country: 'CH',
  });
  const { template_id: anywhere } = newTemplate(core);
  expect((await core.runs.start({ template_id: anywhere, ...word, country: 'DE' })).run.country).toBe('DE');
});

it('what a model id says of its model does not depend on its case; it is sent as it was given', async () => {
  const { core, requests } = await practiceCore();
  const { template_id } = newTemplate(core, { provider: null, model_id: 'gpt-4o' });
  const run = async (model_id: string) =>
    (
      await core.runs.start({
        template_id,
        ...word,
        model_id,
        provider: 'practice-openai',
        inference_params: { max_tokens: 50 },
      })
    ).run;
  for (const [given, plain] of [
    ['O3', 'o3'],
    ['GPT-4o', 'gpt-4o'],
    [' GPT-4o-Mini', 'gpt-4o-mini'],
  ] as const) {
    const [upper, lower] = [await run(given.trim()), await run(plain)];
    expect(upper).toMatchObject({ status: 'succeeded', model_id: given.trim() });
    expect(upper.price_snapshot).toEqual(lower.price_snapshot);
    expect(upper.price_snapshot).not.toBeNull();
  }
  expect(new Set(requests().map(({ model }) => model))).toEqual(
    new Set(['O3', 'o3', 'GPT-4o', 'gpt-4o', 'GPT-4o-Mini', 'gpt-4o-mini']),
  );
});
