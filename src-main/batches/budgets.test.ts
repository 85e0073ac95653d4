import { describe, expect, it } from 'vitest';
import { heldServer } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import { picodollarsFromUsd, usdFromPicodollars } from '../../src-shared/domain';
import { createFirstCalls } from './first-calls';

const base = { replicates: 1, drift_policy: 'record', stream: false } as const;
const inputs = (count: number) => Array.from({ length: count }, () => ({ word: 'same' }));

describe("a comparison's budget", () => {
  const targets = [
    { provider: 'practice-openai', model_id: 'gpt-4o' },
    { provider: 'practice-anthropic', model_id: 'claude-opus-5-5' },
  ];

  it('is spent to the last picodollar, and never by one more, whichever target is next', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const settle = async (count: number, budget: bigint | null) => {
      const { batch_id } = await core.batches.start({
        ...base,
        template_id,
        targets,
        inputs: inputs(count),
        concurrency: 1,
        ...(budget !== null && { budget_usd: usdFromPicodollars(budget) }),
      });
      await core.batches.settled(batch_id);
      return core.batches.get({ batch_id });
    };
    const costOf = ({ target_totals }: Awaited<ReturnType<typeof settle>>) =>
      target_totals.reduce((sum, { cost_usd }) => sum + picodollarsFromUsd(cost_usd ?? '0'), 0n);
    const each = costOf(await settle(1, null));
    const count = 3;
    const budget = each * BigInt(count);
    const exact = await settle(count, budget);
    expect(exact).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
    expect(costOf(exact)).toBe(budget);
    expect(await settle(count, budget - 1n)).toMatchObject({
      status: 'stopped',
      status_reason: "The next call could exceed this comparison's budget.",
      counts: { succeeded: 5, pending: 1 },
    });
    const { items } = await core.audit.list({ limit: 1, record_type: 'batch_status' });
    expect(items).toMatchObject([{ actor: 'prompter' }]);
  });

  it('lets a first call of a target find out what calls cost before others are sent beside it', async () => {
    const { core } = await practiceCore();
    const server = await heldServer();
    const connection_id = await connectionTo(core, server.url, { concurrency: 2 });
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start({
      ...base,
      template_id,
      targets: [{ connection_id, model_id: 'm' }],
      inputs: inputs(6),
      budget_usd: '1',
    });
    await server.hasArrived(1);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ running: 1, pending: 5 });
    server.release();
    await server.hasArrived(3);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ succeeded: 1, running: 2, pending: 3 });
    core.batches.pause({ batch_id });
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ succeeded: 3, pending: 3 });
  });

  it('sends the call that waited for the first one after a pause and a resume', async () => {
    const { core } = await practiceCore();
    const server = await heldServer();
    const connection_id = await connectionTo(core, server.url, { concurrency: 2 });
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start({
      ...base,
      template_id,
      targets: [{ connection_id, model_id: 'm' }],
      inputs: inputs(2),
      budget_usd: '1',
    });
    await server.hasArrived(1);
    core.batches.pause({ batch_id });
    core.batches.resume({ batch_id, retry_unknown: false });
    // Resuming tells nothing about the price: the second call still waits.
    await new Promise(setImmediate);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ running: 1, pending: 1 });
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 2 } });
    expect(server.arrived).toBe(2);
  });
});

describe('what a first call is waited for', () => {
  it('is its price: nothing without a budget, nothing once it has ended', async () => {
    let isLimited = false;
    const prices = createFirstCalls(() => isLimited);
    const { signal } = new AbortController();
    expect([prices.known(0, signal), prices.known(0, signal)]).toEqual([null, null]);
    isLimited = true;
    expect(prices.known(1, signal)).toBeNull();
    const second = prices.known(1, signal);
    expect(second).toBeInstanceOf(Promise);
    prices.ended(1);
    await second;
    expect(prices.known(1, signal)).toBeNull();
    prices.ended(0);
    expect(prices.known(0, signal)).toBeNull();
  });

  it('ends with a halt', async () => {
    const prices = createFirstCalls(() => true);
    const halt = new AbortController();
    expect(prices.known(0, halt.signal)).toBeNull();
    const waiting = prices.known(0, halt.signal);
    halt.abort();
    await waiting;
  });
});
