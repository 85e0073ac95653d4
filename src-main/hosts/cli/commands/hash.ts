import * as z from 'zod';
import type { CommandBody } from '../command';
import { readGivenFile } from '../files';
import { HASH_KINDS, hashCommand } from '../hash-command';
import { flag, readOptions } from '../options';

const optionsSchema = z.object({ kind: z.enum(HASH_KINDS), lines: flag });

/** Pure: opens no store. */
export const hash: CommandBody = async ({ terminal }, args, given) => {
  const { kind, lines } = readOptions(optionsSchema, given);
  const [file = '-'] = args;
  const bytes = file === '-' ? await readStdin() : await readGivenFile(file);
  const { answers, exitCode } = hashCommand(kind, bytes, lines);
  terminal.out(answers.map((answer) => `${answer}\n`).join(''));
  return exitCode;
};

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
