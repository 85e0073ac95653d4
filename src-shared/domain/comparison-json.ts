import type { Batch } from './batch';
import type { TargetSummary } from './comparison-summary';
import type { RunSummary } from './run';
import type { Template, Variables } from './template';

/** One input of a comparison with its stored cells, in plan order. */
export interface ComparisonRow {
  readonly input_index: number;
  readonly variables: Variables;
  readonly cells: readonly RunSummary[];
}

export interface ComparisonJson {
  readonly head: string;
  /** Rows in order, each exactly once. */
  row(row: ComparisonRow): string;
  tail(targets: readonly TargetSummary[]): string;
}

/** A comparison as one JSON document, piece by piece: the batch, its template, every row with its cells, and the sums. */
export function comparisonJson({ batch, template }: { batch: Batch; template: Template }): ComparisonJson {
  let first = true;
  return {
    head: `{"batch":${JSON.stringify(batch)},\n"template":${JSON.stringify(template)},\n"rows":[`,
    row(row) {
      const separator = first ? '\n' : ',\n';
      first = false;
      return separator + JSON.stringify(row);
    },
    tail: (targets) => `\n],\n"targets":${JSON.stringify(targets)}}\n`,
  };
}
