import { describe, expect, it } from 'vitest';
import { createConnectionLimits, createGate } from './limiter';

describe('a gate', () => {
  it('never lets in more than its size, and lets everybody in at last, in order', async () => {
    const gate = createGate(3);
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 5000 }, async (_, index) => {
        await gate.enter();
        inside += 1;
        most = Math.max(most, inside);
        order.push(index);
        await new Promise(setImmediate);
        inside -= 1;
        gate.leave();
      }),
    );
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 5000 }, (_, index) => index));
  });
});

describe('a connection limit', () => {
  it('is one for all who ask for the same connection', () => {
    const limits = createConnectionLimits();
    expect(limits.of('a', 4)).toBe(limits.of('a', 4));
    expect(limits.of('a', 4)).not.toBe(limits.of('b', 4));
  });

  it('waits as long as the provider asked, or until it is given up', async () => {
    const limit = createConnectionLimits().of('a', 4);
    const before = performance.now();
    limit.backOff(30);
    await limit.ready(new AbortController().signal);
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);

    limit.backOff(60_000);
    const given = new AbortController();
    const waiting = limit.ready(given.signal);
    given.abort();
    await waiting;
  });
});
