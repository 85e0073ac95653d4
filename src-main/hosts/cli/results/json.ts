import { batchShapeOf } from '../../../../src-shared/domain';
import { targetIndexOf, targetName } from '../compare/summary';
import type { ResultFormat, ResultSource } from './format';

/** One document: the batch, its template, every row with its cells, and the sums. */
export function jsonFormat({ batch, template }: ResultSource): ResultFormat {
  let first = true;
  return {
    head: () => `{"batch":${JSON.stringify(batch)},\n"template":${JSON.stringify(template)},\n"rows":[`,
    row(row) {
      const separator = first ? '\n' : ',\n';
      first = false;
      return separator + JSON.stringify(row);
    },
    tail: (summaries) => `\n],\n"targets":${JSON.stringify(summaries)}}\n`,
  };
}

/** One cell per line, with its variables. */
export function jsonlFormat({ batch }: ResultSource): ResultFormat {
  const shape = batchShapeOf(batch);
  return {
    head: () => '',
    row: ({ input_index, variables, cells }) =>
      cells
        .map((cell) => {
          const target_index = targetIndexOf(shape, cell);
          const target = targetName(batch, target_index);
          return `${JSON.stringify({ input_index, variables, target_index, target, ...cell })}\n`;
        })
        .join(''),
    tail: () => '',
  };
}
