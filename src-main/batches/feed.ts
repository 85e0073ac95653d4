import type { BatchEvent, RunSummary } from '../../src-shared/domain';

type Progress = Extract<BatchEvent, { type: 'progress' }>;

/** Publishes a running batch's events to its watchers. */
export interface BatchFeed {
  started(index: number): void;
  delta(index: number, text: string): void;
  cell(cell: RunSummary): void;
  progress(): void;
  /** The batch has stopped: watchers get the last events and end. */
  end(): void;
  /** `fromStart`: also the cells that were stored before, since the batch was set going. */
  watch(signal: AbortSignal | undefined, options?: { fromStart: boolean }): AsyncGenerator<BatchEvent>;
  onCell(listener: (cell: RunSummary) => void): () => void;
  /** Whether anybody would see streamed text. */
  readonly watched: boolean;
}

/** Events are delivered in bundles this far apart: screens show no more, and the wire should carry no more. */
const BUNDLE_MS = 50;
/** A slow watcher keeps at most this many cells in memory. */
const MAX_WAITING_CELLS = 500;

export interface BatchFeedSource {
  progress(): Progress;
  cell(index: number): RunSummary | null;
}

interface Watcher {
  readonly started: Set<number>;
  readonly deltas: Map<number, string>;
  /** Null once too many are waiting; they are then read from the store on delivery. */
  readonly cells: Map<number, RunSummary | null>;
  hasProgress: boolean;
  wake: (() => void) | null;
}

export function createBatchFeed(source: BatchFeedSource): BatchFeed {
  const watchers = new Set<Watcher>();
  const cellListeners = new Set<(cell: RunSummary) => void>();
  const stored: number[] = [];
  let ended = false;

  const tell = (change: (watcher: Watcher) => void): void => {
    for (const watcher of watchers) {
      change(watcher);
      watcher.wake?.();
    }
  };

  return {
    get watched() {
      return watchers.size > 0;
    },
    started(index) {
      tell((watcher) => watcher.started.add(index));
    },
    delta(index, text) {
      tell((watcher) => watcher.deltas.set(index, (watcher.deltas.get(index) ?? '') + text));
    },
    cell(cell) {
      // A cell that was reset is news for a screen, but not a stored answer.
      if (cell.status !== 'pending') for (const listener of cellListeners) listener(cell);
      const index = cell.batch_run_index;
      if (index === null) return;
      if (cell.status !== 'pending') stored.push(index);
      tell((watcher) => {
        // The stored cell supersedes its streamed text.
        watcher.started.delete(index);
        watcher.deltas.delete(index);
        watcher.cells.set(index, watcher.cells.size < MAX_WAITING_CELLS ? cell : null);
        watcher.hasProgress = true;
      });
    },
    progress() {
      tell((watcher) => {
        watcher.hasProgress = true;
      });
    },
    end() {
      ended = true;
      tell((watcher) => {
        watcher.hasProgress = true;
      });
    },
    onCell(listener) {
      cellListeners.add(listener);
      return () => cellListeners.delete(listener);
    },
    async *watch(signal, { fromStart } = { fromStart: false }) {
      const watcher: Watcher = {
        started: new Set(),
        deltas: new Map(),
        cells: new Map(fromStart ? stored.map((index) => [index, null]) : []),
        hasProgress: true,
        wake: null,
      };
      const aborted = (): void => watcher.wake?.();
      watchers.add(watcher);
      signal?.addEventListener('abort', aborted);
      try {
        for (;;) {
          if (signal?.aborted) return;
          const last = ended;
          yield* bundleOf(watcher, source);
          if (last) return;
          await nextBundle(watcher, signal);
        }
      } finally {
        signal?.removeEventListener('abort', aborted);
        watchers.delete(watcher);
      }
    },
  };
}

function* bundleOf(watcher: Watcher, source: BatchFeedSource): Generator<BatchEvent> {
  const started = [...watcher.started];
  const deltas = [...watcher.deltas];
  const cells = [...watcher.cells];
  const hasProgress = watcher.hasProgress;
  watcher.started.clear();
  watcher.deltas.clear();
  watcher.cells.clear();
  watcher.hasProgress = false;
  if (hasProgress) yield source.progress();
  for (const batch_run_index of started) yield { type: 'started', batch_run_index };
  for (const [batch_run_index, text] of deltas) yield { type: 'delta', batch_run_index, text };
  for (const [index, waiting] of cells) {
    const cell = waiting ?? source.cell(index);
    if (cell !== null) yield { type: 'cell', cell };
  }
}

/** Waits for the first event, then for the rest of the bundle. */
async function nextBundle(watcher: Watcher, signal: AbortSignal | undefined): Promise<void> {
  const isEmpty = (): boolean =>
    !watcher.hasProgress && watcher.started.size + watcher.deltas.size + watcher.cells.size === 0;
  if (isEmpty() && !signal?.aborted) {
    await new Promise<void>((resolve) => {
      watcher.wake = resolve;
    });
    watcher.wake = null;
  }
  if (!signal?.aborted) await new Promise((resolve) => setTimeout(resolve, BUNDLE_MS));
}
