import { type BatchShape, type RunSummary, isOpen } from '../../../../src-shared/domain';
import type { CellState } from '../batch-view';
import { lineCount } from '../plan/coordinates';

/**
 * The repeats of an input share one row until unfolded. A folded row is identified by the line of its first repeat,
 * so every row maps to a line.
 */
export interface Folds {
  /** First lines of the unfolded rows, ascending. */
  readonly unfolded: readonly number[];
}

export function firstRepeat({ replicates }: BatchShape, line: number): number {
  return line - (line % replicates);
}

export function isFolded(shape: BatchShape, { unfolded }: Folds, line: number): boolean {
  return shape.replicates > 1 && !unfolded.includes(firstRepeat(shape, line));
}

/** Number of rows without a filter. */
export function foldedRowCount(shape: BatchShape, { unfolded }: Folds): number {
  return lineCount(shape) / shape.replicates + unfolded.length * (shape.replicates - 1);
}

/** The line at a row, without a filter. Computed on demand: there may be a million rows. */
export function lineOfRow(shape: BatchShape, { unfolded }: Folds, row: number): number {
  const { replicates } = shape;
  const startOf = (place: number): number => (unfolded[place] ?? 0) / replicates + place * (replicates - 1);
  let before = 0;
  for (let end = unfolded.length; before < end;) {
    const middle = Math.floor((before + end) / 2);
    if (startOf(middle) <= row) before = middle + 1;
    else end = middle;
  }
  if (before === 0) return row * replicates;
  const first = unfolded[before - 1] ?? 0;
  const beyond = row - startOf(before - 1);
  return beyond < replicates ? first + beyond : first + (beyond - replicates + 1) * replicates;
}

/** The row of a line, without a filter; for a folded line, the row it is folded into. */
export function rowOfLine(shape: BatchShape, folds: Folds, line: number): number {
  const first = firstRepeat(shape, line);
  const before = folds.unfolded.filter((other) => other < first).length;
  const own = isFolded(shape, folds, line) ? 0 : line - first;
  return first / shape.replicates + before * (shape.replicates - 1) + own;
}

/** Rows for the lines that pass a filter, in their order; one match brings in all repeats of its input. */
export function foldLines(shape: BatchShape, folds: Folds, lines: readonly number[]): readonly number[] {
  if (shape.replicates === 1) return lines;
  const unfolded = new Set(folds.unfolded);
  const firsts = new Set(lines.map((line) => firstRepeat(shape, line)));
  return [...firsts].flatMap((first) =>
    unfolded.has(first) ? Array.from({ length: shape.replicates }, (_, repeat) => first + repeat) : [first],
  );
}

/** How far the repeats of one cell agree. */
export interface Alike {
  /** The representative run: one with the most frequent output, else the first that ended. */
  readonly shown: RunSummary | null;
  /** The first error, shown under the Errors filter. */
  readonly error: RunSummary | null;
  /** How many succeeded runs share the most frequent output. */
  readonly alike: number;
  readonly succeeded: number;
  readonly ended: number;
  readonly failed: number;
  readonly unknown: number;
  readonly cancelled: number;
  /** Ended runs, by repeat. */
  readonly runs: readonly RunSummary[];
}

/** Whether the Errors filter matches. */
export function isError(run: RunSummary | null): run is RunSummary {
  return run?.status === 'failed' || run?.status === 'outcome_unknown';
}

/** Outputs are alike if their canonical hashes are equal; an output without a hash matches no other. */
export function alikeOf(cells: readonly CellState[]): Alike {
  const runs = cells.flatMap(({ run }) => (run !== null && !isOpen(run.status) ? [run] : []));
  const counts = new Map<string, { readonly first: RunSummary; count: number }>();
  for (const run of runs) {
    if (run.status !== 'succeeded') continue;
    const key = run.response_output_sha256 ?? run.run_id;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { first: run, count: 1 });
  }
  const most = [...counts.values()].reduce<{ readonly first: RunSummary; count: number } | null>(
    (best, next) => (best === null || next.count > best.count ? next : best),
    null,
  );
  const countOf = (status: RunSummary['status']): number =>
    runs.filter((run) => run.status === status).length;
  return {
    shown: most?.first ?? runs[0] ?? null,
    error: runs.find(isError) ?? null,
    alike: most?.count ?? 0,
    succeeded: countOf('succeeded'),
    ended: runs.length,
    failed: countOf('failed'),
    unknown: countOf('outcome_unknown'),
    cancelled: countOf('cancelled'),
    runs,
  };
}
