import { useEffect } from 'react';
import { WINDOW, type BatchView } from './batch-view';
import { cellIndex, linesPerInput } from './coordinates';
import { useGrid, useGridStore, type RowFilter } from './grid-store';
import type { RunSummary } from '../../../src-shared/domain';

/** Looking at more cells than this would hold more memory than the answer is worth. */
const MAX_CELLS = 40_000;
const AGAIN_MS = 500;

/** Keeps the lines that pass the filter, reading the comparison window by window while it is set. */
export function useRowFilter(): void {
  const store = useGridStore();
  const filter = useGrid((state) => state.filter);
  const baseline = useGrid((state) => state.baseline);
  const view = useGrid((state) => state.view);

  useEffect(() => {
    if (filter === 'all') {
      store.setState({ lines: null, scanned: 0 });
      return;
    }
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const perInput = linesPerInput(view.shape);
    const maxInputs = Math.max(1, Math.floor(MAX_CELLS / (perInput * view.shape.targets)));
    const inputs = Math.min(view.shape.inputs, maxInputs);

    const publish = (upToInput: number): void => {
      const lines = matchingLines(view, filter, baseline, upToInput * perInput);
      store.setState({ lines, scanned: upToInput * perInput });
    };
    const scan = async (): Promise<void> => {
      for (let input = 0; input < inputs && !stop.signal.aborted; input += WINDOW) {
        await view.ensure(input, input + WINDOW - 1);
        if (!stop.signal.aborted) publish(Math.min(inputs, input + WINDOW));
      }
    };
    const unsubscribe = view.onChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        publish(inputs);
      }, AGAIN_MS);
    });
    void scan();
    return () => {
      stop.abort();
      clearTimeout(timer);
      unsubscribe();
    };
  }, [store, view, filter, baseline]);
}

/** Which of the first `upTo` lines pass. */
export function matchingLines(
  view: BatchView,
  filter: Exclude<RowFilter, 'all'>,
  baseline: number | null,
  upTo: number,
): number[] {
  const medians = filter === 'slow' ? medianLatencies(view, upTo) : [];
  const found: number[] = [];
  for (let line = 0; line < upTo; line += 1) {
    const runs = runsOfLine(view, line);
    const passes =
      filter === 'errors'
        ? runs.some((run) => run?.status === 'failed' || run?.status === 'outcome_unknown')
        : filter === 'different'
          ? differs(runs, baseline)
          : runs.some((run, target) => isSlow(run, medians[target]));
    if (passes) found.push(line);
  }
  return found;
}

function runsOfLine(view: BatchView, line: number): (RunSummary | null)[] {
  return Array.from(
    { length: view.shape.targets },
    (_, target) => view.cell(cellIndex(view.shape, line, target)).run,
  );
}

/** Outputs are compared by their canonical hash: white space at the end and line ends do not count. */
function differs(runs: readonly (RunSummary | null)[], baseline: number | null): boolean {
  const hashes = runs.map((run) => run?.response_output_sha256 ?? null);
  const reference = baseline === null ? hashes.find((hash) => hash !== null) : hashes[baseline];
  return typeof reference === 'string' && hashes.some((hash) => hash !== null && hash !== reference);
}

/** Slow is relative: more than twice the median of its own column. */
function isSlow(run: RunSummary | null | undefined, median: number | undefined): boolean {
  const latency = run?.latency_ms ?? 0;
  return median !== undefined && median > 0 && latency > 2 * median;
}

function medianLatencies(view: BatchView, upTo: number): number[] {
  const columns: number[][] = Array.from({ length: view.shape.targets }, () => []);
  for (let line = 0; line < upTo; line += 1)
    for (const [target, run] of runsOfLine(view, line).entries())
      if (run && run.latency_ms !== null) columns[target]?.push(run.latency_ms);
  return columns.map(
    (latencies) => latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length / 2)] ?? 0,
  );
}
