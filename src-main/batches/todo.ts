import { cellAt, type BatchCounts, type BatchShape, type RunStatus } from '../../src-shared/domain';
import { cellStatuses, countedAs, type BatchRecord, type ReadDb } from '../store';
import { shapeOf } from './cells';

/** What is left to do of a batch: one byte a cell. */
export interface Todo {
  readonly left: number;
  /** The cell has a run that gets another attempt. */
  isRedo(index: number): boolean;
  /** Where the cell was counted before it is started. */
  countedAs(index: number): keyof BatchCounts;
  /** Walks the cells of some targets in plan order; each is given out once. */
  walk(targets: ReadonlySet<number>): () => number | null;
}

const DONE = 1;
const REDO = 2;

/** Cells without a run, and those with one in a status of `redo`: failed or in doubt, where the user asked for it. */
export function readTodo(db: ReadDb, batch: BatchRecord, redo: ReadonlySet<RunStatus>): Todo {
  const shape = shapeOf(batch);
  const state = new Uint8Array(batch.total);
  const before = new Map<number, RunStatus>();
  let left = batch.total;
  for (const { batch_run_index, status } of cellStatuses(db, batch.batch_id)) {
    if (redo.has(status)) {
      state[batch_run_index] = REDO;
      before.set(batch_run_index, status);
    } else {
      state[batch_run_index] = DONE;
      left -= 1;
    }
  }
  return {
    left,
    isRedo: (index) => state[index] === REDO,
    countedAs: (index) => {
      const status = before.get(index);
      return status === undefined ? 'pending' : countedAs(status);
    },
    walk: (targets) => walk(shape, state, targets),
  };
}

function walk(shape: BatchShape, state: Uint8Array, targets: ReadonlySet<number>): () => number | null {
  let index = 0;
  return () => {
    for (; index < state.length; index += 1) {
      if (state[index] !== DONE && targets.has(cellAt(shape, index).target_index)) return index++;
    }
    return null;
  };
}
