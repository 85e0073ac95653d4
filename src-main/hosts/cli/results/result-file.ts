import { access, constants, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { AppError } from '../../../../src-shared/domain';
import { usageError } from '../failure';
import { csvFormat } from './csv';
import type { ResultFormat, ResultSource } from './format';
import { htmlFormat } from './html';
import { jsonFormat, jsonlFormat } from './json';

const FORMATS: Readonly<Record<string, (source: ResultSource) => ResultFormat>> = {
  '.json': jsonFormat,
  '.jsonl': jsonlFormat,
  '.csv': csvFormat,
  '.html': htmlFormat,
};

/** The format that a file's name asks for. @throws wrong use for a name that asks for none */
export function formatOf(file: string): (source: ResultSource) => ResultFormat {
  const format = FORMATS[extname(file).toLowerCase()];
  if (!format)
    throw usageError(`--out ${file}: the file name must end in ${Object.keys(FORMATS).join(', ')}.`);
  return format;
}

/** Looks before anything is spent whether results can be written there. @throws wrong use */
export async function assertWritable(file: string): Promise<void> {
  formatOf(file);
  await assertWritableFile(file);
}

/** The same for a file of any name. @throws wrong use */
export async function assertWritableFile(file: string): Promise<void> {
  const target = await targetOf(file);
  const folder = dirname(target);
  await access(folder, constants.W_OK).catch(() => {
    throw usageError(`--out ${file}: the folder "${folder}" does not exist or is not writable.`);
  });
  const existing = await stat(target).catch(() => null);
  if (existing === null) return;
  if (existing.isDirectory()) throw usageError(`--out ${file}: is a folder.`);
  // The whole file takes its place, so a pipe or a device would be gone.
  if (!existing.isFile()) throw usageError(`--out ${file}: is not a file, but a pipe or a device.`);
  await access(target, constants.W_OK).catch(() => {
    throw usageError(`--out ${file}: is not writable.`);
  });
}

/** What a link leads to: that file is written, and the link stays one. @throws wrong use where it leads nowhere */
async function targetOf(file: string): Promise<string> {
  const target = await realpath(file).catch(() => null);
  if (target !== null) return target;
  const isLink = (await lstat(file).catch(() => null))?.isSymbolicLink() === true;
  if (isLink) throw usageError(`--out ${file}: is a link to a file that does not exist.`);
  return file;
}

const CHUNK_CHARACTERS = 256 * 1024;

export type Pieces = Iterable<string> | AsyncIterable<string | Uint8Array>;

/**
 * Writes pieces to a file that appears, complete, only when all of them are on the disk.
 * @param mode of a file that is new; one that exists keeps its own
 * @throws wrong use, DISK_FULL; the file is then as it was
 */
export async function writeFileWhole(file: string, pieces: Pieces, mode = 0o666): Promise<void> {
  const target = await targetOf(file);
  const draft = `${target}.${process.pid}.tmp`;
  const existing = await stat(target).catch(() => null);
  try {
    const handle = await open(draft, 'wx', existing?.mode ?? mode);
    try {
      await handle.writeFile(inChunks(pieces));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw inWords(file, error);
  }
}

/** Rows are short, and a write of its own for each would take a while. */
async function* inChunks(pieces: Pieces): AsyncGenerator<string | Uint8Array, void> {
  let waiting = '';
  for await (const piece of pieces) {
    if (typeof piece === 'string') {
      waiting += piece;
      if (waiting.length < CHUNK_CHARACTERS) continue;
      yield waiting;
      waiting = '';
    } else {
      yield piece;
    }
  }
  if (waiting !== '') yield waiting;
}

function inWords(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  const message = `--out ${file}: the disk is full. The file is as it was; free some space and try again.`;
  return new AppError('DISK_FULL', message, { data: { path: file }, cause: error });
}
