import { access, constants, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { wrongUse } from '../failure';
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
  if (!format) throw wrongUse(`--out ${file}: the file name must end in ${Object.keys(FORMATS).join(', ')}.`);
  return format;
}

/** Looks before anything is spent whether results can be written there. @throws wrong use */
export async function assertWritable(file: string): Promise<void> {
  formatOf(file);
  await assertWritableFile(file);
}

/** The same for a file of any name. @throws wrong use */
export async function assertWritableFile(file: string): Promise<void> {
  const folder = dirname(file);
  await access(folder, constants.W_OK).catch(() => {
    throw wrongUse(`--out ${file}: the folder "${folder}" does not exist or is not writable.`);
  });
  const existing = await stat(file).catch(() => null);
  if (existing?.isDirectory()) throw wrongUse(`--out ${file}: is a folder.`);
}

const CHUNK_CHARACTERS = 256 * 1024;

/** Writes pieces to a file that appears, complete, only when all of them are on the disk. */
export async function writeFileWhole(file: string, pieces: Iterable<string>): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  const handle = await open(draft, 'wx');
  try {
    let waiting = '';
    for (const piece of pieces) {
      waiting += piece;
      if (waiting.length < CHUNK_CHARACTERS) continue;
      await handle.write(waiting);
      waiting = '';
    }
    await handle.write(waiting);
    await handle.sync();
    await handle.close();
    await rename(draft, file);
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(draft, { force: true });
    throw error;
  }
}
