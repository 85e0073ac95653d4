import { expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';
import { insightQuerySchema } from '../../src-shared/domain';

const word = { variables: { word: 'hello' } };

it('trials run like any template; their runs are found by prompt, and by the version that they become', async () => {
  const { core } = await practiceCore();
  const start = async (template_id: string) => (await core.runs.start({ template_id, ...word })).run.run_id;
  const idsOf = (template_id: string, scope: 'template' | 'configuration' | 'trials') =>
    core.runs.listOfTemplate({ template_id, scope, limit: 10 }).items.map(({ run_id }) => run_id);

  const text = { name: 'Greeting', user_prompt_template: 'Say {{ word }}, please.' };
  const first = newTemplate(core, { ...text, trial: true });
  const later = newTemplate(core, {
    ...text,
    user_prompt_template: 'Shout {{ word }}.',
    trial: true,
    parent_template_id: first.template_id,
  });
  expect(later).toMatchObject({ prompt_id: first.template_id, version_number: null });
  const firstRun = await start(first.template_id);
  const laterRun = await start(later.template_id);

  // The same configuration frozen: a version of that prompt, which shows what its trial answered.
  const version = newTemplate(core, { ...text, parent_template_id: first.template_id });
  expect(version).toMatchObject({ prompt_id: first.template_id, version_number: 1, trial: false });
  const versionRun = await start(version.template_id);
  expect(idsOf(version.template_id, 'template')).toEqual([versionRun]);
  expect(idsOf(version.template_id, 'configuration')).toEqual([versionRun, firstRun]);
  expect(idsOf(first.template_id, 'configuration')).toEqual([versionRun, firstRun]);
  expect(idsOf(version.template_id, 'trials')).toEqual([laterRun, firstRun]);
  // Another prompt has none of them.
  expect(idsOf(newTemplate(core).template_id, 'trials')).toEqual([]);

  // Two pages make the whole.
  const page = core.runs.listOfTemplate({ template_id: version.template_id, scope: 'trials', limit: 1 });
  const rest = core.runs.listOfTemplate({
    template_id: version.template_id,
    scope: 'trials',
    limit: 1,
    cursor: page.next_cursor ?? '',
  });
  expect([...page.items, ...rest.items].map(({ run_id }) => run_id)).toEqual([laterRun, firstRun]);
  expect(rest.next_cursor).toBeNull();
});

it('lists, sums and the search say that a run is of a draft; no list of templates has it', async () => {
  const { core } = await practiceCore();
  const { template_id } = newTemplate(core, { name: 'Walnut cake', trial: true });
  await core.runs.start({ template_id, ...word });
  await core.runs.start({ template_id: newTemplate(core, { name: 'Plum cake' }).template_id, ...word });

  expect(core.runs.list({ limit: 10 }).items).toMatchObject([
    { template_name: 'Plum cake', template_trial: false },
    { template_name: 'Walnut cake', template_trial: true },
  ]);
  await core.runs.prepareSearch();
  const named = (q: string) =>
    core.runs.list({ q, limit: 10 }).items.map(({ template_name }) => template_name);
  expect(named('walnut draft')).toEqual(['Walnut cake']);
  expect(named('plum draft')).toEqual([]);

  const costs = core.insight.costs(insightQuerySchema.parse({ simulated: true, group_by: 'template' }));
  expect(costs.rows.map(({ label }) => label).toSorted()).toEqual(['Plum cake · v1', 'Walnut cake · trial']);
  const { items, total } = core.templates.list({ include_archived: true, limit: 10 });
  expect([items.map(({ name }) => name), total]).toEqual([['Plum cake'], 1]);
  expect(await core.system.status()).toMatchObject({ templates: 1, runs: 2 });
});
