import { applyPatch } from 'rfc6902';
import { expect, test } from 'vitest';
import { newTemplate, practiceCore } from '../../../test/support/practice-core';
import { batchRequestSchema, isAppError } from '../../../src-shared/domain';

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const PAGE = { limit: 50 };
const IN = { workspace_id: 'default' };

test('the history is a tree with notes, labels, runs and cost; trials are counted, and listed on demand', async () => {
  const { core } = await practiceCore();
  const first = newTemplate(core, { name: 'triage', message: 'first try', created_by: 'Ada' });
  const child = { parent_template_id: first.template_id };
  const second = newTemplate(core, { name: 'triage', ...child, message: 'shorter' });
  const third = newTemplate(core, { name: 'triage', ...child, message: 'from the first again' });
  const trial = newTemplate(core, { name: 'triage', ...child, trial: true });
  const fork = newTemplate(core, {
    name: 'triage for mail',
    parent_template_id: second.template_id,
    fork: true,
  });
  core.templates.setLabel({ template_id: second.template_id, label: 'production', moved_by: 'Ada' });
  for (const { template_id } of [second, second, trial]) {
    await core.runs.start({ template_id, variables: { word: 'hello' } });
  }

  const { prompt_id } = first;
  const history = core.prompts.history({ prompt_id, include_trials: false, ...PAGE });
  expect(history.trials).toBe(1);
  expect(history.items).toMatchObject([
    {
      template_id: third.template_id,
      version_number: 3,
      parent_version_number: 1,
      runs: 0,
      last_run_at: null,
    },
    {
      template_id: second.template_id,
      version_number: 2,
      parent_version_number: 1,
      message: 'shorter',
      labels: ['production'],
      runs: 2,
      simulated_runs: 2,
      cost_usd: '0',
    },
    { version_number: 1, parent_version_number: null, message: 'first try', created_by: 'Ada' },
  ]);
  expect(core.prompts.history({ prompt_id, include_trials: true, ...PAGE }).items[0]).toMatchObject({
    template_id: trial.template_id,
    trial: true,
    version_number: null,
    runs: 1,
  });
  expect(core.prompts.get({ prompt_id })).toMatchObject({
    versions: 3,
    trials: 1,
    runs: 3,
    forked_from: null,
  });
  expect(core.prompts.get({ prompt_id: fork.prompt_id })).toMatchObject({
    forked_from: { prompt_id, template_id: second.template_id, name: 'triage', version_number: 2 },
  });
  expect(await codeOf(() => core.prompts.get({ prompt_id: second.template_id }))).toBe('NOT_FOUND');
});

test('without statistics runs are unknown, and no list is sorted by them', async () => {
  const { core } = await practiceCore({ env: { PROMPTER_EXECUTION_LOG_DISABLED: 'true' } });
  const { template_id, prompt_id } = newTemplate(core);
  await core.runs.start({ template_id, variables: { word: 'hello' } });
  expect(core.prompts.get({ prompt_id })).toMatchObject({ runs: null, cost_usd: null, last_run_at: null });
  const filter = { include_archived: false, include_inactive: false, ...PAGE };
  expect(core.prompts.list({ ...filter, sort: 'name' }).items).toHaveLength(1);
  expect(await codeOf(() => core.prompts.list({ ...filter, sort: '-runs' }))).toBe('STATISTICS_OFF');
});

test('a name and label lead to the version they point to; what cannot be decided is refused', async () => {
  const { core } = await practiceCore();
  const first = newTemplate(core, { name: 'triage' });
  const second = newTemplate(core, { name: 'triage', parent_template_id: first.template_id });
  const by = (given: { label?: string; version?: 'latest' | number } = {}) =>
    core.prompts.byName({ name: 'triage', ...IN, ...given });
  expect(await codeOf(() => by())).toBe('NOT_FOUND');
  core.templates.setLabel({ template_id: first.template_id, label: 'production', moved_by: null });
  core.templates.setLabel({ template_id: second.template_id, label: 'draft', moved_by: null });
  expect(by()).toMatchObject({ template_id: first.template_id, label: 'production', prompt_name: 'triage' });
  expect(by({ label: 'draft' }).template_id).toBe(second.template_id);
  expect(by({ version: 'latest' })).toMatchObject({ template_id: second.template_id, label: null });
  expect(by({ version: 1 }).template_id).toBe(first.template_id);
  expect(await codeOf(() => by({ version: 3 }))).toBe('NOT_FOUND');
  expect(await codeOf(() => by({ version: 1, label: 'draft' }))).toBe('VALIDATION_FAILED');
  expect(await codeOf(() => core.prompts.byName({ name: 'Triage', ...IN }))).toBe('NOT_FOUND');
  expect(await codeOf(() => core.prompts.byName({ name: 'triage', workspace_id: 'other' }))).toBe(
    'NOT_FOUND',
  );

  const twin = newTemplate(core, { name: 'triage' });
  expect(await codeOf(() => by())).toBe('PROMPT_AMBIGUOUS');
  core.prompts.update({ prompt_id: twin.prompt_id, active: false, changed_by: null });
  expect(by().template_id).toBe(first.template_id);

  const archive = () => core.templates.archive({ template_id: first.template_id });
  expect(await codeOf(archive)).toBe('TEMPLATE_LABELLED');
  expect(by().template_id).toBe(first.template_id);
  core.templates.removeLabel({ template_id: first.template_id, label: 'production', moved_by: null });
  archive();
  expect(await codeOf(() => by({ version: 1 }))).toBe('VALIDATION_FAILED');
});

test('an inactive prompt is neither run nor compared nor fetched by label, stays readable, and comes back', async () => {
  const { core, requests } = await practiceCore();
  const template = newTemplate(core, { name: 'triage' });
  const { template_id, prompt_id } = template;
  core.templates.setLabel({ template_id, label: 'production', moved_by: null });
  const run = () => core.runs.start({ template_id, variables: { word: 'hello' } });
  const compare = () =>
    core.batches.start({
      template_id,
      ...batchRequestSchema.parse({
        targets: [{ provider: 'practice-openai', model_id: 'gpt-4o' }],
        inputs: [{ word: 'hello' }],
      }),
    });
  await run();
  const before = requests().length;

  core.prompts.update({ prompt_id, active: false, changed_by: 'Ada' });
  for (const use of [
    run,
    compare,
    () => core.versions.ensure({ template_id, force: true }),
    () => core.prompts.byName({ name: 'triage', ...IN }),
  ]) {
    expect(await codeOf(use)).toBe('PROMPT_INACTIVE');
  }
  // Its children belong to the same prompt.
  const child = newTemplate(core, { name: 'triage', parent_template_id: template_id });
  expect(
    await codeOf(() => core.runs.start({ template_id: child.template_id, variables: { word: 'x' } })),
  ).toBe('PROMPT_INACTIVE');
  expect(requests()).toHaveLength(before);
  expect(core.templates.get({ template_id }).name).toBe('triage');
  expect(core.prompts.get({ prompt_id })).toMatchObject({ active: false, runs: 1 });

  core.prompts.update({ prompt_id, active: true, changed_by: 'Eve' });
  expect((await run()).run.status).toBe('succeeded');
});

test('a new name and a change of activity are a record each, and nothing is recorded where nothing changes', async () => {
  const { core } = await practiceCore();
  const { prompt_id, template_id } = newTemplate(core, { name: 'triage' });
  core.prompts.update({ prompt_id, name: 'Refunds', active: false, changed_by: 'Ada' });
  core.prompts.update({ prompt_id, name: 'Refunds', active: false, changed_by: 'Eve' });
  expect(core.prompts.get({ prompt_id })).toMatchObject({
    name: 'Refunds',
    active: false,
    changes: [
      { name: 'Refunds', active: false, changed_by: 'Ada' },
      { name: 'Refunds', active: true, changed_by: 'Ada' },
    ],
  });
  expect(core.templates.get({ template_id }).name).toBe('triage');
  newTemplate(core, { name: 'another name', parent_template_id: template_id });
  expect(core.prompts.get({ prompt_id }).name).toBe('Refunds');
  core.prompts.update({ prompt_id, name: null, changed_by: null });
  expect(core.prompts.get({ prompt_id }).name).toBe('another name');
  expect(await core.audit.verify()).toMatchObject({ ok: true, problem_count: 0 });
});

test('each move of a label is in the history of its prompt, newest first', async () => {
  const { core } = await practiceCore();
  const first = newTemplate(core, { name: 'triage' });
  const second = newTemplate(core, { name: 'triage', parent_template_id: first.template_id });
  const other = newTemplate(core, { name: 'other' });
  const set = (template_id: string) =>
    core.templates.setLabel({ template_id, label: 'production', moved_by: 'Ada' });
  set(first.template_id);
  set(other.template_id);
  set(second.template_id);
  core.templates.removeLabel({ template_id: second.template_id, label: 'production', moved_by: null });
  const { items } = core.prompts.labels({ prompt_id: first.prompt_id, ...PAGE });
  expect(items.map(({ version_number, moved_by }) => [version_number, moved_by])).toEqual([
    [null, null],
    [2, 'Ada'],
    [1, 'Ada'],
  ]);
  const page = core.prompts.labels({ prompt_id: first.prompt_id, limit: 2 });
  const rest = core.prompts.labels({ prompt_id: first.prompt_id, limit: 2, cursor: page.next_cursor ?? '' });
  expect([...page.items, ...rest.items]).toEqual(items);
});

test('two versions differ by words in their texts and by structure in the rest, as RFC 6902 applies it', async () => {
  const { core } = await practiceCore();
  const first = newTemplate(core, {
    name: 'triage',
    user_prompt_template: 'Answer {{ word }} in ten words.',
    inference_params: { temperature: 0.2, stop: ['a', 'b', 'c'] },
    tags: ['mail'],
  });
  const second = newTemplate(core, {
    name: 'triage',
    parent_template_id: first.template_id,
    user_prompt_template: 'Answer {{ word }} in five words.',
    inference_params: { temperature: 0.4, stop: ['b', 'c'], 'a/b~c': true },
    model_id: 'gpt-4o-mini',
    tags: ['mail'],
  });
  const diff = core.templates.diff({ from: first.template_id, to: second.template_id });
  expect(diff).toMatchObject({
    same_configuration: false,
    from: { version_number: 1 },
    to: { version_number: 2 },
  });
  expect(diff.texts).toEqual([
    {
      path: '/user_prompt_template',
      changes: [
        { kind: 'same', text: 'Answer {{ word }} in ' },
        { kind: 'removed', text: 'ten' },
        { kind: 'added', text: 'five' },
        { kind: 'same', text: ' words.' },
      ],
    },
  ]);
  const state = structuredClone({ model_id: first.model_id, inference_params: first.inference_params });
  applyPatch(
    state,
    diff.patch.map(({ op, path, value }) => ({ op, path, value }) as never),
  );
  expect(state).toEqual({ model_id: second.model_id, inference_params: second.inference_params });
  expect(diff.patch).toContainEqual({
    op: 'replace',
    path: '/model_id',
    before: 'gpt-4o',
    value: 'gpt-4o-mini',
  });
  expect(diff.patch).toContainEqual({ op: 'remove', path: '/inference_params/stop/0', before: 'a' });

  const same = core.templates.diff({ from: first.template_id, to: first.template_id });
  expect(same).toMatchObject({ same_configuration: true, texts: [], patch: [] });
});

test('conversations differ message by message: texts of equal role by words, other messages by structure', async () => {
  const { core } = await practiceCore();
  const messages = (answer: string) => [
    { role: 'system' as const, content: 'Be brief.' },
    { role: 'user' as const, content: 'An example' },
    { role: 'assistant' as const, content: answer },
    { role: 'user' as const, content: '{{ word }}' },
  ];
  const none = { user_prompt_template: undefined };
  const first = newTemplate(core, { ...none, messages: messages('It is short.') });
  const second = newTemplate(core, { ...none, messages: messages('It is long.').slice(0, 3), fork: false });
  const diff = core.templates.diff({ from: first.template_id, to: second.template_id });
  expect(diff.texts).toMatchObject([
    {
      path: '/messages/2/content',
      changes: [{ kind: 'same' }, { kind: 'removed' }, { kind: 'added' }, { kind: 'same' }],
    },
  ]);
  expect(diff.patch.filter(({ path }) => path.startsWith('/messages'))).toEqual([
    { op: 'remove', path: '/messages/3', before: { role: 'user', content: '{{ word }}' } },
  ]);
});
