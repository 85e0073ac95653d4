import { extname } from 'node:path';
import type { InputKind, InputRows } from '../../../src-shared/files';
import { usageError } from './failure';
import { accepted, readGivenText } from './files';

const KINDS: Readonly<Record<string, InputKind>> = {
  '.csv': 'table',
  '.tsv': 'table',
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.json': 'json',
};

/** A file of inputs: a table with variable names as its header, JSON lines, or a JSON array. @throws a usage error with the line */
export async function readInputs(file: string): Promise<InputRows> {
  const kind = KINDS[extname(file).toLowerCase()];
  if (kind === undefined) throw usageError(`${file}: the inputs must be a .csv, .tsv, .jsonl or .json file.`);
  const { readInputFile } = await import('../../../src-shared/files');
  const inputs = accepted(file, readInputFile(await readGivenText(file), kind));
  if (inputs.rows.length === 0) throw usageError(`${file}: it has no rows.`);
  return inputs;
}

/** What of a file is no input, in a line for people; null where all of it is. */
export function leftOut(file: string, { emptyRows, emptyColumns }: InputRows): string | null {
  const parts = [counted(emptyRows, 'empty row'), counted(emptyColumns, 'empty column')].filter(
    (part) => part !== null,
  );
  return parts.length === 0 ? null : `${file}: skipped ${parts.join(' and ')}.`;
}

function counted(count: number, what: string): string | null {
  return count === 0 ? null : `${count} ${what}${count === 1 ? '' : 's'}`;
}
