import { batchShapeOf, type Batch, type ComparisonRow } from '../../../../src-shared/domain';
import type { PrompterClient } from '../../../rpc';

const MAX_ROWS = 200;
/** Cells held at a time, so that memory does not grow with the batch. */
const CELLS_AT_A_TIME = 2_000;

/** Every row of a batch with its stored cells, in plan order, window by window. */
export async function* readRows(
  { batches }: Pick<PrompterClient, 'batches'>,
  batch: Batch,
): AsyncGenerator<ComparisonRow, void> {
  const shape = batchShapeOf(batch);
  const cellsPerRow = shape.locales * shape.modes * shape.targets * shape.replicates;
  const count = Math.min(MAX_ROWS, Math.max(1, Math.floor(CELLS_AT_A_TIME / cellsPerRow)));
  for (let from = 0; from < batch.inputs_count; from += count) {
    yield* (await batches.rows({ batch_id: batch.batch_id, from, count })).rows;
  }
}

/** For a comparison that fits on a screen. */
export async function allRows(
  client: Pick<PrompterClient, 'batches'>,
  batch: Batch,
): Promise<ComparisonRow[]> {
  const rows: ComparisonRow[] = [];
  for await (const row of readRows(client, batch)) rows.push(row);
  return rows;
}
