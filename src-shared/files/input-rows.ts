import { variablesSchema, type Variables } from '../domain';
import { readExactJson } from './exact-json';
import { read, refused, type Reading } from './reading';
import { readCells, type TableRow } from './table';

/** Rows of inputs, each a value for every column. */
export interface InputRows {
  readonly columns: readonly string[];
  readonly rows: Variables[];
  /** Rows without any value, as spreadsheets leave them. They are no inputs. */
  readonly emptyRows: number;
  /** Columns without a name or a value. */
  readonly emptyColumns: number;
}

/** A table begins with a row of names; JSON is one object a line, or one array of objects. */
export type InputKind = 'table' | 'json';

/** Reads a whole file of inputs. */
export function readInputFile(text: string, kind: InputKind): Reading<InputRows> {
  if (kind === 'json') return readObjects(text);
  const cells = readCells(text);
  return cells.ok ? named(cells.value) : cells;
}

/** What was pasted or imported on screen: rows with names, or bare cells that go where the cursor stands. */
export type Paste = { readonly named: InputRows } | { readonly cells: readonly (readonly string[])[] };

/** Reads JSON or a table. `known` are the template's variables: a first row that names one of them is a header. */
export function readPaste(text: string, known: readonly string[]): Reading<Paste> {
  if (/^\s*[[{]/.test(text)) {
    const objects = readObjects(text);
    const isMeant = objects.ok && objects.value.columns.some((name) => known.includes(name));
    if (isMeant) return read({ named: objects.value });
    // It begins like JSON lines or a list of objects, so it is not taken apart at its commas.
    if (!objects.ok && /^\s*(\[\s*)?\{\s*"/.test(text)) return objects;
  }
  const cells = readCells(text);
  if (!cells.ok) return cells;
  const [first] = cells.value;
  if (first?.cells.some((name) => known.includes(name.trim())) !== true) {
    return read({ cells: withoutEmptyEnd(cells.value).map((row) => row.cells) });
  }
  const rows = named(cells.value);
  return rows.ok ? read({ named: rows.value }) : rows;
}

function named([header, ...body]: readonly TableRow[]): Reading<InputRows> {
  if (header === undefined) return refused('it is empty.');
  const names = header.cells.map((name) => name.trim());
  const problem = headerProblem(names, body);
  if (problem !== null) return problem;
  const columns = names.filter((name) => name !== '');
  const filled = body.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const uneven = filled.find(({ cells }) => valuesIn(cells) > names.length || cells.length < columns.length);
  if (uneven !== undefined) {
    const { line, cells } = uneven;
    return refused(`the row has ${counted(cells.length, 'cell')}, but the header has ${names.length}.`, line);
  }
  const rows = filled.map(({ cells }) =>
    Object.fromEntries(names.flatMap((name, index) => (name === '' ? [] : [[name, cells[index] ?? '']]))),
  );
  return read({
    columns,
    rows,
    emptyRows: body.length - filled.length,
    emptyColumns: names.length - columns.length,
  });
}

function headerProblem(names: readonly string[], body: readonly TableRow[]): Reading<never> | null {
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) return refused(`two columns are named "${twice}".`, 1);
  const looks = new Map(names.map((name) => [name.normalize(), name]));
  const alike = names.find((name) => looks.get(name.normalize()) !== name);
  if (alike !== undefined)
    return refused(`two columns look the same, "${alike}", and are written in different characters.`, 1);
  for (const [index, name] of names.entries()) {
    const [unseen] = UNSEEN_IN_NAME.exec(name) ?? [];
    if (unseen === undefined) continue;
    const code = unseen.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return refused(`the name of column ${index + 1} has a character that cannot be seen (U+${code}).`, 1);
  }
  if (names.includes('__proto__')) return refused('"__proto__" cannot be a variable name.', 1);
  for (const [index, name] of names.entries()) {
    if (name !== '') continue;
    const used = body.find(({ cells }) => (cells[index] ?? '').trim() !== '');
    if (used !== undefined) {
      return refused(`column ${index + 1} has a value but no name in the first line.`, used.line);
    }
  }
  return names.some((name) => name !== '') ? null : refused('no column has a name.', 1);
}

/** What pages and spreadsheets leave in a copied name: no template's variable has it. Joiners are letters of some scripts. */
const UNSEEN_IN_NAME = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** How many cells there are up to the last one with a value. */
function valuesIn(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1;
}

function withoutEmptyEnd(rows: readonly TableRow[]): readonly TableRow[] {
  return rows.slice(0, rows.findLastIndex(({ cells }) => cells.some((cell) => cell !== '')) + 1);
}

/** A line ends at LF only: other separators, such as U+2028, are characters of a JSON string like any (RFC 8259). */
function readObjects(text: string): Reading<InputRows> {
  const rows: Variables[] = [];
  const whole = /^\s*\[/.test(text);
  for (const [index, line] of (whole ? [text] : text.split('\n')).entries()) {
    if (line.trim() === '') continue;
    const json = readExactJson(line);
    if (!json.ok) return refused(json.problem.message, (json.problem.line ?? 1) + index);
    const values = whole && Array.isArray(json.value) ? json.value : [json.value];
    for (const [item, value] of values.entries()) {
      const row = variablesSchema.safeParse(value);
      if (row.success) rows.push(row.data);
      else if (whole) return refused(`item ${item + 1} is not an object of variable names and values.`);
      else return refused('each line must be a JSON object of variable names and values.', index + 1);
    }
  }
  return read({
    columns: [...new Set(rows.flatMap((row) => Object.keys(row)))],
    rows,
    emptyRows: 0,
    emptyColumns: 0,
  });
}
