import { createContext, use, useState } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import type { BatchLock, RunSummary } from '../../../../src-shared/domain';
import type { BatchView } from '../batch-view';
import { cellIndex } from '../plan/coordinates';
import {
  alikeOf,
  firstRepeat,
  foldedRowCount,
  foldLines,
  isFolded,
  lineOfRow,
  rowOfLine,
  type Folds,
  type Alike,
} from './folds';

export const ROW_FILTERS = ['all', 'different', 'errors', 'slow'] as const;
export type RowFilter = (typeof ROW_FILTERS)[number];

/** Row orders; outliers come first. */
export const ROW_SORTS = ['plan', 'latency', 'cost', 'tokens', 'status', 'difference'] as const;
export type RowSort = (typeof ROW_SORTS)[number];

export const CELL_HEIGHTS = ['S', 'M', 'L'] as const;
export type CellHeight = (typeof CELL_HEIGHTS)[number];

export interface GridState extends Folds {
  readonly view: BatchView;
  /** The batch has ended: cells without a run stay that way. */
  readonly over: boolean;
  /** Index among the shown rows, and target index. */
  readonly active: { readonly row: number; readonly target: number };
  readonly filter: RowFilter;
  /** Shows only rows whose output contains this text. */
  readonly search: string;
  readonly sort: RowSort;
  readonly cellHeight: CellHeight;
  /** Hidden columns. */
  readonly hidden: ReadonlySet<number>;
  /** The version each column is locked to, shown in its header. */
  readonly locks: readonly BatchLock[];
  /** Disconnected, so nothing is shown as running. */
  readonly away: boolean;
  /** Lines that pass the filter; null without a filter. */
  readonly found: readonly number[] | null;
  /** The rows of `found`; null without a filter. */
  readonly lines: readonly number[] | null;
  /** Rows are still being read to filter and sort them. */
  readonly scanning: boolean;
  /** Number of inputs the filter has checked. */
  readonly scanned: number;
  readonly baseline: number | null;
  readonly mode: 'text' | 'diff';
  readonly expanded: ReadonlySet<number>;
  readonly inspected: { readonly runId: string; readonly target: number } | null;
}

export type GridStore = StoreApi<GridState>;

export function useNewGridStore(view: BatchView): GridStore {
  const [store] = useState(() =>
    createStore<GridState>()(() => ({
      view,
      over: false,
      active: { row: 0, target: 0 },
      filter: 'all',
      search: '',
      sort: 'plan',
      cellHeight: 'M',
      hidden: new Set(),
      locks: [],
      away: false,
      scanning: false,
      found: null,
      lines: null,
      unfolded: [],
      scanned: 0,
      baseline: null,
      mode: 'text',
      expanded: new Set(),
      inspected: null,
    })),
  );
  return store;
}

const GridContext = createContext<GridStore | null>(null);
export const GridProvider = GridContext.Provider;

export function useGridStore(): GridStore {
  const store = use(GridContext);
  if (!store) throw new Error('This belongs inside a comparison.');
  return store;
}

export function useGrid<Part>(select: (state: GridState) => Part): Part {
  return useStore(useGridStore(), select);
}

export function shownRows(state: GridState): number {
  return state.lines ? state.lines.length : foldedRowCount(state.view.shape, state);
}

/** The line at a shown row; -1 if none. */
export function lineAt(state: GridState, row: number): number {
  return state.lines ? (state.lines[row] ?? -1) : lineOfRow(state.view.shape, state, row);
}

/** Shows only these lines; null shows all. */
export function showFound(store: GridStore, found: readonly number[] | null): void {
  store.setState((state) => ({
    found,
    lines: found && foldLines(state.view.shape, state, found),
  }));
}

/** Unfolds or folds the repeats of a line's input; the active cell stays with its input. */
export function toggleRepeats(store: GridStore, line: number): void {
  store.setState((state) => {
    const { shape } = state.view;
    const first = firstRepeat(shape, line);
    const unfolded = state.unfolded.includes(first)
      ? state.unfolded.filter((other) => other !== first)
      : [...state.unfolded, first].toSorted((a, b) => a - b);
    const lines = state.found && foldLines(shape, { unfolded }, state.found);
    const active = lineAt(state, state.active.row);
    const shown = isFolded(shape, { unfolded }, active) ? firstRepeat(shape, active) : active;
    const row = lines ? lines.indexOf(shown) : rowOfLine(shape, { unfolded }, shown);
    return { unfolded, lines, active: { ...state.active, row: Math.max(0, row) } };
  });
}

/** How many repeats a cell represents: more than one in a folded row. */
export function repeatsAt(state: GridState, line: number): number {
  return isFolded(state.view.shape, state, line) ? state.view.shape.replicates : 1;
}

export function moveActive(store: GridStore, rows: number, targets: number): void {
  store.setState((state) => {
    const row = clamp(state.active.row + rows, shownRows(state) - 1);
    const columns = shownTargets(state);
    const place = clamp(columns.indexOf(state.active.target) + targets, columns.length - 1);
    const target = columns[place] ?? 0;
    return { active: { row, target } };
  });
  if (store.getState().inspected) inspectActive(store);
}

/** The run a cell shows: under the Errors filter, its first error if there is one. */
export function standsFor({ filter }: Pick<GridState, 'filter'>, alike: Alike): RunSummary | null {
  return (filter === 'errors' ? alike.error : null) ?? alike.shown;
}

/** Opens the active cell's run in the panel; returns false if it has none. */
export function inspectActive(store: GridStore): boolean {
  const state = store.getState();
  const line = lineAt(state, state.active.row);
  if (line < 0) return false;
  const index = cellIndex(state.view.shape, line, state.active.target);
  const cells = Array.from({ length: repeatsAt(state, line) }, (_, repeat) =>
    state.view.cell(index + repeat),
  );
  const run = standsFor(state, alikeOf(cells)) ?? cells.find((cell) => cell.run !== null)?.run;
  if (!run) return false;
  store.setState({ inspected: { runId: run.run_id, target: state.active.target } });
  return true;
}

export function toggleExpanded(store: GridStore, line: number): void {
  store.setState(({ expanded }) => {
    const next = new Set(expanded);
    if (!next.delete(line)) next.add(line);
    return { expanded: next };
  });
}

export function shownTargets({ view, hidden }: Pick<GridState, 'view' | 'hidden'>): number[] {
  return Array.from({ length: view.shape.targets }, (_, target) => target).filter(
    (target) => !hidden.has(target),
  );
}

/** Hides a column, unless it is the last one. */
export function hideTarget(store: GridStore, target: number): void {
  store.setState((state) => {
    const left = shownTargets(state).filter((shown) => shown !== target);
    const next = left.find((shown) => shown > target) ?? left.at(-1);
    if (next === undefined) return state;
    return { hidden: new Set([...state.hidden, target]), active: { ...state.active, target: next } };
  });
}

/** Choosing the baseline column again clears it, and with it the diffs against it. */
export function toggleBaseline(store: GridStore, target: number): void {
  store.setState(({ baseline }) =>
    baseline === target ? { baseline: null, mode: 'text' } : { baseline: target },
  );
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(0, max), Math.max(0, value));
}
