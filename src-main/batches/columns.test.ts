import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { targetNames } from '../../src-shared/domain';
import { newTemplate, practiceCore } from '../../test/support/practice-core';
import type { Core } from '../ports';

type BatchInput = Parameters<Core['batches']['start']>[0];

const MODEL = { provider: 'practice-openai', model_id: 'gpt-4o' };
const why = { note: null, pinned_by: null };

function plan(
  template_id: string,
  targets: BatchInput['targets'],
  more: Partial<BatchInput> = {},
): BatchInput {
  const inputs = [{ word: 'one' }, { word: 'two' }];
  return { template_id, targets, inputs, replicates: 1, drift_policy: 'record', stream: false, ...more };
}

async function settled(core: Core, input: BatchInput) {
  const started = await core.batches.start(input);
  await core.batches.settled(started.batch_id);
  return { started, batch: core.batches.get({ batch_id: started.batch_id }) };
}

/** Two versions of a prompt. */
function versions(core: Core, later: Partial<Parameters<Core['templates']['create']>[0]> = {}) {
  const first = newTemplate(core, { name: 'Greeting', user_prompt_template: 'Greet {{ word }}.' });
  const second = newTemplate(core, {
    name: 'Greeting',
    user_prompt_template: 'Greet {{ word }} warmly.',
    parent_template_id: first.template_id,
    ...later,
  });
  return { first, second };
}

describe('a column of a comparison', () => {
  it('is a version, a model and parameters: each cell is a run of its own column', async () => {
    const { core, requests } = await practiceCore();
    const { first, second } = versions(core);
    const { batch } = await settled(
      core,
      plan(second.template_id, [
        { ...MODEL, template_id: first.template_id },
        {},
        { ...MODEL, model_id: 'gpt-4o-mini', inference_params: { temperature: 0.1 } },
      ]),
    );
    expect(batch).toMatchObject({
      status: 'completed',
      total: 6,
      template_id: second.template_id,
      targets: [
        { ...MODEL, template_id: first.template_id, template_name: 'Greeting', version_number: 1 },
        { ...MODEL, template_id: second.template_id, version_number: 2, inference_params: {} },
        { template_id: second.template_id, model_id: 'gpt-4o-mini', inference_params: { temperature: 0.1 } },
      ],
      left_out: [],
      variables: ['word'],
    });
    expect(batch.target_totals.map(({ finished }) => finished)).toEqual([2, 2, 2]);
    const { items } = core.batches.runs({ batch_id: batch.batch_id, limit: 10 });
    const runs = items.map(({ run_id }) => core.runs.get({ run_id }));
    expect(runs.map((run) => [run.template_id, run.model_id, run.rendered_prompt])).toEqual(
      ['one', 'two'].flatMap((word) => [
        [first.template_id, 'gpt-4o', `Greet ${word}.`],
        [second.template_id, 'gpt-4o', `Greet ${word} warmly.`],
        [second.template_id, 'gpt-4o-mini', `Greet ${word} warmly.`],
      ]),
    );
    expect(requests()).toHaveLength(6);
    expect(targetNames(batch.targets)).toEqual([
      'v1 · practice-openai:gpt-4o',
      'v2 · practice-openai:gpt-4o',
      'v2 · practice-openai:gpt-4o-mini · temperature=0.1',
    ]);
    const { targets } = await core.batches.summary({ batch_id: batch.batch_id });
    expect(targets.map(({ target, ok }) => [target, ok])).toEqual(
      targetNames(batch.targets).map((name) => [name, 2]),
    );
    // It is found by either version.
    for (const { template_id } of [first, second])
      expect(core.batches.list({ template_id, limit: 5 }).items).toMatchObject([
        { batch_id: batch.batch_id },
      ]);
  });

  it('keeps its version across a pause and another process, and a retry', async () => {
    const practice = await practiceCore({ script: [{ match: { nth: [3, 4] }, do: { status: 400 } }] });
    const { first, second } = versions(practice.core);
    const inputs = Array.from({ length: 4 }, (_, index) => ({ word: `word ${index}` }));
    const { batch_id } = await practice.core.batches.start(
      plan(first.template_id, [{}, { template_id: second.template_id }], { inputs, concurrency: 1 }),
    );
    practice.core.batches.pause({ batch_id });
    const core = await practice.reopen();
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ succeeded: 6, failed: 2 });
    core.batches.retryFailed({ batch_id });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ succeeded: 8 });
    const { rows } = core.batches.rows({ batch_id, from: 0, count: 10 });
    for (const { cells } of rows)
      expect(cells.map(({ template_id }) => template_id)).toEqual([first.template_id, second.template_id]);
  });

  it('may be named by a label, which is resolved once', async () => {
    const { core } = await practiceCore();
    const { first, second } = versions(core);
    core.templates.setLabel({ template_id: first.template_id, label: 'production', moved_by: null });
    const asked = plan(second.template_id, [{ label: 'production' }, {}]);
    const { batch } = await settled(core, asked);
    expect(batch.targets).toMatchObject([
      { template_id: first.template_id, label: 'production' },
      { template_id: second.template_id, label: null },
    ]);
    core.templates.setLabel({ template_id: second.template_id, label: 'production', moved_by: null });
    expect(core.batches.get({ batch_id: batch.batch_id }).targets).toEqual(batch.targets);
    await expect(core.batches.start(plan(first.template_id, [{ label: 'staging' }]))).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      data: {
        fields: [{ path: 'targets.0.label', message: 'no version of "Greeting" has the label staging' }],
      },
    });
  });

  it('has its own grounding mode where the batch names none', async () => {
    const { core } = await practiceCore();
    const { first, second } = versions(core, { grounding_mode: 'preferred' });
    const { batch } = await settled(core, plan(first.template_id, [{}, { template_id: second.template_id }]));
    const { items } = core.batches.runs({ batch_id: batch.batch_id, limit: 2 });
    expect(items.map(({ run_id }) => core.runs.get({ run_id }).grounding_mode)).toEqual([
      'none',
      'preferred',
    ]);
  });

  it('is estimated by its own prompt, and its variables are among those of all', async () => {
    const { core } = await practiceCore();
    const { first, second } = versions(core, {
      user_prompt_template: `${'Long. '.repeat(500)}{{ word }} {{ tone }}`,
    });
    const inputs = [{ word: 'one', tone: 'warm', other: 'x' }];
    const both = await core.batches.estimate(
      plan(first.template_id, [{}, { template_id: second.template_id }], { inputs }),
    );
    expect(both).toMatchObject({ calls: 2, unread_variables: ['other'], left_out: [] });
    const short = await core.batches.estimate(plan(first.template_id, [{}, {}], { inputs }));
    expect(Number(both.cost_usd)).toBeGreaterThan(Number(short.cost_usd));
    const { batch } = await settled(
      core,
      plan(second.template_id, [{ template_id: first.template_id }, {}], { inputs }),
    );
    expect(batch.variables).toEqual(['word', 'tone']);
  });

  it('says of parameters that its model does not take, once, that they are in doubt', async () => {
    const { core } = await practiceCore();
    const { first, second } = versions(core, { inference_params: { temperature: 3 } });
    const doubts = async (...columns: Parameters<typeof plan>[1]) =>
      (await core.batches.estimate(plan(first.template_id, columns))).parameter_doubts;
    const effort = { inference_params: { reasoning_effort: 'low' } };
    expect(await doubts(effort, { ...effort, template_id: second.template_id })).toEqual([
      { model_id: 'gpt-4o', parameter: 'reasoning_effort', reason: 'This model does not reason.' },
      { model_id: 'gpt-4o', parameter: 'temperature', reason: 'It must be a number from 0 to 2.' },
    ]);
    expect(await doubts({ inference_params: { made_up: true } })).toEqual([]);
  });

  it('is estimated at most where each column has a token limit, and only there', async () => {
    const { core } = await practiceCore();
    const { first, second } = versions(core, { inference_params: { max_tokens: 4000 } });
    const bounded = async (...columns: Parameters<typeof plan>[1]) =>
      (await core.batches.estimate(plan(first.template_id, columns))).bounded;
    const limited = { inference_params: { max_tokens: 100 } };
    const ofSecond = { template_id: second.template_id };
    expect(await bounded(ofSecond, limited)).toBe(true);
    expect(await bounded(ofSecond, {})).toBe(false);
  });

  it('is named where a row lacks a variable of it, and nothing is sent', async () => {
    const { core, requests } = await practiceCore();
    const { first, second } = versions(core, { user_prompt_template: 'Greet {{ word }}, {{ tone }}.' });
    const start = core.batches.start(plan(first.template_id, [{}, { template_id: second.template_id }]));
    await expect(start).rejects.toMatchObject({
      code: 'MISSING_VARIABLE',
      message: expect.stringMatching(/^Row 1, column 2 \(v2 · practice-openai:gpt-4o\): .*tone/),
    });
    expect(requests()).toHaveLength(0);
  });

  it('cannot be of another workspace, archived or unknown', async () => {
    const { core } = await practiceCore();
    const { first, second } = versions(core);
    const other = newTemplate(core, { workspace_id: 'other' });
    const start = (template_id: string) => core.batches.start(plan(first.template_id, [{}, { template_id }]));
    await expect(start(other.template_id)).rejects.toMatchObject({
      data: { fields: [{ path: 'targets.1.template_id' }] },
    });
    await expect(start('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    core.templates.archive({ template_id: second.template_id });
    await expect(start(second.template_id)).rejects.toThrow('is archived');
  });
});

describe('a column whose model moved from what it is pinned to', () => {
  it('is left out with the reason, and the others run', async () => {
    const practice = await practiceCore();
    const { core, requests } = practice;
    const { first, second } = versions(core);
    const pin = { template_id: first.template_id, provider_version_key: 'gpt-4o-2024-05-13', ...why };
    core.versions.pin(pin);
    const asked = plan(second.template_id, [{ template_id: first.template_id }, {}]);
    // Nothing is known of the model yet, and an estimate does not ask it.
    expect((await core.batches.estimate(asked)).left_out).toEqual([]);
    expect(requests()).toHaveLength(0);
    const { started, batch } = await settled(core, asked);
    const left_out = [
      {
        ...MODEL,
        template_id: first.template_id,
        template_name: 'Greeting',
        version_number: 1,
        mismatch: {
          message: expect.stringContaining('pinned to gpt-4o-2024-05-13, but gpt-4o is now served by'),
          expected: 'gpt-4o-2024-05-13',
          actual: 'gpt-4o-2024-08-06',
          frozen: false,
        },
      },
    ];
    expect(started).toMatchObject({ total: 2, left_out, estimate: { calls: 2 } });
    expect(batch).toMatchObject({ status: 'completed', total: 2, counts: { succeeded: 2 }, left_out });
    expect(batch.targets).toMatchObject([{ target_index: 0, template_id: second.template_id }]);
    // Now it is known, and the estimate says so beforehand.
    expect(await core.batches.estimate(asked)).toMatchObject({ calls: 2, left_out });
    expect((await practice.reopen()).batches.get({ batch_id: batch.batch_id })).toEqual(batch);

    practice.core.versions.unpin({ template_id: first.template_id, ...why });
    expect((await settled(practice.core, asked)).batch).toMatchObject({ total: 4, left_out: [] });
  });

  it('cannot be mended where the template was frozen with that version', async () => {
    const { core } = await practiceCore();
    const { first } = versions(core);
    const frozen = newTemplate(core, { model_version_constraint: 'gpt-4o-2024-05-13' });
    const { batch } = await settled(core, plan(first.template_id, [{}, { template_id: frozen.template_id }]));
    expect(batch.left_out).toMatchObject([{ template_id: frozen.template_id, mismatch: { frozen: true } }]);
  });

  it('is the whole comparison where all columns are such, so it does not start', async () => {
    const { core } = await practiceCore();
    const { first } = versions(core);
    core.versions.pin({ template_id: first.template_id, provider_version_key: 'gpt-4o-2024-05-13', ...why });
    const start = () =>
      core.batches.start(plan(first.template_id, [{}, { inference_params: { temperature: 0 } }]));
    await expect(start()).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      data: { template_id: first.template_id, expected: 'gpt-4o-2024-05-13' },
    });
    expect(core.batches.list({ limit: 5 }).items).toEqual([]);
  });
});

it('a comparison from before columns had templates opens, resumes and is exported as before', async () => {
  const practice = await practiceCore();
  const { first } = versions(practice.core);
  const targets = [MODEL, { ...MODEL, model_id: 'gpt-4o-mini' }];
  const { batch_id } = await practice.core.batches.start(
    plan(first.template_id, targets, { concurrency: 1 }),
  );
  practice.core.batches.pause({ batch_id });
  await practice.core.close();
  const db = new Database(join(practice.home, 'prompter.db'));
  const guard = db.prepare(`SELECT sql FROM sqlite_master WHERE name = 'batches_update_guard'`).pluck().get();
  db.exec('DROP TRIGGER batches_update_guard');
  db.prepare(
    `UPDATE batches SET targets = (SELECT json_group_array(json_remove(value,
       '$.template_id', '$.label', '$.grounding_mode', '$.mismatch')) FROM json_each(targets))`,
  ).run();
  db.exec(String(guard));
  db.close();
  const core = await practice.reopen();
  core.batches.resume({ batch_id, retry_unknown: false });
  await core.batches.settled(batch_id);
  const batch = core.batches.get({ batch_id });
  expect(batch).toMatchObject({
    status: 'completed',
    counts: { succeeded: 4 },
    left_out: [],
    variables: ['word'],
    targets: targets.map((target) => ({
      ...target,
      template_id: first.template_id,
      label: null,
      version_number: 1,
    })),
  });
  expect(targetNames(batch.targets)).toEqual(['practice-openai:gpt-4o', 'practice-openai:gpt-4o-mini']);
  expect(core.batches.list({ template_id: first.template_id, limit: 5 }).items).toHaveLength(1);
});
