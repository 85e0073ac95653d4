import { describe, expect, it } from 'vitest';
import { heldBatch, words } from '../../test/support/held-batch';
import { rateLimited } from '../../test/support/held-server';
import type { BatchEvent } from '../../src-shared/domain';
import type { Core } from '../ports';

const pendingCells = (core: Core, batch_id: string): number =>
  core.runs.list({ batch_id, status: 'pending', limit: 10 }).items.length;

describe('a cell that the provider turned away', () => {
  it('during a pause is sent when the same runner is resumed, and watchers see it as pending', async () => {
    const { core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    const seen: BatchEvent[] = [];
    const watching = (async () => {
      for await (const event of core.batches.events({ batch_id }, undefined)) seen.push(event);
    })();
    core.batches.pause({ batch_id });
    server.release(rateLimited(0.01));
    await expect.poll(() => pendingCells(core, batch_id)).toBe(1);
    await expect.poll(() => core.batches.get({ batch_id }).counts.pending).toBe(5);
    core.batches.resume({ batch_id, retry_unknown: false });
    server.open();
    await core.batches.settled(batch_id);
    await watching;
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
    expect(server.arrived).toBe(7);
    const putBack = seen.flatMap((event) =>
      event.type === 'cell' && event.cell.status === 'pending' ? [event.cell] : [],
    );
    expect(putBack).toMatchObject([{ failure_code: null, failure_message: null }]);
  });

  it.each(['does not wait for a pause', 'is paused and resumed meanwhile'])(
    'keeps others of its connection waiting as long as it asked, where the batch %s',
    async (how) => {
      const { practice, core, server, batch_id } = await heldBatch();
      await server.hasArrived(2);
      server.release(rateLimited(50));
      await expect.poll(() => pendingCells(core, batch_id)).toBe(1);
      if (how.includes('resumed')) {
        core.batches.pause({ batch_id });
        core.batches.resume({ batch_id, retry_unknown: false });
      }
      server.release();
      await expect.poll(() => core.batches.get({ batch_id }).counts.succeeded).toBe(1);
      core.batches.pause({ batch_id });
      server.open();
      await core.batches.settled(batch_id);
      expect(server.arrived).toBe(2);
      expect(core.batches.get({ batch_id }).counts).toMatchObject({ succeeded: 1, pending: 5, running: 0 });

      const again = await practice.reopen();
      again.batches.resume({ batch_id, retry_unknown: false });
      await again.batches.settled(batch_id);
      expect(again.batches.get({ batch_id })).toMatchObject({
        status: 'completed',
        counts: { succeeded: 6 },
      });
      expect(server.arrived).toBe(7);
    },
  );

  it('is sent four times at most', async () => {
    const { core, server, batch_id } = await heldBatch({ inputs: words(1) });
    server.open(rateLimited(0.01));
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { failed: 1 } });
    expect(server.arrived).toBe(4);
  });

  it('for longer than a minute fails, and is not waited for', async () => {
    const { core, server, batch_id } = await heldBatch({ inputs: words(1) });
    await server.hasArrived(1);
    server.release(rateLimited(61));
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { failed: 1 } });
    expect(core.runs.list({ batch_id, limit: 1 }).items).toMatchObject([{ failure_code: 'rate_limited' }]);
    expect(server.arrived).toBe(1);
  });
});
