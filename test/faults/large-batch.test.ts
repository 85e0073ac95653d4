import { describe, expect, it } from 'vitest';
import type { Variables } from '../../src-shared/domain';
import { newTemplate, practiceCore } from '../support/practice-core';

const words = (count: number) => Array.from({ length: count }, (_, index) => ({ word: index }));

describe('a batch of more rows than are looked through ahead', () => {
  it('records the rows that cannot be rendered as failed, and sends only the others; again as well', async () => {
    const practice = await practiceCore();
    const { core, requests } = practice;
    const { template_id } = newTemplate(core);
    const inputs: Variables[] = [...words(5000), { other: 1 }, { word: 'last' }];
    const { batch_id } = await core.batches.start({
      template_id,
      targets: [{ provider: 'practice-openai', model_id: 'gpt-4o' }],
      inputs,
      replicates: 1,
      drift_policy: 'record',
      stream: false,
    });
    await core.batches.settled(batch_id);
    const batch = core.batches.get({ batch_id });
    expect(batch).toMatchObject({ status: 'completed', counts: { succeeded: 5001, failed: 1 } });
    const { items } = core.runs.list({ batch_id, status: 'failed', limit: 10 });
    expect(items).toMatchObject([{ failure_code: 'missing_variable', batch_run_index: 5000 }]);

    core.batches.retryFailed({ batch_id });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'completed',
      counts: batch.counts,
      target_totals: batch.target_totals,
    });
    expect(requests()).toHaveLength(5001);
    expect((await practice.reopen()).batches.get({ batch_id }).counts).toEqual(batch.counts);
  });
});

describe('a thousand runs at once', () => {
  it('are all answered and stored, each once', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const runs = await Promise.all(
      words(1000).map((variables) => core.runs.start({ template_id, variables })),
    );
    expect(runs.every(({ run }) => run.status === 'succeeded')).toBe(true);
    expect(new Set(runs.map(({ run }) => run.run_id)).size).toBe(1000);
    expect(requests()).toHaveLength(1000);
  });
});
