import type { Batch } from '../batch';
import type { RunSummary } from '../run';
import type { Template, Variables } from '../template';
import type { TargetSummary } from './summary';

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

/**
 * A comparison as one JSON document, piece by piece: the batch, its template, the templates of all its columns, every row
 * with its cells, and the sums.
 */
export function comparisonJson({
  batch,
  templates,
}: {
  batch: Batch;
  templates: readonly Template[];
}): ComparisonJson {
  const template = templates.find(({ template_id }) => template_id === batch.template_id) ?? null;
  let first = true;
  return {
    head: `{"batch":${JSON.stringify(batch)},\n"template":${JSON.stringify(template)},\n"templates":${JSON.stringify(templates)},\n"rows":[`,
    row(row) {
      const separator = first ? '\n' : ',\n';
      first = false;
      return separator + JSON.stringify(row);
    },
    tail: (targets) => `\n],\n"targets":${JSON.stringify(targets)}}\n`,
  };
}
