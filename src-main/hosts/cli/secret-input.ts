import { usageError } from './failure';

const MAX_SECRET_BYTES = 16_384;

/** A secret comes by standard input and never as an argument, which every process of the machine could read. */
export async function secretFromStdin(what: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`Paste the ${what}, then press Ctrl+D:\n`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes: Buffer = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_SECRET_BYTES) throw usageError(`The text on standard input is too long for a ${what}.`);
    chunks.push(bytes);
  }
  const secret = Buffer.concat(chunks).toString('utf8').trim();
  if (secret === '') throw usageError(`There was no ${what} on standard input.`);
  return secret;
}

/** The other way: an environment variable that the caller names. */
export function secretFromEnvironment(variable: string, env: NodeJS.ProcessEnv = process.env): string {
  const secret = env[variable]?.trim() ?? '';
  if (secret === '') throw usageError(`The environment variable ${variable} is not set.`);
  return secret;
}
