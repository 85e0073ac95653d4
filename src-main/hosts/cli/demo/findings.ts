import {
  type Batch,
  batchShapeOf,
  cellAt,
  type ComparisonRow,
  type RunSummary,
  targetNames,
} from '../../../../src-shared/domain';
import { oneLine } from '../cell-text';
import type { CommandContext } from '../command';
import { inert } from '../terminal';

/** What a reader should see in the sample comparison: a disagreement, a broken answer, a model that moved. */
export async function showFindings(
  context: CommandContext,
  batch: Batch,
  rows: readonly ComparisonRow[],
): Promise<boolean> {
  const { client } = await context.session();
  const say = (text: string) => context.terminal.out(inert(`  ${oneLine(text)}\n`));
  context.terminal.out('\nWhat this comparison shows\n');

  const disagreements = rows.flatMap((row) => disagreementIn(batch, row));
  for (const text of disagreements) say(text);

  const { items: waiting } = await client.review.list({});
  const broken = rows.flatMap(({ cells, input_index }) =>
    cells.filter(({ status }) => status !== 'succeeded').map((cell) => ({ cell, input_index })),
  );
  for (const { cell, input_index } of broken) {
    const queue = waiting.some(({ run_id }) => run_id === cell.run_id)
      ? 'is waiting in Review'
      : 'is not in the review queue';
    const name = nameOf(batch, cell);
    say(`input ${input_index + 1}: an answer from ${name} ${queue}: ${cell.failure_message ?? cell.status}`);
  }

  const moves = rows.flatMap((row) => moveIn(batch, row));
  for (const text of moves) say(text);
  return [disagreements, broken, moves, batch.drift, waiting].every(({ length }) => length === 1);
}

/** The queue that each model chose at first, where they do not all choose the same. */
function disagreementIn(batch: Batch, { cells, input_index }: ComparisonRow): string[] {
  const first = cells.filter((cell) => placeOf(batch, cell).replicate_index === 0);
  const queues = first.map((cell) => queueOf(cell));
  if (new Set(queues).size < 2) return [];
  const said = first.map(
    (cell, index) => `${nameOf(batch, cell)} says ${queues[index] ?? 'nothing readable'}`,
  );
  return [`input ${input_index + 1}: the models disagree: ${said.join(', ')}`];
}

/** Two answers of one model to one input, by different versions. */
function moveIn(batch: Batch, { cells, input_index }: ComparisonRow): string[] {
  return batch.targets.flatMap(({ target_index }) => {
    const own = cells.filter((cell) => placeOf(batch, cell).target_index === target_index);
    const [before] = own;
    const after = own.find((cell) => cell.provider_version_key !== before?.provider_version_key);
    if (!before || !after) return [];
    const of = (cell: RunSummary) => `${cell.provider_version_key} says ${queueOf(cell)}`;
    const name = targetNames(batch.targets)[target_index] ?? '?';
    return [
      `input ${input_index + 1}: ${name} changed version between two calls: ${of(before)}, ${of(after)}`,
    ];
  });
}

function placeOf(batch: Batch, cell: RunSummary) {
  return cellAt(batchShapeOf(batch), cell.batch_run_index ?? 0);
}

function nameOf(batch: Batch, cell: RunSummary): string {
  return targetNames(batch.targets)[placeOf(batch, cell).target_index] ?? '?';
}

function queueOf({ output_text: text }: RunSummary): string | null {
  return /"queue": ?"([A-Z]+)"/.exec(text ?? '')?.[1] ?? null;
}
