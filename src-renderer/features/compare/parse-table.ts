import { variablesSchema, type Variables } from '../../../src-shared/domain';

/** Rows of a file or of the clipboard; `columns` is null where nothing named them. */
export interface ParsedTable {
  readonly columns: readonly string[] | null;
  readonly rows: readonly Variables[];
  /** Cells by position, for a paste without a header. */
  readonly cells: readonly (readonly string[])[];
}

/**
 * Reads JSON lines, a JSON array of objects, or a table with tabs, commas or semicolons.
 * `known` are the template's variables: a first row that names one of them is a header.
 */
export function parseTable(text: string, known: readonly string[]): ParsedTable {
  const source = text.replace(/^\uFEFF/, '');
  const objects = parseObjects(source);
  if (objects) {
    const columns = [...new Set(objects.flatMap((row) => Object.keys(row)))];
    return { columns, rows: objects, cells: [] };
  }
  const cells = parseDelimited(source, delimiterOf(source));
  const [first = [], ...rest] = cells;
  const header = first.map((name) => name.trim());
  if (!header.some((name) => known.includes(name))) return { columns: null, rows: [], cells };
  const rows = rest.map((line) =>
    Object.fromEntries(header.map((name, column) => [name, line[column] ?? ''])),
  );
  return { columns: header, rows, cells };
}

/** JSON lines or one JSON array; null where the text is something else. */
function parseObjects(source: string): Variables[] | null {
  const start = source.trimStart().charAt(0);
  if (start !== '{' && start !== '[') return null;
  try {
    const values: unknown = start === '[' ? JSON.parse(source) : parseLines(source);
    const rows = variablesSchema.array().safeParse(values);
    return rows.success ? rows.data : null;
  } catch {
    return null;
  }
}

function parseLines(source: string): unknown[] {
  return source
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line));
}

/** Whichever separates most in the first row, which may be longer than its line; a spreadsheet's clipboard uses tabs. */
function delimiterOf(source: string): string {
  const [row = ''] = source.replaceAll(/"[^"]*"/g, '').split('\n', 1);
  const count = (character: string): number => row.split(character).length - 1;
  if (count('\t') > 0) return '\t';
  return count(';') > count(',') ? ';' : ',';
}

/** RFC 4180: quoted fields may hold delimiters, line ends and doubled quotes. */
export function parseDelimited(source: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = (): void => {
    row.push(field);
    field = '';
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (quoted) {
      if (character !== '"') field += character;
      else if (source.charAt(at + 1) === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === delimiter) {
      row.push(field);
      field = '';
    } else if (character === '\n') endRow();
    else if (character !== '\r' || source.charAt(at + 1) !== '\n') field += character;
  }
  endRow();
  return rows;
}
