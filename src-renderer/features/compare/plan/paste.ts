import { readPaste } from '../../../../src-shared/files';

/** The clipboard's text, and its HTML, which says whether the source is a table. */
export interface Clipboard {
  readonly text: string;
  readonly html: string;
}

/**
 * Whether a paste is rows or the text of one cell. A spreadsheet marks its copy as a table; otherwise only what can
 * hardly be prose counts: a header naming a variable, JSON objects, or the same number of tab-separated fields in
 * each row.
 */
export function isTable({ text, html }: Clipboard, variables: readonly string[]): boolean {
  const lines = text.trimEnd();
  if (!/[\t\n]/.test(lines)) return false;
  if (/<table[\s>]/i.test(html)) return true;
  const paste = readPaste(text, variables);
  // A header shows the intent, so errors below it are reported rather than pasted into one cell.
  if (!paste.ok) return hasHeader(lines, variables);
  if ('named' in paste.value) return true;
  const { cells } = paste.value;
  const [first = []] = cells;
  return lines.includes('\t') && first.length > 1 && cells.every((row) => row.length === first.length);
}

function hasHeader(text: string, variables: readonly string[]): boolean {
  const [line = ''] = text.split('\n', 1);
  return line.split(/[\t;,]/).some((name) => variables.includes(name.trim()));
}
