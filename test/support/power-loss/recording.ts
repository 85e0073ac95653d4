import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLI } from '../cli';
import { createInterpreter } from './interpreter';
import type { Operation } from './operations';
import { straceArgs, systemCalls } from './system-calls';

const MODELS = [
  'practice-openai:gpt-4o',
  'practice-anthropic:claude-opus-5-5',
  'practice-google:gemini-3.8-flash',
];
const COMPARISONS = [
  { rows: 48, fault: '', more: ['--concurrency', '24'] },
  // Slow enough that parts of a stream are stored before it ends.
  { rows: 20, fault: '@slowstream=12', more: ['--concurrency', '20', '--stream'] },
] as const;
/** Number of answers the comparisons report as stored. */
export const ANSWERS = MODELS.length * COMPARISONS.reduce((sum, { rows }) => sum + rows, 0);

/** @throws a one-line error if it is missing */
function requireStrace(): void {
  const found = (process.env['PATH'] ?? '').split(delimiter).some((path) => existsSync(join(path, 'strace')));
  if (!found) throw new Error('The power-loss suite needs strace (Debian: apt-get install strace).');
}

/**
 * Records two comparisons by the built product with practice models on one store: the second is streamed and runs
 * after the first has closed the store. `synchronous` overrides what the product sets.
 */
export async function recordComparisons(
  folder: string,
  options: { synchronous?: 'NORMAL' } = {},
): Promise<Operation[]> {
  requireStrace();
  const home = join(folder, 'home');
  const keychain = join(folder, 'keychain.jsonl');
  const template = join(folder, 'template.json');
  writeFileSync(
    template,
    JSON.stringify({ name: 'Cut', user_prompt_template: 'Say {{ word }}.', model_id: 'gpt-4o' }),
  );
  const interpreter = createInterpreter({ home, keychain });
  for (const [index, { rows, fault, more }] of COMPARISONS.entries()) {
    const inputs = join(folder, `inputs-${index}.jsonl`);
    const words = Array.from({ length: rows }, (_, row) => JSON.stringify({ word: `word ${row}` }));
    writeFileSync(inputs, words.join('\n'));
    const targets = MODELS.map((model) => `${model}${fault}`);
    const trace = join(folder, `trace-${index}.txt`);
    const args = ['compare', template, '--targets', targets.join(','), '--inputs', inputs, ...more];
    await traced(trace, [...args, '--progress', 'jsonl', '--json'], {
      PROMPTER_HOME: home,
      PROMPTER_KEYCHAIN: 'os',
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'preload.mjs')).href}`,
      // io_uring writes would not appear in the trace.
      UV_USE_IO_URING: '0',
      POWER_LOSS_KEYCHAIN: keychain,
      ...(options.synchronous && { POWER_LOSS_SYNCHRONOUS: options.synchronous }),
    });
    interpreter.newProcess();
    for await (const call of systemCalls(trace)) interpreter.take(call);
  }
  return interpreter.operations;
}

async function traced(trace: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  const child = spawn('strace', [...straceArgs(trace), process.execPath, CLI, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`strace prompter ${args[0]} ended with ${code}: ${said.join('')}`);
}
