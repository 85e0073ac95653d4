import { describe, expect, it } from 'vitest';
import { storedRun } from '../../test/support/stored-run';
import type { BatchEvent, RunSummary } from '../../src-shared/domain';
import { createBatchFeed } from './feed';

const counts = { pending: 0, running: 0, succeeded: 0, failed: 0, outcome_unknown: 0, cancelled: 0 };

const cell = (index: number, more: Partial<RunSummary> = {}): RunSummary =>
  storedRun(index, { output_text: 'kept in memory', ...more });

const feedOf = () =>
  createBatchFeed({
    progress: () => ({
      type: 'progress',
      status: 'running',
      status_reason: null,
      counts,
      target_totals: [],
    }),
    cell: (index) => cell(index, { output_text: 'read again' }),
  });

async function collect(events: AsyncGenerator<BatchEvent>): Promise<BatchEvent[]> {
  const all: BatchEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('the feed of a batch', () => {
  it('gives a watcher that does not keep up every cell, without keeping all of them in memory', async () => {
    const feed = feedOf();
    const watching = feed.watch(undefined);
    await watching.next();
    for (let index = 0; index < 2000; index += 1) feed.cell(cell(index));
    feed.end();
    const cells = (await collect(watching)).flatMap((event) => (event.type === 'cell' ? [event.cell] : []));
    expect(cells.map(({ batch_run_index }) => batch_run_index)).toEqual(
      Array.from({ length: 2000 }, (_, index) => index),
    );
    const again = cells.filter(({ output_text }) => output_text === 'read again').length;
    expect(again).toBeGreaterThan(1000);
  });

  it('lets a watcher go whose signal aborts while it is busy, or had aborted before', async () => {
    const feed = feedOf();
    const gone = new AbortController();
    const watching = feed.watch(gone.signal);
    await watching.next();
    gone.abort();
    expect((await watching.next()).done).toBe(true);
    expect(await collect(feed.watch(gone.signal))).toEqual([]);
    expect(feed.watched).toBe(false);
  });

  it('listens to a signal once, however long it watches', async () => {
    const feed = feedOf();
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    const watching = feed.watch(signal);
    await watching.next();
    for (let index = 0; index < 5; index += 1) {
      const next = watching.next();
      feed.progress();
      expect((await next).value).toMatchObject({ type: 'progress' });
    }
    await watching.return(undefined);
    expect(listeners).toBe(1);
  });

  it('tells listeners of stored cells, not of one that was put back', () => {
    const feed = feedOf();
    const told: (number | null)[] = [];
    const forget = feed.onCell(({ batch_run_index }) => told.push(batch_run_index));
    feed.cell(cell(1));
    feed.cell(cell(2, { status: 'pending' }));
    forget();
    feed.cell(cell(3));
    expect(told).toEqual([1]);
  });
});
