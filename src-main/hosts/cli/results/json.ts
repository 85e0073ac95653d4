import { batchShapeOf, comparisonJson, targetIndexOf, targetNames } from '../../../../src-shared/domain';
import type { ResultFormat, ResultSource } from './format';

/** One document, the same as the API's and the screen's. */
export function jsonFormat(source: ResultSource): ResultFormat {
  const json = comparisonJson(source);
  return { ...json, head: () => json.head };
}

/** One cell per line, with its variables. */
export function jsonlFormat({ batch }: ResultSource): ResultFormat {
  const shape = batchShapeOf(batch);
  const names = targetNames(batch.targets);
  return {
    head: () => '',
    row: ({ input_index, variables, cells }) =>
      cells
        .map((cell) => {
          const target_index = targetIndexOf(shape, cell);
          const target = names[target_index] ?? '?';
          return `${JSON.stringify({ input_index, variables, target_index, target, ...cell })}\n`;
        })
        .join(''),
    tail: () => '',
  };
}
