import * as z from 'zod';
import { readGivenFile } from '../files';
import { HASH_KINDS, hashCommand } from '../hash-command';
import { defineCommand, flag, option } from '../command-spec';

/** Pure: opens no store. */
export const hash = defineCommand({
  usage: 'hash [file]',
  about: 'Print the canonical form and SHA-256 of a file or of standard input (-)',
  options: {
    kind: option('<kind>', 'number, json, text or template (required)', z.enum(HASH_KINDS)),
    lines: flag('read one JSON-encoded string per line, print one result per line'),
  },
  example: 'echo \'{"b":1.50,"a":2}\' | prompter hash --kind json',
  body: async ({ terminal }, args, { kind, lines }) => {
    const { file = '-' } = args;
    const bytes = file === '-' ? await readStdin() : await readGivenFile(file);
    const { answers, exitCode } = hashCommand(kind, bytes, lines);
    terminal.out(answers.map((answer) => `${answer}\n`).join(''));
    return exitCode;
  },
});

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
