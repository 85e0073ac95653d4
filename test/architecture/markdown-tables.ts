import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './planted-tree';

/** The text below a heading, up to the next one of its level or above. @throws where there is no such heading */
export function sectionOf(document: string, heading: string): string {
  const text = readFileSync(join(projectRoot, document), 'utf8');
  const found = /^(#{1,6}) (.+)$/gm;
  for (const match of text.matchAll(found)) {
    const [line, marks = '', name] = match;
    if (name !== heading) continue;
    const rest = text.slice(match.index + line.length);
    const next = new RegExp(`^#{1,${marks.length}} `, 'm').exec(rest);
    return rest.slice(0, next?.index);
  }
  throw new Error(`${document} has no heading "${heading}".`);
}

/** The rows of all tables in a section, without their heads. */
export function rowsOf(document: string, heading: string): string[][] {
  const rows: string[][] = [];
  const lines = sectionOf(document, heading).split('\n');
  for (const [index, line] of lines.entries()) {
    const isHead = /^\| *:?-/.test(lines[index + 1] ?? '');
    if (!line.startsWith('|') || isHead || /^\| *:?-/.test(line)) continue;
    rows.push(
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  }
  return rows;
}

/** What is in code marks in a cell. */
export function codesIn(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** The codes of a table's first column. */
export function firstCodes(document: string, heading: string): string[] {
  return rowsOf(document, heading).flatMap(([first]) => codesIn(first));
}
