import { batchShapeOf, type Batch, type RunSummary, type Variables } from '../../../../src-shared/domain';
import type { Core } from '../../../ports';

export interface ResultRow {
  readonly input_index: number;
  readonly variables: Variables;
  readonly cells: readonly RunSummary[];
}

const MAX_ROWS = 200;
/** Cells held at a time, so that memory does not grow with the batch. */
const CELLS_AT_A_TIME = 2_000;

/** Every row of a batch with its stored cells, in plan order, window by window. */
export function* readRows({ batches }: Pick<Core, 'batches'>, batch: Batch): Generator<ResultRow, void> {
  const shape = batchShapeOf(batch);
  const cellsPerRow = shape.locales * shape.modes * shape.targets * shape.replicates;
  const count = Math.min(MAX_ROWS, Math.max(1, Math.floor(CELLS_AT_A_TIME / cellsPerRow)));
  for (let from = 0; from < batch.inputs_count; from += count) {
    yield* batches.rows({ batch_id: batch.batch_id, from, count }).rows;
  }
}
