import { expect, test } from 'vitest';
import { batchSchema, type RunSummary } from '../../../../src-shared/domain';
import { storedRun } from '../../../../test/support/stored-run';
import { createInterruptions } from '../interruptions';
import { follow } from './execute';

const TOTAL = 3;

function batch(ended: number) {
  return batchSchema.parse({
    ...Object.fromEntries(Object.keys(batchSchema.shape).map((key) => [key, null])),
    batch_id: 'b',
    org_id: 'default',
    workspace_id: 'default',
    template_id: 't',
    template_name: 'T',
    status: ended === TOTAL ? 'completed' : 'running',
    targets: [],
    variables: [],
    inputs_count: TOTAL,
    modes: ['none'],
    replicates: 1,
    total: TOTAL,
    drift_policy: 'record',
    stream: false,
    lock: [],
    drift: [],
    counts: {
      pending: 0,
      running: TOTAL - ended,
      succeeded: ended,
      failed: 0,
      outcome_unknown: 0,
      cancelled: 0,
    },
    target_totals: [],
    simulated: true,
    created_at: '2026-11-20T08:00:00.000Z',
  });
}

/** A batch of three cells of which some have ended before anybody listens; the rest ends, one by one, later. */
async function followed(endedBefore: number, isNew: boolean) {
  let ended = endedBefore;
  let listener: (one: RunSummary) => void = () => {};
  const told: (number | null)[] = [];
  let start: { done: number; total: number } | undefined;
  const interruptions = createInterruptions();
  await follow(
    {
      get: () => batch(ended),
      runs: ({ limit, cursor }) => {
        const from = Number(cursor ?? 0);
        const items = Array.from({ length: TOTAL }, (_, index) =>
          storedRun(index, { status: index < ended ? 'succeeded' : 'sending' }),
        ).slice(from, from + Math.min(limit, 2));
        return { items, next_cursor: from + 2 < TOTAL ? String(from + 2) : null };
      },
      onCell: (_batchId, callback) => {
        listener = callback;
        return () => {
          listener = () => {};
        };
      },
      async settled() {
        // The feed may still bring a cell whose commit was seen already.
        if (ended > 0) listener(storedRun(ended - 1));
        for (; ended < TOTAL; ended += 1) listener(storedRun(ended));
      },
      pause: () => batch(ended),
    },
    {
      batchId: 'b',
      isNew,
      progress: {
        started: (_batchId, done, total) => {
          start = { done, total };
        },
        stored: ({ batch_run_index }) => told.push(batch_run_index),
        finished: () => {},
      },
    },
    {
      terminal: { out: () => {}, err: () => {}, outIsTty: false, errIsTty: false, columns: 120 },
      interruptions,
    },
  );
  interruptions.stop();
  return { told, start };
}

test.each([0, 1, 2, 3])(
  'of a new batch every cell is told once, also the %i that ended before',
  async (before) => {
    const { told, start } = await followed(before, true);
    expect(told).toEqual([0, 1, 2]);
    expect(start).toEqual({ done: 0, total: TOTAL });
  },
);

test('of a resumed batch only what ends now is told, and the rest counted as done', async () => {
  const { told, start } = await followed(0, false);
  expect(told).toEqual([0, 1, 2]);
  expect(start).toEqual({ done: 0, total: TOTAL });
  expect((await followed(2, false)).start).toEqual({ done: 2, total: TOTAL });
});
