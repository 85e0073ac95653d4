import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import nodeFlags from '../../../scripts/lib/node-flags.json';

/** The benchmark bundle is in out/bench, the product beside it. */
const bundles = resolve(import.meta.dirname, '..');
export const CLI = join(bundles, 'main', 'cli.js');
/** Starts the command line as the product's own scripts do. */
export const cliArgs = (...args: readonly string[]): string[] => [...nodeFlags, CLI, ...args];
export const benchProcess = (name: string): string => join(bundles, 'bench', `${name}.js`);

export const usageSchema = z.object({ cpu_ms: z.number(), max_rss_mb: z.number() });
export interface ProcessUsage extends z.infer<typeof usageSchema> {
  /** Wall time from start to exit, as seen by the caller. */
  readonly wall_ms: number;
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'prompter-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

interface Measured {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly usage: ProcessUsage;
}

/** Runs a Node script to its end; returns its output and resource usage. */
export async function runMeasured(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const result = await measureNode(script === CLI ? cliArgs(...args) : [script, ...args], env);
  if (result.code === 0) return result;
  const { code, stderr, stdout } = result;
  throw new Error(`${script} ${args.join(' ')} ended with ${code}:\n${stderr}\n${stdout}`);
}

/** Runs `node ARGS` to its end, whatever the exit code. */
export async function measureNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const folder = temporaryFolder();
  const usageFile = join(folder.path, 'usage.json');
  try {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['--import', benchProcess('usage-probe'), ...args], {
      env: { ...process.env, ...env, PROMPTER_BENCH_USAGE: usageFile },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((done) => child.once('exit', done)),
    ]);
    const wall_ms = performance.now() - startedAt;
    if (!existsSync(usageFile)) throw new Error(`${args.join(' ')} ended with ${code}:\n${stderr}`);
    const usage = usageSchema.parse(JSON.parse(readFileSync(usageFile, 'utf8')));
    return { code, stdout, stderr, usage: { ...usage, wall_ms } };
  } finally {
    folder.remove();
  }
}

/** The practice provider in its own process, with a journal. */
export async function startPractice(journal: string): Promise<{ url: string; stop(): void }> {
  // A larger young generation avoids collections that would delay answers due at the same moment.
  const args = ['--max-semi-space-size=64', benchProcess('provider'), journal];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((done, fail) => {
    createInterface({ input: child.stdout }).once('line', done);
    child.once('exit', (code) => fail(new Error(`the practice provider ended with ${code}`)));
  });
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(line));
  return { url, stop: () => void child.kill('SIGKILL') };
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of stream) chunks.push(String(chunk));
  return chunks.join('');
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The 95th percentile (nearest rank). */
export function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}
