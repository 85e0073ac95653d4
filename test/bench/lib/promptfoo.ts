import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { benchProcess, measureNode, type ProcessUsage } from './processes';
import { benchInput, BENCH_PROMPT, BENCH_TARGETS } from './workload';

const VERSION = '0.123.1';
/** Outside the repository: 2 GB shared by all clones and not in our lockfile. */
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'prompter-bench');

/** Lets nothing leave this machine and keeps everything within `folder`. */
export const promptfooEnvironment = (folder: string): Record<string, string> => ({
  PROMPTFOO_CONFIG_DIR: folder,
  PROMPTFOO_DISABLE_TELEMETRY: '1',
  PROMPTFOO_DISABLE_UPDATE: '1',
  PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
  PROMPTFOO_DISABLE_REDTEAM_REMOTE_GENERATION: '1',
  PROMPTFOO_DISABLE_SHARING: '1',
});
const LOOPBACK_ONLY = ['--import', benchProcess('loopback-only')];

export interface PromptfooResult {
  /** Cells it stored as passed, with an answer. */
  readonly passed: number;
  readonly usage: ProcessUsage;
  readonly db_bytes: number;
}

export interface Promptfoo {
  /** Its entry script, for Node. */
  readonly entry: string;
  /** Creates its config folder with an empty, migrated database. */
  prepare(folder: string): Promise<void>;
  /** `promptfoo eval` of inputs × the practice server's three providers at `url`; use `passed` for the result. */
  evaluate(
    folder: string,
    options: { url: string; inputs: number; concurrency: number },
  ): Promise<PromptfooResult>;
}

/** Installs promptfoo if needed; a string says why it cannot be measured here. */
export async function providePromptfoo(log: (line: string) => void): Promise<Promptfoo | string> {
  const home = join(CACHE, `promptfoo-${VERSION}`);
  if (!existsSync(home)) {
    log(`installing promptfoo ${VERSION} into ${home} (2 GB, some minutes)`);
    const problem = await install(home);
    if (problem !== undefined) return `promptfoo ${VERSION} could not be installed: ${problem}`;
  }
  const entry = join(home, 'node_modules', 'promptfoo', 'dist', 'src', 'entrypoint.js');
  if (!existsSync(entry)) return `${entry} is missing: remove ${home} to install it again`;
  // Its exit code is unreliable: on a busy machine its logger may fail at the very end, after everything is stored.
  const call = (folder: string, ...args: string[]): ReturnType<typeof measureNode> =>
    measureNode([...LOOPBACK_ONLY, entry, ...args], promptfooEnvironment(folder));
  return {
    entry,
    async prepare(folder) {
      mkdirSync(folder, { recursive: true });
      await call(folder, 'list', 'evals');
    },
    async evaluate(folder, { url, inputs, concurrency }) {
      const config = join(folder, 'promptfooconfig.json');
      writeFileSync(config, JSON.stringify(configOf(url, inputs)));
      const options = ['--no-cache', '--no-table', '--no-progress-bar', '-j', String(concurrency)];
      const { usage } = await call(folder, 'eval', '-c', config, ...options);
      return { usage, ...stored(join(folder, 'promptfoo.db')) };
    },
  };
}

/**
 * Resolves to the error, if any. Installs into a temporary folder beside the real one first, so that the real one is
 * always complete.
 */
async function install(home: string): Promise<string | undefined> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(`${home}-`);
  try {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const npm = spawn(
      'npm',
      ['install', `promptfoo@${VERSION}`, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], shell: process.platform === 'win32' },
    );
    const said: string[] = [];
    npm.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const code = await new Promise<number | null>((done) => {
      npm.once('error', (error) => {
        said.push(error.message);
        done(null);
      });
      npm.once('close', done);
    });
    if (code !== 0) return said.join('').trim() || `npm ended with ${code}`;
    renameSync(folder, home);
    return undefined;
  } catch (error) {
    // Another benchmark may have installed it meanwhile.
    if (existsSync(home)) return undefined;
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configOf(url: string, inputs: number): unknown {
  const at = (path: string) => ({ apiBaseUrl: `${url}${path}`, apiKey: 'bench' });
  return {
    prompts: [BENCH_PROMPT],
    providers: [
      { id: `openai:responses:${BENCH_TARGETS.openai}`, config: at('/openai/v1') },
      { id: `anthropic:messages:${BENCH_TARGETS.anthropic}`, config: at('/anthropic') },
      { id: `google:${BENCH_TARGETS.google}`, config: at('/google') },
    ],
    tests: Array.from({ length: inputs }, (_, index) => ({ vars: benchInput(index) })),
  };
}

function stored(file: string): Pick<PromptfooResult, 'passed' | 'db_bytes'> {
  const db = new Database(file);
  // Its WAL is part of what it stored.
  db.pragma('wal_checkpoint(TRUNCATE)');
  const passed = db
    .prepare(
      `SELECT count(*) FROM eval_results
       WHERE success = 1 AND error IS NULL AND length(json_extract(response, '$.output')) > 0`,
    )
    .pluck()
    .get();
  db.close();
  return { passed: z.number().parse(passed), db_bytes: statSync(file).size };
}
