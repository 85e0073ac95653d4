import { parseTable } from './parse-table';

/** What the clipboard holds: the text, and whether its source says that it is a table. */
export interface Clipboard {
  readonly text: string;
  readonly html: string;
}

/**
 * Whether a paste is rows or the text of one cell. A spreadsheet says that it copied a table; without that, only what can hardly
 * be prose counts as one: rows that name a variable, JSON objects, or the same number of tab-separated fields in each row.
 */
export function isTable({ text, html }: Clipboard, variables: readonly string[]): boolean {
  const lines = text.trimEnd();
  if (!/[\t\n]/.test(lines)) return false;
  if (/<table[\s>]/i.test(html)) return true;
  const { columns, cells } = parseTable(text, variables);
  if (columns !== null) return columns.some((name) => variables.includes(name));
  const [first = []] = cells;
  return lines.includes('\t') && first.length > 1 && cells.every((row) => row.length === first.length);
}
