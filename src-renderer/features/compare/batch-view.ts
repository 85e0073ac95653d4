import { useMemo, useSyncExternalStore } from 'react';
import {
  type BatchEvent,
  type BatchShape,
  type RunSummary,
  type Variables,
  isOpen,
} from '../../../src-shared/domain';
import { failureOf, type Failure } from '../../rpc';

export interface CellState {
  readonly phase: 'waiting' | 'running' | 'stored';
  readonly run: RunSummary | null;
}

const WAITING: CellState = { phase: 'waiting', run: null };
const RUNNING: CellState = { phase: 'running', run: null };

/** Inputs per window: what the core can read and send in a few milliseconds. */
export const WINDOW = 50;

/**
 * The cells of one open comparison, kept outside React: thousands of events a second arrive here, and once a frame
 * the visible cells that changed are notified. Streamed server data does not belong in a query cache.
 */
export interface BatchView {
  readonly shape: BatchShape;
  cell(index: number): CellState;
  /** Text streamed so far; not stored, and replaced once the cell is. */
  streamed(index: number): string;
  variables(input: number): Variables | undefined;
  /** Increases with each change of a stored cell or a window. */
  version(): number;
  failure(): Failure | null;
  apply(event: Exclude<BatchEvent, { type: 'progress' }>): void;
  /** Loads the windows of these inputs that are not loaded yet. */
  ensure(firstInput: number, lastInput: number): Promise<void>;
  /** After missed events: reloads windows when they are next needed. */
  forget(): void;
  onCell(index: number, listener: () => void): () => void;
  onText(index: number, listener: () => void): () => void;
  onChange(listener: () => void): () => void;
}

/** One input with its stored cells. */
export interface BatchRow {
  readonly input_index: number;
  readonly variables: Variables;
  readonly cells: readonly RunSummary[];
}

export interface BatchSource {
  rows(from: number, count: number): Promise<readonly BatchRow[]>;
  /** Runs the callback once, before the next frame. */
  nextFrame(callback: () => void): void;
}

export function createBatchView(shape: BatchShape, source: BatchSource): BatchView {
  const cells = new Map<number, CellState>();
  const texts = new Map<number, string>();
  const inputs = new Map<number, Variables>();
  const windows = new Map<number, Promise<void>>();
  const cellListeners = new Map<number, Set<() => void>>();
  const textListeners = new Map<number, Set<() => void>>();
  const listeners = new Set<() => void>();
  const changedCells = new Set<number>();
  const changedTexts = new Set<number>();
  let versionNumber = 0;
  let lastFailure: Failure | null = null;
  let scheduled = false;
  let parity = 0;

  const flush = (): void => {
    scheduled = false;
    if (changedCells.size > 0) versionNumber += 1;
    const anyChange = changedCells.size > 0;
    for (const index of changedCells) tell(cellListeners.get(index));
    changedCells.clear();
    // Half of the cells update each frame: text at 30 Hz looks the same and halves the layout cost.
    parity = 1 - parity;
    for (const index of changedTexts) {
      if (index % 2 !== parity) continue;
      changedTexts.delete(index);
      tell(textListeners.get(index));
    }
    if (changedTexts.size > 0) schedule();
    if (anyChange) tell(listeners);
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    source.nextFrame(flush);
  };
  const setCell = (index: number, state: CellState): void => {
    cells.set(index, state);
    changedCells.add(index);
    schedule();
  };
  const store = (run: RunSummary): void => {
    if (run.batch_run_index === null) return;
    texts.delete(run.batch_run_index);
    setCell(run.batch_run_index, { phase: 'stored', run });
  };

  async function readWindow(window: number): Promise<void> {
    try {
      const rows = await source.rows(window * WINDOW, WINDOW);
      for (const row of rows) {
        inputs.set(row.input_index, row.variables);
        for (const run of row.cells) if (isNewer(run, cells)) store(run);
      }
      lastFailure = null;
    } catch (error) {
      windows.delete(window);
      lastFailure = failureOf(error);
    }
    versionNumber += 1;
    tell(listeners);
  }

  return {
    shape,
    cell: (index) => cells.get(index) ?? WAITING,
    streamed: (index) => texts.get(index) ?? '',
    variables: (input) => inputs.get(input),
    version: () => versionNumber,
    failure: () => lastFailure,
    apply(event) {
      if (event.type === 'cell') {
        store(event.cell);
        return;
      }
      const index = event.batch_run_index;
      if (event.type === 'started') {
        texts.delete(index);
        setCell(index, RUNNING);
        return;
      }
      texts.set(index, (texts.get(index) ?? '') + event.text);
      changedTexts.add(index);
      if (cells.get(index)?.phase !== 'running') setCell(index, RUNNING);
      schedule();
    },
    async ensure(firstInput, lastInput) {
      const last = Math.min(lastInput, shape.inputs - 1);
      const wanted: Promise<void>[] = [];
      for (let window = Math.floor(Math.max(0, firstInput) / WINDOW); window * WINDOW <= last; window += 1) {
        let reading = windows.get(window);
        if (!reading) {
          reading = readWindow(window);
          windows.set(window, reading);
        }
        wanted.push(reading);
      }
      await Promise.all(wanted);
    },
    forget() {
      windows.clear();
      versionNumber += 1;
      tell(listeners);
    },
    onCell: (index, listener) => listenAt(cellListeners, index, listener),
    onText: (index, listener) => listenAt(textListeners, index, listener),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A window read while events arrived must not bring back an older state. */
function isNewer(run: RunSummary, cells: ReadonlyMap<number, CellState>): boolean {
  const known = run.batch_run_index === null ? undefined : cells.get(run.batch_run_index);
  if (!known?.run) return known?.phase !== 'running' || run.status !== 'failed';
  if (known.run.run_id !== run.run_id) return known.run.executed_at <= run.executed_at;
  // For the same run, an ended state is newer than an open one.
  if (!isOpen(known.run.status) && isOpen(run.status)) return false;
  return (
    known.run.status !== run.status ||
    known.run.output_text !== run.output_text ||
    known.run.response_output_sha256 !== run.response_output_sha256
  );
}

function tell(listeners: ReadonlySet<() => void> | undefined): void {
  if (listeners) for (const listener of listeners) listener();
}

function listenAt(all: Map<number, Set<() => void>>, index: number, listener: () => void): () => void {
  const known = all.get(index) ?? new Set();
  known.add(listener);
  all.set(index, known);
  return () => {
    known.delete(listener);
    if (known.size === 0) all.delete(index);
  };
}

/** Re-renders when stored cells or windows change. */
export function useViewVersion(view: BatchView): number {
  return useSyncExternalStore(view.onChange, view.version);
}

/** Consecutive cells; the same array until one of them changes. */
export function useCells(view: BatchView, from: number, count: number): readonly CellState[] {
  const source = useMemo(() => {
    const indexes = Array.from({ length: count }, (_, place) => from + place);
    let known: readonly CellState[] = [];
    return {
      subscribe(listener: () => void) {
        const stops = indexes.map((index) => view.onCell(index, listener));
        return () => {
          for (const stop of stops) stop();
        };
      },
      get() {
        const cells = indexes.map((index) => view.cell(index));
        if (cells.length !== known.length || cells.some((cell, place) => cell !== known[place]))
          known = cells;
        return known;
      },
    };
  }, [view, from, count]);
  return useSyncExternalStore(source.subscribe, source.get);
}
