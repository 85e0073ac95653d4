import { batchShapeOf, cellAt, type BatchShape, type RunStatus } from '../../src-shared/domain';
import { cellStatuses, type BatchRecord, type ReadDb } from '../store';

/** What is left to do of a batch: one byte a cell. */
export interface Todo {
  /** The cell has a run that gets another attempt. */
  isRedo(index: number): boolean;
  /** Walks the cells of some targets in plan order; each is given out once. */
  walk(targets: ReadonlySet<number>): () => number | null;
}

const DONE = 1;
const REDO = 2;

/**
 * Cells without a run, those that were put back before they were answered, and those with a run in a status of `redo`:
 * failed or in doubt, where the user asked for it.
 */
export function readTodo(db: ReadDb, batch: BatchRecord, redo: ReadonlySet<RunStatus>): Todo {
  const shape = batchShapeOf(batch);
  const state = new Uint8Array(batch.total);
  for (const { batch_run_index, status } of cellStatuses(db, batch.batch_id)) {
    state[batch_run_index] = status === 'pending' || redo.has(status) ? REDO : DONE;
  }
  return {
    isRedo: (index) => state[index] === REDO,
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
