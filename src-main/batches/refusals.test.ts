import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldServer } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import { createRefusals } from './refusals';

const inputs = Array.from({ length: 20 }, (_, index) => ({ word: `word ${index}` }));
const bad = { provider: 'practice-openai', model_id: 'gpt-4o' };
const good = { provider: 'practice-anthropic', model_id: 'claude-opus-5-5' };
const base = { inputs, replicates: 1, drift_policy: 'record', stream: false, concurrency: 1 } as const;
const refusing = (nth: number[]) => [{ match: { model: 'gpt-4o', nth }, do: { status: 401 } }];

describe('a target that refuses every call', () => {
  it('is left out after five in a row, the others go on, and a resume sends what was left out', async () => {
    const { core, requests } = await practiceCore({ script: refusing([1, 2, 3, 4, 5]) });
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start({ ...base, template_id, targets: [bad, good] });
    await core.batches.settled(batch_id);
    const paused = core.batches.get({ batch_id });
    expect(paused).toMatchObject({
      status: 'paused',
      status_reason: expect.stringMatching(
        /practice-openai:gpt-4o refused 5 .*\n*15 cells were not sent/,
      ) as string,
      counts: { succeeded: 20, failed: 5, pending: 15, running: 0 },
    });
    expect(paused.target_totals.map(({ finished }) => finished)).toEqual([5, 20]);
    // Nobody is billed for a call that was refused: its cost is not unknown.
    expect(paused.target_totals.map(({ unpriced }) => unpriced)).toEqual([0, 0]);
    expect(requests()).toHaveLength(25);

    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'completed',
      status_reason: null,
      counts: { succeeded: 35, failed: 5, pending: 0 },
    });
    core.batches.retryFailed({ batch_id });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 40 } });
    expect(requests()).toHaveLength(45);
  });

  it('gets its cells after a pause and a resume while other calls are still under way', async () => {
    const { core, requests } = await practiceCore({ script: refusing([1, 2, 3, 4, 5]) });
    const server = await heldServer();
    const connection_id = await connectionTo(core, server.url, { concurrency: 1 });
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start({
      ...base,
      concurrency: 2,
      template_id,
      targets: [bad, { connection_id, model_id: 'm' }],
    });
    await server.hasArrived(1);
    // The other target holds one of two places; the refusing one walks through all of its cells with the other.
    for await (const event of core.batches.events({ batch_id, from_start: false }, undefined))
      if (event.type === 'progress' && event.counts.failed === 5) break;
    core.batches.pause({ batch_id });
    core.batches.resume({ batch_id, retry_unknown: false });
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'completed',
      counts: { succeeded: 35, failed: 5, pending: 0 },
    });
    expect(requests()).toHaveLength(20);
  });

  it('is refused at most four calls more than are under way at once; where that is all, the batch is completed', async () => {
    const always = [{ match: { model: 'gpt-4o' }, do: { status: 401 } }];
    const { core, requests } = await practiceCore({ script: always });
    const { template_id } = newTemplate(core);
    const run = async (count: number) => {
      const asked = { ...base, inputs: inputs.slice(0, count), concurrency: 4, template_id, targets: [bad] };
      const { batch_id } = await core.batches.start(asked);
      await core.batches.settled(batch_id);
      return core.batches.get({ batch_id });
    };
    expect(await run(5)).toMatchObject({ status: 'completed', counts: { failed: 5, pending: 0 } });
    const before = requests().length;
    const { status, counts } = await run(20);
    expect(status).toBe('paused');
    expect(counts.failed).toBeGreaterThanOrEqual(5);
    expect(counts.failed).toBeLessThanOrEqual(8);
    expect(counts.pending).toBe(20 - counts.failed);
    expect(requests()).toHaveLength(before + counts.failed);
  });

  it('is one that never answers in between: a refusal now and then fails its own cell only', async () => {
    const { core } = await practiceCore({ script: refusing([1, 2, 3, 4, 6, 7, 8, 9, 20]) });
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start({ ...base, template_id, targets: [bad] });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'completed',
      counts: { succeeded: 11, failed: 9 },
    });
  });

  it('completes a batch that has nothing left to send to it', async () => {
    const { core } = await practiceCore({ script: refusing([16, 17, 18, 19, 20]) });
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start({ ...base, template_id, targets: [bad] });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { failed: 5 } });
  });
});

it('an archived template is not run any more; what was begun with it can be finished', async () => {
  const { core, requests } = await practiceCore({ script: refusing([1, 2, 3, 4, 5]) });
  const { template_id } = newTemplate(core);
  const word = { template_id, variables: { word: 'one' }, idempotency_key: 'once' };
  const { batch_id } = await core.batches.start({ ...base, template_id, targets: [bad] });
  await core.batches.settled(batch_id);
  const { run } = await core.runs.start(word);
  core.templates.archive({ template_id });
  const sent = requests().length;

  const archived = { code: 'VALIDATION_FAILED', data: { fields: [{ path: 'template_id' }] } };
  await expect(core.runs.start({ ...word, idempotency_key: 'other' })).rejects.toMatchObject(archived);
  await expect(core.batches.start({ ...base, template_id, targets: [bad] })).rejects.toMatchObject(archived);
  await expect(core.versions.ensure({ template_id, force: true })).rejects.toMatchObject(archived);
  expect(requests()).toHaveLength(sent);

  expect(await core.runs.start(word)).toMatchObject({ replayed: true, run: { run_id: run.run_id } });
  core.batches.resume({ batch_id, retry_unknown: false });
  await core.batches.settled(batch_id);
  expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 15 } });
});

describe('whatever happens in whatever order, a target', () => {
  const NAMES = ['a', 'b', 'c'];
  const target = fc.nat({ max: NAMES.length - 1 });
  const event = fc.oneof(
    fc.record({ type: fc.constant('refused' as const), target }),
    fc.record({ type: fc.constant('answered' as const), target }),
    fc.record({ type: fc.constant('moved' as const), target }),
    fc.record({ type: fc.constant('next' as const), target }),
  );

  it('is skipped from its fifth refusal in a row or a pin that does not hold on, and each skipped cell is told', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const refusals = createRefusals(NAMES);
        const inRow = [0, 0, 0];
        const out = new Set<number>();
        let skipped = 0;
        for (const { type, target: of } of events) {
          if (type === 'moved') {
            refusals.leaveOut(of, { why: 'moved', remedy: 'Mend it.' });
            out.add(of);
          } else if (type === 'next') {
            expect(refusals.shouldSkip(of)).toBe(out.has(of));
            if (out.has(of)) skipped += 1;
          } else {
            const failure_code = type === 'refused' ? 'auth_failed' : null;
            refusals.ended(of, { failure_code, failure_message: null });
            inRow[of] = type === 'refused' ? (inRow[of] ?? 0) + 1 : 0;
            if (inRow[of] >= 5) out.add(of);
          }
        }
        if (skipped === 0) expect(refusals.reason()).toBeNull();
        else
          expect(refusals.reason()).toContain(
            skipped === 1 ? '1 cell was not sent.' : `${skipped} cells were not sent.`,
          );
      }),
    );
  });
});
