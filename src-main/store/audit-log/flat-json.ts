import { canonicalJsonOfValue } from '../../../src-shared/domain/canonical';

/** A row as SQLite returns it, without blobs. */
export type ContentRow = Readonly<Record<string, string | number | null>>;
export type FlatWriter = (row: ContentRow) => string;

/**
 * Writes flat rows as canonical JSON, limited to these columns. Same result as `canonicalJsonOfValue` in a fraction of
 * the time: each run has three entries, and this dominates their cost.
 * @param columns sorted by UTF-16 code units, as in the canonical form (RFC 8785, 3.2.3)
 */
export function flatJson(columns: readonly string[]): FlatWriter {
  const keys = columns.map((column, index) => `${index === 0 ? '' : ','}${JSON.stringify(column)}:`);
  if (columns.some((column, index) => index > 0 && column <= (columns[index - 1] ?? ''))) {
    throw new Error(`Columns are not sorted: ${columns.join(', ')}.`);
  }
  return (row) => {
    let text = '{';
    for (let index = 0; index < columns.length; index += 1) {
      text += `${keys[index]}${flatValue(row[columns[index] ?? ''] ?? null)}`;
    }
    return `${text}}`;
  };
}

export function flatValue(value: string | number | null): string {
  if (value === null) return 'null';
  // As stored by SQLite: lone surrogates have no UTF-8. For everything else, JSON.stringify is what RFC 8785 requires.
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  return Number.isSafeInteger(value) ? String(value) : canonicalJsonOfValue(value);
}
