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

/** By what rows are ordered; what stands out comes first. */
export const ROW_SORTS = ['plan', 'latency', 'cost', 'tokens', 'status', 'difference'] as const;
export type RowSort = (typeof ROW_SORTS)[number];

export const CELL_HEIGHTS = ['S', 'M', 'L'] as const;
export type CellHeight = (typeof CELL_HEIGHTS)[number];

export interface GridState extends Folds {
  readonly view: BatchView;
  /** Cells without a run stay without one. */
  readonly over: boolean;
  /** Position among the shown rows, and the target's column. */
  readonly active: { readonly row: number; readonly target: number };
  readonly filter: RowFilter;
  /** Only rows with an output that holds this text. */
  readonly search: string;
  readonly sort: RowSort;
  readonly cellHeight: CellHeight;
  /** Columns that are not shown. */
  readonly hidden: ReadonlySet<number>;
  /** The version that each column is held to, said once in its header. */
  readonly locks: readonly BatchLock[];
  /** Nothing is heard of it at the moment, so nothing in it is said to run. */
  readonly away: boolean;
  /** Lines that pass the filter; null while all are shown. */
  readonly found: readonly number[] | null;
  /** The rows of what was found; null while all are shown. */
  readonly lines: readonly number[] | null;
  /** Rows are being read to know which pass, and in what order. */
  readonly scanning: boolean;
  /** How many inputs the filter has looked at. */
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

/** The line at a shown row; -1 where there is none. */
export function lineAt(state: GridState, row: number): number {
  return state.lines ? (state.lines[row] ?? -1) : lineOfRow(state.view.shape, state, row);
}

/** Shows the rows of these lines; null shows all. */
export function showFound(store: GridStore, found: readonly number[] | null): void {
  store.setState((state) => ({
    found,
    lines: found && foldLines(state.view.shape, state, found),
  }));
}

/** Gives each repeat of a line's input a row, or puts them back into one; the active cell stays with its input. */
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

/** How many cells stand in one: the repeats of a folded row. */
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

/** The run that a cell shows: under Errors one that went wrong, where a repeat did. */
export function standsFor({ filter }: Pick<GridState, 'filter'>, alike: Alike): RunSummary | null {
  return (filter === 'errors' ? alike.error : null) ?? alike.shown;
}

/** Opens the active cell's run at the right; answers whether there is one. */
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

/** Takes a column out of sight; the last one stays. */
export function hideTarget(store: GridStore, target: number): void {
  store.setState((state) => {
    const left = shownTargets(state).filter((shown) => shown !== target);
    const next = left.find((shown) => shown > target) ?? left.at(-1);
    if (next === undefined) return state;
    return { hidden: new Set([...state.hidden, target]), active: { ...state.active, target: next } };
  });
}

/** The same column again takes the baseline away. */
export function toggleBaseline(store: GridStore, target: number): void {
  store.setState(({ baseline }) =>
    baseline === target ? { baseline: null, mode: 'text' } : { baseline: target, mode: 'diff' },
  );
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(0, max), Math.max(0, value));
}
