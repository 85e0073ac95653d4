import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The built product: process tests run what users run. */
export const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly done: Promise<CliResult>;
  /** Called for each complete line of stderr, which carries progress. */
  onProgress(listener: (line: string) => void): void;
}

export function startCli(args: readonly string[], env: Readonly<Record<string, string>>): RunningCli {
  if (!existsSync(CLI)) throw new Error('out/main/cli.js is missing: run `npm run build` first');
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const listeners: ((line: string) => void)[] = [];
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.push(line);
    for (const listener of listeners) listener(line);
  });
  const output: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
  const done = new Promise<CliResult>((settle) => {
    child.once('close', (code) => settle({ code, stdout: output.join(''), stderr: errors.join('\n') }));
  });
  return { child, done, onProgress: (listener) => listeners.push(listener) };
}

export function runCli(args: readonly string[], env: Readonly<Record<string, string>>): Promise<CliResult> {
  return startCli(args, env).done;
}
