import { readFile } from 'node:fs/promises';
import { wrongUse } from './failure';

/** A file that a command was given, whole. @throws wrong use, in words, where it cannot be read */
export async function readGivenFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** What keeps a given file from being read, in words; other errors as they are. */
export function unreadable(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const why = typeof code === 'string' ? WHY[code] : undefined;
  return why === undefined ? error : wrongUse(`${file}: ${why}`);
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  ENOTDIR: 'there is no such file.',
  EISDIR: 'is a folder, not a file.',
  EACCES: 'may not be read.',
  EPERM: 'may not be read.',
};
