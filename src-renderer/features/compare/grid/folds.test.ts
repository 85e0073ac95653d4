import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunSummary } from '../../../../src-shared/domain';
import { storedRun } from '../../../../test/support/stored-run';
import type { CellState } from '../batch-view';
import { lineCount } from '../plan/coordinates';
import { alikeOf, foldedRowCount, foldLines, lineOfRow, rowOfLine } from './folds';

const size = fc.integer({ min: 1, max: 4 });
const shapes = fc.record({ inputs: size, locales: size, modes: size, targets: size, replicates: size });

describe('the rows of a comparison with folded repeats', () => {
  test('are one per input, or one per repeat if unfolded', () => {
    const shape = { inputs: 4, locales: 1, modes: 1, targets: 2, replicates: 3 };
    const rowsOf = (unfolded: number[]): number[] =>
      Array.from({ length: foldedRowCount(shape, { unfolded }) }, (_, row) =>
        lineOfRow(shape, { unfolded }, row),
      );
    expect(rowsOf([])).toEqual([0, 3, 6, 9]);
    expect(rowsOf([3, 9])).toEqual([0, 3, 4, 5, 6, 9, 10, 11]);
  });

  test('are found by their line, whatever is unfolded', () => {
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.boolean()), (shape, choices) => {
        const firsts = Array.from(
          { length: lineCount(shape) / shape.replicates },
          (_, group) => group * shape.replicates,
        );
        const unfolded = shape.replicates === 1 ? [] : firsts.filter(() => choices.next().value);
        const rows = Array.from({ length: foldedRowCount(shape, { unfolded }) }, (_, row) => row);
        const lines = rows.map((row) => lineOfRow(shape, { unfolded }, row));
        expect(lines).toEqual(
          foldLines(
            shape,
            { unfolded },
            Array.from({ length: lineCount(shape) }, (_, line) => line),
          ),
        );
        expect(lines.map((line) => rowOfLine(shape, { unfolded }, line))).toEqual(rows);
      }),
    );
  });

  test('keep the order of matches, and show each input once', () => {
    const shape = { inputs: 4, locales: 1, modes: 1, targets: 2, replicates: 3 };
    expect(foldLines(shape, { unfolded: [3] }, [10, 4, 9, 3])).toEqual([9, 3, 4, 5]);
  });
});

describe('repeats of one cell', () => {
  const cellsOf = (...runs: (Partial<RunSummary> | null)[]): CellState[] =>
    runs.map((changes, index) =>
      changes === null
        ? { phase: 'running', run: null }
        : { phase: 'stored', run: storedRun(index, changes) },
    );

  test('are represented by their most frequent output', () => {
    const alike = alikeOf(
      cellsOf(
        { response_output_sha256: 'a' },
        { response_output_sha256: 'b' },
        { response_output_sha256: 'b' },
        null,
      ),
    );
    expect(alike).toMatchObject({ shown: { run_id: 'run-1' }, alike: 2, ended: 3, failed: 0 });
  });

  test('never count a failure as alike, and never hide one', () => {
    const failed = { status: 'failed', response_output_sha256: 'a' } as const;
    expect(alikeOf(cellsOf(failed, failed, { response_output_sha256: 'b' }))).toMatchObject({
      shown: { run_id: 'run-2' },
      alike: 1,
      ended: 3,
      failed: 2,
    });
    expect(alikeOf(cellsOf(failed, { status: 'outcome_unknown' }))).toMatchObject({
      shown: { run_id: 'run-0' },
      alike: 0,
      failed: 1,
      unknown: 1,
    });
  });

  test('are never alike without a hash', () => {
    const bare = { response_output_sha256: null };
    expect(alikeOf(cellsOf(bare, bare))).toMatchObject({ alike: 1, ended: 2 });
  });
});
