import { describe, expect, it } from 'vitest';
import { heldBatch, words } from '../../test/support/held-batch';
import { newTemplate, practiceCore, type PracticeCore } from '../../test/support/practice-core';
import { createTestClock } from '../../test/support/temp-store';
import type { Core } from '../ports';

type BatchInput = Parameters<Core['batches']['start']>[0];

const FIRST = 'gpt-4o-2024-08-06';
const ANOTHER = 'gpt-4o-2024-05-13';
const why = { note: null, pinned_by: null };
/** The version changes for good after five requests, of which the check before the start is one. */
const MOVING = { provider: 'practice-openai', model_id: 'gpt-4o@drift_once=5' };
const STEADY = { provider: 'practice-openai', model_id: 'gpt-4o' };
const OTHER = { provider: 'practice-anthropic', model_id: 'claude-opus-5-5' };

function plan(template_id: string, targets: BatchInput['targets'], more: Partial<BatchInput> = {}) {
  return {
    template_id,
    targets,
    inputs: words(10),
    replicates: 1,
    drift_policy: 'record',
    stream: false,
    concurrency: 1,
    ...more,
  } as const satisfies BatchInput;
}

const resume = (core: Core, batch_id: string) => core.batches.resume({ batch_id, retry_unknown: false });

/** The calls of one model. */
const callsOf = ({ requests }: PracticeCore, model: string): number =>
  requests().filter((request) => request.model === model).length;

/** Paused by hand after an answer or more of each model, and at rest. */
async function pausedBatch(core: Core, input: BatchInput): Promise<string> {
  const { batch_id } = await core.batches.start(input);
  const models = new Set(input.targets.map(({ model_id }) => model_id));
  await new Promise<void>((resolve) => {
    const stop = core.batches.onCell(batch_id, (cell) => {
      models.delete(cell.model_id);
      if (models.size > 0) return;
      stop();
      core.batches.pause({ batch_id });
      resolve();
    });
  });
  await core.batches.settled(batch_id);
  return batch_id;
}

describe('a column whose model moves from its pin while the comparison runs', () => {
  it('is left out after the answer that proves it, the others go on, and a resume sends the rest', async () => {
    const practice = await practiceCore();
    const { core } = practice;
    const { template_id } = newTemplate(core);
    core.versions.pin({ template_id, ...MOVING, provider_version_key: FIRST, ...why });
    const { batch_id } = await core.batches.start(plan(template_id, [MOVING, OTHER]));
    await core.batches.settled(batch_id);
    const paused = core.batches.get({ batch_id });
    expect(paused).toMatchObject({
      status: 'paused',
      counts: { succeeded: 14, failed: 1, pending: 5, running: 0 },
    });
    expect(paused.target_totals.map(({ finished }) => finished)).toEqual([5, 10]);
    const actual = paused.drift[0]?.actual.provider_version_key ?? '';
    expect(paused.status_reason).toBe(
      `practice-openai:gpt-4o@drift_once=5 is pinned to ${FIRST}, but ${actual} answered. 5 cells were not sent. ` +
        'Pin the new version or unpin the model, then resume; failed cells can be retried afterwards.',
    );
    const sent = practice.requests().length;

    // As a single run and a new comparison are.
    const moved = { code: 'VERSION_MISMATCH', data: { expected: FIRST, actual } };
    const refusal = expect.objectContaining({ code: moved.code }) as Error;
    expect(() => resume(core, batch_id)).toThrow(refusal);
    expect(() => core.batches.retryFailed({ batch_id })).toThrow(refusal);
    const alone = core.runs.start({ template_id, ...MOVING, variables: { word: 'one' } });
    await expect(alone).rejects.toMatchObject(moved);
    expect(core.batches.get({ batch_id })).toEqual(paused);
    expect(practice.requests()).toHaveLength(sent);

    core.versions.pin({ template_id, ...MOVING, provider_version_key: actual, ...why });
    resume(core, batch_id);
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'completed',
      counts: { succeeded: 19, failed: 1 },
    });
    core.batches.retryFailed({ batch_id });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 20 } });
  });

  it('was accepted where the pin was mended while the call was under way', async () => {
    const { core, server, batch_id, template_id } = await heldBatch({
      template: { model_id: 'm', provider: 'lm-studio' },
    });
    await server.hasArrived(2);
    const model = { provider: 'lm-studio', model_id: 'm' };
    core.versions.pin({ template_id, ...model, provider_version_key: 'fp_held', ...why });
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
  });

  it('cannot be mended where the template was frozen with the version', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, { ...MOVING, model_version_constraint: FIRST });
    const { batch_id } = await core.batches.start(plan(template_id, [{}]));
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).status_reason).toMatch(
      /5 cells were not sent\. Freeze a version of the template without its model_version_constraint, and compare that\.$/,
    );
  });
});

describe('a pin that is set while a comparison is paused', () => {
  it('refuses the resume where it does not hold, and nothing is sent', async () => {
    const practice = await practiceCore();
    const { core } = practice;
    const { template_id } = newTemplate(core);
    const batch_id = await pausedBatch(core, plan(template_id, [STEADY]));
    const { counts } = core.batches.get({ batch_id });
    core.versions.pin({ template_id, provider_version_key: ANOTHER, ...why });
    expect(() => resume(core, batch_id)).toThrow(expect.objectContaining({ code: 'VERSION_MISMATCH' }));
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'paused', counts });
    const reopened = await practice.reopen();
    expect(() => resume(reopened, batch_id)).toThrow(expect.objectContaining({ code: 'VERSION_MISMATCH' }));
    reopened.versions.unpin({ template_id, ...why });
    resume(reopened, batch_id);
    await reopened.batches.settled(batch_id);
    expect(reopened.batches.get({ batch_id })).toMatchObject({
      status: 'completed',
      counts: { succeeded: 10 },
    });
  });

  it('leaves out its own column only', async () => {
    const practice = await practiceCore();
    const { core } = practice;
    const { template_id } = newTemplate(core);
    const batch_id = await pausedBatch(core, plan(template_id, [STEADY, OTHER]));
    core.versions.pin({ template_id, ...STEADY, provider_version_key: ANOTHER, ...why });
    const sent = callsOf(practice, STEADY.model_id);
    resume(core, batch_id);
    await core.batches.settled(batch_id);
    const batch = core.batches.get({ batch_id });
    expect(batch).toMatchObject({ status: 'paused', counts: { failed: 0, pending: 10 - sent } });
    expect(batch.target_totals.map(({ finished }) => finished)).toEqual([sent, 10]);
    expect(batch.status_reason).toContain(
      `pinned to ${ANOTHER}, but ${FIRST} answers now. ${10 - sent} cells`,
    );
    expect(callsOf(practice, STEADY.model_id)).toBe(sent);
  });

  it('asks a model of which too little is known, once', async () => {
    const clock = createTestClock();
    const practice = await practiceCore({ clock });
    const { core } = practice;
    const { template_id } = newTemplate(core);
    const batch_id = await pausedBatch(core, plan(template_id, [STEADY], { concurrency: 4 }));
    const { pending } = core.batches.get({ batch_id }).counts;
    core.versions.pin({ template_id, provider_version_key: ANOTHER, ...why });
    clock.advance(86_400_000);
    const sent = practice.requests().length;
    resume(core, batch_id);
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'paused',
      counts: { failed: 0, pending },
    });
    expect(practice.requests()).toHaveLength(sent + 1);
  });
});

describe('a pin that is set while a comparison runs', () => {
  it('holds every cell that is sent after it', async () => {
    const { core, server, batch_id, template_id } = await heldBatch();
    await server.hasArrived(2);
    const model = { provider: 'lm-studio', model_id: 'm' };
    core.versions.pin({ template_id, ...model, provider_version_key: 'fp_held', ...why });
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
    const { items } = core.batches.runs({ batch_id, limit: 10 });
    expect(items.map(({ run_id }) => core.runs.get({ run_id }).model_version_constraint)).toEqual([
      null,
      null,
      ...Array<string>(4).fill('fp_held'),
    ]);
  });

  it('leaves out what does not fit it', async () => {
    const { core, server, batch_id, template_id } = await heldBatch();
    await server.hasArrived(2);
    const model = { provider: 'lm-studio', model_id: 'm' };
    core.versions.pin({ template_id, ...model, provider_version_key: 'fp_other', ...why });
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'paused',
      status_reason: expect.stringMatching(/pinned to fp_other, but fp_held answers now\. 4 cells were not/),
      counts: { succeeded: 2, failed: 0, pending: 4 },
    });
  });

  it('holds a cell that waits to be sent again', async () => {
    const practice = await practiceCore({
      script: [{ match: { nth: 2 }, do: { status: 429, retry_after: 1 } }],
    });
    const { core, requests } = practice;
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start(plan(template_id, [STEADY]));
    for await (const change of core.system.changes(undefined)) {
      if (change.entity !== 'runs' || requests().length < 2) continue;
      if (core.runs.list({ batch_id, limit: 1 }).items[0]?.status === 'pending') break;
    }
    core.versions.pin({ template_id, provider_version_key: ANOTHER, ...why });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'paused',
      status_reason: expect.stringContaining('9 cells were not sent') as string,
      counts: { succeeded: 1, failed: 0, pending: 9 },
    });
    expect(requests()).toHaveLength(2);
    core.versions.unpin({ template_id, ...why });
    resume(core, batch_id);
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 10 } });
    expect(requests()).toHaveLength(11);
  });
});

describe('a prompt that is set inactive while a comparison of it runs', () => {
  it('pauses it, and it cannot be resumed until the prompt is active again', async () => {
    const { core, server, batch_id, template_id } = await heldBatch({ template: { name: 'Greeting' } });
    await server.hasArrived(2);
    const { prompt_id } = core.templates.get({ template_id });
    core.prompts.update({ prompt_id, active: false, changed_by: null });
    const paused = { status: 'paused', status_reason: 'Greeting is inactive. Set it active to resume.' };
    expect(core.batches.get({ batch_id })).toMatchObject({ ...paused, counts: { running: 2, pending: 4 } });
    const inactive = expect.objectContaining({ code: 'PROMPT_INACTIVE' }) as Error;
    expect(() => resume(core, batch_id)).toThrow(inactive);
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ ...paused, counts: { succeeded: 2, pending: 4 } });
    expect(() => resume(core, batch_id)).toThrow(inactive);
    expect(server.arrived).toBe(2);
    core.prompts.update({ prompt_id, active: true, changed_by: null });
    resume(core, batch_id);
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
  });

  it('leaves others as they are, and archiving, which cannot be taken back, lets what was begun end', async () => {
    const { core, server, batch_id, template_id } = await heldBatch();
    await server.hasArrived(2);
    const { prompt_id } = newTemplate(core);
    core.prompts.update({ prompt_id, active: false, changed_by: null });
    core.templates.archive({ template_id });
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
  });
});
