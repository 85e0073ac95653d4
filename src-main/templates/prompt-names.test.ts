import { expect, test } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';
import { batchRequestSchema, insightQuerySchema, isAppError, templateTitle } from '../../src-shared/domain';

const word = { variables: { word: 'hello' } };
const PAGE = { limit: 10 };

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A prompt with two versions and a trial, each run once, which was called "Draft mail" until now. */
async function renamed() {
  const { core } = await practiceCore();
  const first = newTemplate(core, { name: 'Draft mail' });
  const second = newTemplate(core, { name: 'Draft mail', parent_template_id: first.template_id });
  const trial = newTemplate(core, {
    name: 'Draft mail',
    parent_template_id: second.template_id,
    trial: true,
  });
  for (const { template_id } of [first, second, trial]) await core.runs.start({ template_id, ...word });
  await core.runs.prepareSearch();
  const { prompt_id } = first;
  core.prompts.update({ prompt_id, name: 'Customer reply', changed_by: 'Ada' });
  return { core, first, second, trial, prompt_id };
}

test('every answer about a template says what its prompt is called now, and what it was frozen under', async () => {
  const { core, first, second, trial } = await renamed();
  const { template_id } = second;
  const now = { name: 'Draft mail', prompt_name: 'Customer reply' };
  expect(core.templates.get({ template_id })).toMatchObject({ ...now, version_number: 2 });
  expect(core.templates.list({ include_archived: false, ...PAGE }).items).toMatchObject([now, now]);
  expect(core.templates.diff({ from: first.template_id, to: template_id })).toMatchObject({
    from: now,
    to: now,
  });
  expect(core.templates.lineage({ template_id: trial.template_id }).ancestors).toMatchObject([now, now]);
  expect(core.prompts.byName({ name: 'Customer reply', workspace_id: 'default', version: 2 })).toMatchObject(
    now,
  );
  expect(newTemplate(core, { name: 'Draft mail', parent_template_id: template_id })).toMatchObject(now);
  expect(
    core.prompts.get({
      prompt_id: newTemplate(core, { parent_template_id: template_id, fork: true }).prompt_id,
    }),
  ).toMatchObject({ forked_from: { name: 'Customer reply', version_number: 2 } });
});

test('runs, comparisons, costs and refusals speak of the version by that name', async () => {
  const { core, first, second } = await renamed();
  const { items } = core.runs.list(PAGE);
  expect(items.map(templateTitle)).toEqual([
    'Customer reply · trial',
    'Customer reply · v2',
    'Customer reply · v1',
  ]);
  expect(items[0]).toMatchObject({ template_name: 'Draft mail', template_trial: true });

  const { template_id } = first;
  const targets = [{ model_id: 'gpt-4o' }, { template_id: second.template_id, model_id: 'gpt-4o' }];
  const request = batchRequestSchema.parse({ targets, inputs: [{ word: 'hello' }] });
  const { batch_id } = await core.batches.start({ template_id, ...request });
  await core.batches.settled(batch_id);
  const named = { template_name: 'Draft mail', prompt_name: 'Customer reply' };
  expect(core.batches.get({ batch_id })).toMatchObject({
    ...named,
    targets: [
      { ...named, version_number: 1 },
      { ...named, version_number: 2 },
    ],
  });
  expect(core.batches.list(PAGE).items).toMatchObject([named]);

  const costs = core.insight.costs(insightQuerySchema.parse({ simulated: true, group_by: 'template' }));
  expect(costs.rows.map(({ label }) => label).toSorted()).toEqual([
    'Customer reply · trial',
    'Customer reply · v1',
    'Customer reply · v2',
  ]);

  const { name, user_prompt_template } = first;
  const same = { name, user_prompt_template };
  expect(messageOf(() => newTemplate(core, same))).toContain(
    '"Customer reply · v1" already has this configuration',
  );
  core.templates.archive({ template_id });
  const label = { template_id, label: 'production', moved_by: null };
  expect(messageOf(() => core.templates.setLabel(label))).toContain('"Customer reply · v1" is archived');
  expect(await core.audit.verify()).toMatchObject({ ok: true, problem_count: 0 });
});

test('the search for runs finds them by that name, and no longer by the one before', async () => {
  const { core, first, prompt_id } = await renamed();
  const found = async (q: string): Promise<number> => {
    await core.runs.prepareSearch();
    const { items, unsearched } = core.runs.list({ q, ...PAGE });
    expect(unsearched).toBe(0);
    return items.length;
  };
  expect(await found('customer reply')).toBe(3);
  expect(await found('draft mail')).toBe(0);
  expect(await found('customer trial')).toBe(1);
  // By a new version's name too, while nobody has renamed the prompt.
  core.prompts.update({ prompt_id, name: null, changed_by: null });
  expect(await found('draft mail')).toBe(3);
  newTemplate(core, { name: 'Refunds', parent_template_id: first.template_id });
  expect(await found('refunds')).toBe(3);
  expect(await found('draft mail')).toBe(0);
});

test('until a prompt has a version, each trial is called as it was when it was run', async () => {
  const { core } = await practiceCore();
  const first = newTemplate(core, { name: 'Untitled', trial: true });
  const later = newTemplate(core, {
    name: 'Walnut cake',
    trial: true,
    parent_template_id: first.template_id,
  });
  await core.runs.start({ template_id: later.template_id, ...word });
  const titles = () => core.runs.list(PAGE).items.map(templateTitle);
  expect(titles()).toEqual(['Walnut cake · trial']);
  core.prompts.update({ prompt_id: first.prompt_id, name: 'Cakes', changed_by: null });
  expect(titles()).toEqual(['Cakes · trial']);
  core.prompts.update({ prompt_id: first.prompt_id, name: null, changed_by: null });
  newTemplate(core, { name: 'Nut cake', parent_template_id: later.template_id });
  expect(titles()).toEqual(['Nut cake · trial']);
});
