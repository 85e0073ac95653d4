import { batchShapeOf, cellAt, type BatchShape, type RunStatus } from '../../src-shared/domain';
import { cellStatuses, type BatchRecord, type ReadDb } from '../store';

/** A batch's remaining cells, at one byte per cell. */
export interface Todo {
  /** The cell has a run that gets another attempt. */
  isRedo(index: number): boolean;
  /** Iterates over the cells of some targets in plan order; hands out each cell once. */
  walk(targets: ReadonlySet<number>): () => number | null;
}

const DONE = 1;
const REDO = 2;

/**
 * Cells without a run, cells that were reset before they were answered, and cells whose run has a status in `redo`:
 * failed or in doubt, on the user's request.
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
