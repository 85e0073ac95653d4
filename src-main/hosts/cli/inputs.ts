import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { variablesSchema, type Variables } from '../../../src-shared/domain';
import { wrongUse } from './failure';
import { unreadable } from './files';

/** Reads a file of inputs row by row: CSV with variable names as its header, or one JSON object per line. */
export async function* readInputs(file: string): AsyncGenerator<Variables, void> {
  const type = extname(file).toLowerCase();
  if (type === '.csv') yield* readCsv(file);
  else if (type === '.jsonl' || type === '.ndjson') yield* readJsonLines(file);
  else throw wrongUse(`${file}: inputs are a .csv or a .jsonl file.`);
}

async function* readCsv(file: string): AsyncGenerator<Variables, void> {
  const parser = utf8Text(file)
    .on('error', (error) => parser.destroy(error))
    .pipe(parse({ bom: true, columns: (names: string[]) => header(file, names), skip_empty_lines: true }));
  try {
    for await (const record of parser) yield variablesSchema.parse(record);
  } catch (error) {
    if (error instanceof CsvError)
      throw wrongUse(`${file}, line ${Number(error.lines)}: ${problemOf(error)}`);
    throw unreadable(file, error);
  }
}

function problemOf({ code, message }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened and never closed.';
  if (code === 'CSV_RECORD_INCONSISTENT_COLUMNS') return 'it has more or fewer fields than the header.';
  return message;
}

/** The file's text. Refuses what is not UTF-8: models would be asked about replacement characters, and be billed. */
function utf8Text(file: string): Readable {
  return Readable.from(decoded(file), { objectMode: false });
}

async function* decoded(file: string): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for await (const bytes of createReadStream(file)) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw isNotUtf8(error) ? wrongUse(`${file}: is not UTF-8 text. Save it as UTF-8 and try again.`) : error;
  }
}

function isNotUtf8(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
}

function header(file: string, names: readonly string[]): string[] {
  const trimmed = names.map((name) => name.trim());
  const [only = ''] = trimmed;
  if (trimmed.length === 1 && /[;\t]/.test(only)) {
    throw wrongUse(`${file}, line 1: columns are separated by commas, not by semicolons or tabs.`);
  }
  const empty = trimmed.indexOf('');
  if (empty !== -1) throw wrongUse(`${file}, line 1: column ${empty + 1} has no name.`);
  const twice = trimmed.find((name, index) => trimmed.indexOf(name) !== index);
  if (trimmed.includes('__proto__'))
    throw wrongUse(`${file}, line 1: "__proto__" is no name for a variable.`);
  if (twice !== undefined) throw wrongUse(`${file}, line 1: two columns are called "${twice}".`);
  return trimmed;
}

async function* readJsonLines(file: string): AsyncGenerator<Variables, void> {
  const stream = utf8Text(file);
  const failed = new Promise<never>((_resolve, reject) => stream.once('error', reject));
  failed.catch(() => {});
  let number = 0;
  try {
    const lines = createInterface({ input: stream, crlfDelay: Infinity })[Symbol.asyncIterator]();
    for (;;) {
      const step = await Promise.race([lines.next(), failed]);
      if (step.done) return;
      number += 1;
      const line = step.value.replace(/^\uFEFF/, '');
      if (line.trim() !== '') yield parseLine(file, number, line);
    }
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    stream.destroy();
  }
}

function parseLine(file: string, number: number, line: string): Variables {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw wrongUse(`${file}, line ${number}: ${error instanceof Error ? error.message : 'not JSON'}`);
  }
  const result = variablesSchema.safeParse(value);
  if (result.success) return result.data;
  throw wrongUse(`${file}, line ${number}: a line is one JSON object of variable names and values.`);
}
