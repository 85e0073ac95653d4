import { comparisonCsv, type Batch } from '../../../src-shared/domain';
import type { BatchRow } from './batch-view';

/** Writes a comparison to a file, piece by piece. */
export interface ExportFormat {
  readonly extension: string;
  readonly type: string;
  readonly head: string;
  row(row: BatchRow, index: number): string;
  readonly tail: string;
}

/** RFC 4180, one cell per record; the same columns as `prompter compare --out results.csv`. */
export function csvExport(batch: Batch): ExportFormat {
  const csv = comparisonCsv(batch);
  return { extension: 'csv', type: 'text/csv', head: csv.head, row: csv.row, tail: '' };
}

/** One document: the comparison and every row with its cells. */
export function jsonExport(batch: Batch): ExportFormat {
  return {
    extension: 'json',
    type: 'application/json',
    head: `{"batch":${JSON.stringify(batch)},\n"rows":[\n`,
    row: (row, index) => `${index > 0 ? ',\n' : ''}${JSON.stringify(row)}`,
    tail: '\n]}\n',
  };
}
