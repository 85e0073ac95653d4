import type { Batch, Template } from '../../../../src-shared/domain';
import type { ResultRow } from '../compare/read-rows';
import type { TargetSummary } from '../compare/summary';

/** How results are written to a file: piece by piece, so that a large batch needs no more memory than a small one. */
export interface ResultFormat {
  head(): string;
  row(row: ResultRow): string;
  tail(summaries: readonly TargetSummary[]): string;
}

export interface ResultSource {
  readonly batch: Batch;
  readonly template: Template;
  /** Names of all variables of the first rows, for formats with a header. */
  readonly variables: readonly string[];
}
