import { useLayoutEffect } from 'react';
import { WINDOW, type BatchView } from '../batch-view';
import { cellIndex, linesPerInput } from '../plan/coordinates';
import { isError } from './folds';
import { showFound, useGrid, useGridStore, type RowFilter, type RowSort } from './grid-store';
import { percentileOf, shownOutput, type RunSummary } from '../../../../src-shared/domain';

/** Scanning more cells than this would cost more memory than the result is worth. */
const MAX_CELLS = 40_000;
const AGAIN_MS = 500;

/** Maintains which lines are shown and in what order, reading the comparison window by window if needed. */
export function useRowFilter(): void {
  const store = useGridStore();
  const filter = useGrid((state) => state.filter);
  const baseline = useGrid((state) => state.baseline);
  const view = useGrid((state) => state.view);
  const search = useGrid((state) => state.search);
  const sort = useGrid((state) => state.sort);

  // Before paint, so that a scan in progress never shows "nothing found".
  useLayoutEffect(() => {
    if (filter === 'all' && search === '' && sort === 'plan') {
      showFound(store, null);
      store.setState({ scanned: 0, scanning: false });
      return;
    }
    store.setState({ scanning: true });
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const perInput = linesPerInput(view.shape);
    const maxInputs = Math.max(1, Math.floor(MAX_CELLS / (perInput * view.shape.targets)));
    const inputs = Math.min(view.shape.inputs, maxInputs);

    const publish = (upToInput: number): void => {
      const upTo = upToInput * perInput;
      const found = filter === 'all' ? allLines(upTo) : matchingLines(view, filter, baseline, upTo);
      showFound(store, sortedLines(view, linesWith(view, found, search), sort, baseline));
      store.setState({ scanned: upToInput });
    };
    const scan = async (): Promise<void> => {
      for (let input = 0; input < inputs && !stop.signal.aborted; input += WINDOW) {
        await view.ensure(input, input + WINDOW - 1);
        if (!stop.signal.aborted) publish(Math.min(inputs, input + WINDOW));
      }
      if (!stop.signal.aborted) store.setState({ scanning: false });
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
  }, [store, view, filter, baseline, search, sort]);
}

/** Which of the first `upTo` lines pass the filter. */
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
        ? runs.some(isError)
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

/** Compares canonical hashes, so trailing white space and line endings do not count. */
function differs(runs: readonly (RunSummary | null)[], baseline: number | null): boolean {
  const hashes = runs.map((run) => run?.response_output_sha256 ?? null);
  const reference = baseline === null ? hashes.find((hash) => hash !== null) : hashes[baseline];
  return typeof reference === 'string' && hashes.some((hash) => hash !== null && hash !== reference);
}

/** Slow means more than twice the column's median. */
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
    (latencies) =>
      percentileOf(
        latencies.toSorted((a, b) => a - b),
        0.5,
      ) ?? 0,
  );
}

function allLines(upTo: number): number[] {
  return Array.from({ length: upTo }, (_, line) => line);
}

/** Lines whose output contains the text, ignoring case. */
export function linesWith(view: BatchView, lines: number[], text: string): number[] {
  if (text === '') return lines;
  const wanted = new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`), 'iu');
  return lines.filter((line) =>
    runsOfLine(view, line).some((run) => run !== null && wanted.test(shownOutput(run) ?? '')),
  );
}

/** Outliers first: a line ranks by its most extreme cell. The sort is stable. */
export function sortedLines(
  view: BatchView,
  lines: number[],
  sort: RowSort,
  baseline: number | null,
): number[] {
  if (sort === 'plan') return lines;
  const weights = new Map(lines.map((line) => [line, weightOf(runsOfLine(view, line), sort, baseline)]));
  return lines.toSorted((a, b) => (weights.get(b) ?? -1) - (weights.get(a) ?? -1));
}

const STATUS_WEIGHT: Readonly<Record<RunSummary['status'], number>> = {
  failed: 5,
  outcome_unknown: 4,
  cancelled: 3,
  pending: 2,
  sending: 2,
  raw_stored: 2,
  succeeded: 1,
};

/** Unknown values rank below all known ones. */
function weightOf(
  runs: readonly (RunSummary | null)[],
  sort: Exclude<RowSort, 'plan'>,
  baseline: number | null,
): number {
  if (sort === 'difference') {
    const reference = baseline === null ? runs.find((run) => run !== null) : runs[baseline];
    if (!reference?.response_output_sha256) return -1;
    const length = shownOutput(reference)?.length ?? 0;
    return Math.max(
      ...runs.map((run) =>
        !run?.response_output_sha256 || run.response_output_sha256 === reference.response_output_sha256
          ? 0
          : 1 + Math.abs((shownOutput(run)?.length ?? 0) - length),
      ),
    );
  }
  const measure = (run: RunSummary): number | null => {
    if (sort === 'latency') return run.latency_ms;
    // Only for ordering, so a double is precise enough.
    if (sort === 'cost') return run.cost_usd === null ? null : Number(run.cost_usd);
    if (sort === 'status') return STATUS_WEIGHT[run.status];
    const { input_tokens: sent, output_tokens: received } = run.usage;
    return sent === null && received === null ? null : (sent ?? 0) + (received ?? 0);
  };
  return Math.max(-1, ...runs.map((run) => (run === null ? -1 : (measure(run) ?? -1))));
}
