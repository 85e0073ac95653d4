import { comparisonCsv } from '../../../../src-shared/domain';
import type { ResultFormat, ResultSource } from './format';

/** RFC 4180 without a byte-order mark: one cell per record. Variables stand under `input.NAME`. */
export function csvFormat({ batch, variables }: ResultSource): ResultFormat {
  const csv = comparisonCsv(batch, variables);
  return { head: () => csv.head, row: csv.row, tail: () => '' };
}
