import { readFile } from 'node:fs/promises';
import type { JsonValue } from '../../../src-shared/domain';
// One by one: with the index comes the reader of tables, which the help of every command would load.
import { decodeText } from '../../../src-shared/files/decode-text';
import { readExactJson } from '../../../src-shared/files/exact-json';
import { problemInWords, type Reading } from '../../../src-shared/files/reading';
import { usageError } from './failure';

/** A file that a command was given, whole. @throws a usage error where it cannot be read */
export async function readGivenFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** The text of a file that a command was given: UTF-8, or UTF-16 with its mark. @throws a usage error naming the place */
export async function readGivenText(file: string): Promise<string> {
  return accepted(file, decodeText(await readGivenFile(file)));
}

/** One JSON value, exactly as a file writes it. @throws a usage error naming the place */
export async function readGivenJson(file: string): Promise<JsonValue> {
  return accepted(file, readExactJson(await readGivenText(file)));
}

/** @throws a usage error naming the file, the line and what is wrong there */
export function accepted<T>(file: string, reading: Reading<T>): T {
  if (reading.ok) return reading.value;
  const { problem } = reading;
  throw usageError(`${file}${problem.line === null ? ':' : ','} ${problemInWords(problem)}`);
}

/** What keeps a given file from being read, in words; other errors as they are. */
export function unreadable(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const why = typeof code === 'string' ? WHY[code] : undefined;
  return why === undefined ? error : usageError(`${file}: ${why}`);
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'no such file.',
  ENOTDIR: 'no such file.',
  EISDIR: 'is a folder, not a file.',
  EACCES: 'permission denied.',
  EPERM: 'permission denied.',
  ELOOP: 'is a link that leads back to itself.',
  ERR_FS_FILE_TOO_LARGE: 'is larger than 2 GiB.',
};
