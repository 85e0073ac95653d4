import { describe, expect, it } from 'vitest';
import { heldBatch, words } from '../../test/support/held-batch';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import type { Core } from '../ports';

type BatchInput = Parameters<Core['batches']['start']>[0];

function plan(template_id: string, more: Partial<BatchInput> = {}): BatchInput {
  return {
    template_id,
    targets: [{ provider: 'practice-openai', model_id: 'gpt-4o' }],
    inputs: words(6),
    replicates: 1,
    drift_policy: 'record',
    stream: false,
    ...more,
  };
}

describe('a batch that is paused while calls are under way', () => {
  it('goes on at once when it is resumed, however often, and sends nothing twice', async () => {
    const { core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    for (let round = 0; round < 5; round += 1) {
      expect(core.batches.pause({ batch_id })).toMatchObject({
        status: 'paused',
        status_reason: 'Paused by you.',
      });
      expect(() => core.batches.pause({ batch_id })).toThrow('nothing to pause');
      expect(core.batches.resume({ batch_id, retry_unknown: false }).status).toBe('running');
      expect(() => core.batches.resume({ batch_id, retry_unknown: false })).toThrow('is running');
    }
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ running: 2, pending: 4 });
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
    expect(server.arrived).toBe(6);
  });

  it('is told apart from one at rest: what needs rest says what it waits for', async () => {
    const { core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    core.batches.pause({ batch_id });
    expect(() => core.batches.retryFailed({ batch_id })).toThrow(
      '2 calls of the comparison are still in progress',
    );
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'paused',
      counts: { succeeded: 2, pending: 4, running: 0 },
    });
    expect(core.batches.resume({ batch_id, retry_unknown: false }).status).toBe('running');
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts.succeeded).toBe(6);
  });

  it('can be cancelled meanwhile', async () => {
    const { core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    core.batches.pause({ batch_id });
    expect(core.batches.cancel({ batch_id }).status).toBe('cancelled');
    expect(() => core.batches.resume({ batch_id, retry_unknown: false })).toThrow('cannot be resumed');
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'cancelled',
      counts: { succeeded: 2, pending: 4 },
    });
    expect(server.arrived).toBe(2);
  });

  it('waits for them when Prompter is closed', async () => {
    const { practice, core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    const reopened = practice.reopen();
    server.open();
    const again = await reopened;
    expect(again).not.toBe(core);
    expect(again.batches.get({ batch_id })).toMatchObject({
      status: 'paused',
      status_reason: 'Paused because Prompter was closed.',
      counts: { succeeded: 2, pending: 4, running: 0, outcome_unknown: 0 },
    });
  });
});

describe('a batch that is paused while it waits for a rate limit', () => {
  it('puts the refused cell back, and sends it when it is resumed', async () => {
    const practice = await practiceCore({
      script: [{ match: { nth: 3 }, do: { status: 429, retry_after: 50 } }],
    });
    const { template_id } = newTemplate(practice.core);
    const { batch_id } = await practice.core.batches.start(plan(template_id, { concurrency: 1 }));
    let refused = false;
    for await (const change of practice.core.system.changes(undefined)) {
      refused ||= change.entity === 'runs' && practice.requests().length === 3;
      if (refused && practice.core.runs.list({ batch_id, limit: 1 }).items[0]?.status === 'pending') break;
    }
    practice.core.batches.pause({ batch_id });
    await practice.core.batches.settled(batch_id);
    expect(practice.core.batches.get({ batch_id }).counts).toMatchObject({
      succeeded: 2,
      pending: 4,
      failed: 0,
    });

    const core = await practice.reopen();
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'completed',
      counts: { succeeded: 6, pending: 0 },
    });
    expect(practice.requests()).toHaveLength(7);
  });
});

describe('a batch whose connection', () => {
  it('is removed pauses before the next call and says why; it cannot go on without it', async () => {
    const { core, server, connection_id, batch_id } = await heldBatch();
    await server.hasArrived(2);
    await core.connections.archive({ connection_id });
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'paused',
      counts: { succeeded: 2, pending: 4, running: 0 },
    });
    expect(core.batches.get({ batch_id }).status_reason).toContain('"local" was removed');
    expect(server.arrived).toBe(2);
    expect(() => core.batches.resume({ batch_id, retry_unknown: false })).toThrow('"local" was removed');
    expect(core.batches.get({ batch_id }).status).toBe('paused');
    expect(core.batches.cancel({ batch_id }).status).toBe('cancelled');
  });

  it('would get another address keeps its own until it rests; its name may change', async () => {
    const { core, server, connection_id, batch_id } = await heldBatch();
    await server.hasArrived(2);
    const base_url = `${new URL(server.url).origin}/elsewhere`;
    await expect(core.connections.update({ connection_id, base_url })).rejects.toMatchObject({
      code: 'BATCH_STATE',
      message: expect.stringMatching(/running over "local".*pause it/) as string,
      data: { batch_id, connection_id, field: 'base_url' },
    });
    await core.connections.update({ connection_id, name: 'Lab', concurrency: 1, base_url: server.url });
    const other = await connectionTo(core, server.url, { name: 'other' });
    await core.connections.update({ connection_id: other, base_url });

    core.batches.pause({ batch_id });
    server.open();
    await core.batches.settled(batch_id);
    expect(await core.connections.update({ connection_id, base_url })).toMatchObject({ base_url });
  });

  it('lost its key pauses and says so, and goes on when the key is there again', async () => {
    const { practice, server, connection_id, batch_id } = await heldBatch({ secret: 'a-key-of-some-length' });
    await server.hasArrived(2);
    server.open();
    practice.core.batches.pause({ batch_id });
    // A key in memory is gone with the process.
    const core = await practice.reopen();
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'paused',
      counts: { succeeded: 2, pending: 4, running: 0 },
    });
    expect(core.batches.get({ batch_id }).status_reason).toContain('Enter it again');

    await core.connections.setSecret({ connection_id, secret: 'another-key-of-some-length' });
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
  });
});

describe('a batch that is run again', () => {
  it('counts each cell once and every answer that was paid for', async () => {
    const practice = await practiceCore({
      script: [{ match: { nth: [2, 3] }, do: { invalidjson: 'text' } }],
    });
    const { core } = practice;
    const response_schema = {
      type: 'object',
      properties: { answer: { type: 'string' } },
      required: ['answer'],
      additionalProperties: false,
    };
    const { template_id } = newTemplate(core, { response_schema });
    const { batch_id } = await core.batches.start(plan(template_id, { concurrency: 1 }));
    await core.batches.settled(batch_id);
    const before = core.batches.get({ batch_id });
    expect(before.counts).toMatchObject({ succeeded: 4, failed: 2 });
    const costs = (cells: readonly { cost_usd: string | null }[]) =>
      cells.reduce((sum, { cost_usd }) => sum + Number(cost_usd), 0);
    const failed = core.runs.list({ batch_id, status: 'failed', limit: 10 }).items;
    expect(costs(failed)).toBeGreaterThan(0);

    core.batches.retryFailed({ batch_id });
    await core.batches.settled(batch_id);
    const after = core.batches.get({ batch_id });
    const cells = core.batches.runs({ batch_id, limit: 10 }).items;
    expect(after.counts).toMatchObject({ succeeded: 6, failed: 0 });
    expect(after.target_totals[0]).toMatchObject({
      finished: 6,
      failed: 0,
      unpriced: 0,
      input_tokens: cells.reduce((sum, { usage }) => sum + (usage.input_tokens ?? 0), 0),
      output_tokens: cells.reduce((sum, { usage }) => sum + (usage.output_tokens ?? 0), 0),
    });
    expect(Number(after.target_totals[0]?.cost_usd)).toBeCloseTo(costs(cells) + costs(failed), 12);
    // What was counted along the way is what the store adds up to.
    expect((await practice.reopen()).batches.get({ batch_id })).toEqual(after);
  });

  it('does not show the answer of an earlier attempt as that of the last one', async () => {
    const practice = await practiceCore({
      script: [
        { match: { nth: 1 }, do: { status: 500 } },
        { match: { nth: 2 }, do: { reset: true } },
      ],
    });
    const { core } = practice;
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start(plan(template_id, { inputs: words(1) }));
    await core.batches.settled(batch_id);
    core.batches.retryFailed({ batch_id });
    await core.batches.settled(batch_id);
    const [cell] = core.batches.runs({ batch_id, limit: 1 }).items;
    expect(cell).toMatchObject({ status: 'outcome_unknown', raw_response_sha256: null });
    expect(core.runs.get({ run_id: cell?.run_id ?? '' })).toMatchObject({
      response_json: null,
      processing_status: 'none',
    });
    // It may have been billed, and what it cost nobody knows.
    const totals = core.batches.get({ batch_id }).target_totals;
    expect(totals).toMatchObject([{ finished: 0, failed: 0, unpriced: 1 }]);
    expect((await practice.reopen()).batches.get({ batch_id }).target_totals).toEqual(totals);
  });
});

describe('a batch under a pin that meets another version', () => {
  it.each([
    ['stop', 'stopped', 2],
    ['pause', 'paused', 2],
    ['record', 'paused', 2],
  ] as const)('with the policy %s is %s after %i calls', async (drift_policy, status, calls) => {
    const { core } = await practiceCore({ env: { PROMPTER_PROBE_DISABLED: 'true' } });
    const { template_id } = newTemplate(core, {
      model_id: 'gpt-4o@drift=1',
      model_version_constraint: 'gpt-4o-2024-08-06',
    });
    const targets = [{ provider: 'practice-openai', model_id: 'gpt-4o@drift=1' }];
    const { batch_id } = await core.batches.start(
      plan(template_id, { targets, drift_policy, concurrency: 1 }),
    );
    await core.batches.settled(batch_id);
    const batch = core.batches.get({ batch_id });
    expect(batch.status).toBe(status);
    expect(batch.total - batch.counts.pending).toBe(calls);
    expect(batch.status_reason).toContain('pinned to');
  });
});

describe('a plan', () => {
  it('may name one target twice, and one connection with several models', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const targets = ['gpt-4o', 'gpt-4o', 'o3'].map((model_id) => ({ provider: 'practice-openai', model_id }));
    const { batch_id, total } = await core.batches.start(
      plan(template_id, { targets, inputs: words(2), locales: ['CH', 'DE'], modes: ['none', 'preferred'] }),
    );
    await core.batches.settled(batch_id);
    const batch = core.batches.get({ batch_id });
    expect([total, requests().length, batch.counts.succeeded]).toEqual([24, 24, 24]);
    expect(batch.target_totals.map(({ finished }) => finished)).toEqual([8, 8, 8]);
    const { items } = core.batches.runs({ batch_id, limit: 24 });
    expect(new Set(items.map((cell) => core.runs.get({ run_id: cell.run_id }).country))).toEqual(
      new Set(['CH', 'DE']),
    );
  });

  it('with a budget of nothing sends nothing that costs', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start(plan(template_id, { budget_usd: '0' }));
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'stopped', counts: { pending: 6 } });
    expect(requests()).toHaveLength(0);
  });
});
