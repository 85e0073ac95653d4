import { beforeEach, describe, expect, test } from 'vitest';
import type { RunSummary } from '../../../src-shared/domain';
import { createBatchView, WINDOW, type BatchRow, type BatchView } from './batch-view';
import { storedRun as run } from '../../../test/support/stored-run';
import { matchingLines } from './grid/use-row-filter';

const shape = { inputs: 120, locales: 1, modes: 1, targets: 2, replicates: 1 };

const rowOf = (input: number, cells: readonly RunSummary[]): BatchRow => ({
  input_index: input,
  variables: { text: `input ${input}` },
  cells,
});

describe('an open comparison', () => {
  let frames: (() => void)[];
  let asked: number[];
  let rows: (from: number) => Promise<readonly BatchRow[]>;
  let view: BatchView;
  const drawFrame = (): void => {
    const waiting = frames;
    frames = [];
    for (const callback of waiting) callback();
  };

  beforeEach(() => {
    frames = [];
    asked = [];
    rows = async (from) => [rowOf(from, [run(from * 2)])];
    view = createBatchView(shape, {
      rows: async (from) => {
        asked.push(from);
        return rows(from);
      },
      nextFrame: (callback) => frames.push(callback),
    });
  });

  test('notifies only the changed cell, once per frame, however many events arrive', () => {
    const told: string[] = [];
    view.onText(0, () => told.push(view.streamed(0)));
    view.onText(2, () => told.push('another cell'));
    for (const text of ['a', 'b', 'c']) view.apply({ type: 'delta', batch_run_index: 0, text });
    expect(told).toEqual([]);
    drawFrame();
    drawFrame();
    expect(told).toEqual(['abc']);
  });

  test('replaces streamed text with the stored cell', () => {
    view.apply({ type: 'started', batch_run_index: 3 });
    view.apply({ type: 'delta', batch_run_index: 3, text: 'half of' });
    expect(view.cell(3).phase).toBe('running');
    view.apply({ type: 'cell', cell: run(3) });
    expect(view.cell(3)).toMatchObject({ phase: 'stored', run: { output_text: 'answer 3' } });
    expect(view.streamed(3)).toBe('');
  });

  test("clears a cell's old answer when it is retried", () => {
    view.apply({ type: 'cell', cell: run(3, { status: 'failed', output_text: null }) });
    view.apply({ type: 'started', batch_run_index: 3 });
    expect(view.cell(3)).toEqual({ phase: 'running', run: null });
  });

  test('reads each window once, and again after it was told to forget', async () => {
    await view.ensure(0, WINDOW);
    await view.ensure(10, 20);
    expect(asked).toEqual([0, WINDOW]);
    expect(view.variables(WINDOW)).toEqual({ text: `input ${WINDOW}` });
    view.forget();
    await view.ensure(10, 20);
    expect(asked).toEqual([0, WINDOW, 0]);
  });

  test('never requests beyond the last input', async () => {
    await view.ensure(100, 5000);
    expect(asked).toEqual([100]);
  });

  test('keeps a running retry when a window brings the failure it retries', async () => {
    view.apply({ type: 'started', batch_run_index: 0 });
    rows = async () => [rowOf(0, [run(0, { status: 'failed', output_text: null })])];
    await view.ensure(0, 0);
    expect(view.cell(0).phase).toBe('running');
  });

  test('never overwrites a stored cell with an older, open state', async () => {
    rows = async (from) => {
      view.apply({ type: 'cell', cell: run(0) });
      return [rowOf(from, [run(0, { status: 'raw_stored', output_text: null })])];
    };
    await view.ensure(0, 0);
    expect(view.cell(0).run?.status).toBe('succeeded');
  });

  test('reports a failure until the window can be read', async () => {
    rows = () => Promise.reject(new Error('no luck'));
    await view.ensure(0, 0);
    expect(view.failure()?.message).toBe('no luck');
    rows = async () => [];
    await view.ensure(0, 0);
    expect(view.failure()).toBeNull();
  });

  test('finds the lines with different outputs, errors and slow answers', () => {
    const cells = [
      [run(0), run(1)],
      [run(2, { response_output_sha256: 'other' }), run(3)],
      [run(4, { status: 'failed', response_output_sha256: null }), run(5)],
      [run(6, { latency_ms: 201 }), run(7)],
      [run(8, { status: 'outcome_unknown', response_output_sha256: null }), run(9)],
    ];
    for (const cell of cells.flat()) view.apply({ type: 'cell', cell });
    expect(matchingLines(view, 'different', null, cells.length)).toEqual([1]);
    expect(matchingLines(view, 'different', 1, cells.length)).toEqual([1]);
    expect(matchingLines(view, 'errors', null, cells.length)).toEqual([2, 4]);
    expect(matchingLines(view, 'slow', null, cells.length)).toEqual([3]);
  });
});
