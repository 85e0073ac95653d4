import type { Batch, ComparisonRow, NamedTemplate, TargetSummary } from '../../../../src-shared/domain';

/** How results are written to a file: piece by piece, so that a large batch needs no more memory than a small one. */
export interface ResultFormat {
  head(): string;
  row(row: ComparisonRow): string;
  tail(summaries: readonly TargetSummary[]): string;
}

export interface ResultSource {
  readonly batch: Batch;
  /** Of its columns, the one that it was started for first. */
  readonly templates: readonly NamedTemplate[];
  /** Names of all variables of the first rows, for formats with a header. */
  readonly variables: readonly string[];
}
