import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { CLI, runMeasured, type ProcessUsage } from './processes';
import { benchInput, BENCH_TARGETS, BENCH_TEMPLATE } from './workload';

export interface ComparisonResult {
  readonly batch_id: string;
  readonly cells: number;
  readonly succeeded: number;
  /** From the first cell's start to the last cell's final commit. */
  readonly batch_ms: number;
  readonly usage: ProcessUsage;
  readonly db_bytes: number;
}

const outcomeSchema = z.object({
  batch_id: z.string(),
  status: z.string(),
  total: z.number(),
  counts: z.object({ succeeded: z.number() }),
});
const timesSchema = z.object({ started_at: z.string(), finished_at: z.string() });

/** Adds three practice connections to the server in its separate process. */
export async function prepareHome(home: string, url: string): Promise<void> {
  const env = environmentOf(home);
  for (const vendor of ['openai', 'anthropic', 'google']) {
    const args = [
      'connections',
      'add',
      `bench-${vendor}`,
      '--provider',
      `practice-${vendor}`,
      '--base-url',
      url,
      '--json',
    ];
    await runMeasured(CLI, args, env);
  }
}

/** `prompter compare` of inputs × 3 practice targets, run in its own process as a user would. */
export async function runComparison(
  home: string,
  options: { inputs: number; concurrency: number; suffix?: string; template?: object },
): Promise<ComparisonResult> {
  const suffix = options.suffix ?? '';
  const inputs = join(home, 'inputs.jsonl');
  const template = join(home, 'template.json');
  writeFileSync(
    inputs,
    Array.from({ length: options.inputs }, (_, index) => JSON.stringify(benchInput(index))).join('\n'),
  );
  writeFileSync(template, JSON.stringify(options.template ?? BENCH_TEMPLATE));
  const targets = [
    `bench-openai:${BENCH_TARGETS.openai}${suffix}`,
    `bench-anthropic:${BENCH_TARGETS.anthropic}${suffix}`,
    `bench-google:${BENCH_TARGETS.google}${suffix}`,
  ].join(',');
  const { stdout, usage } = await runMeasured(
    CLI,
    [
      'compare',
      template,
      '--targets',
      targets,
      '--inputs',
      inputs,
      '--concurrency',
      String(options.concurrency),
      '--json',
      '--progress',
      'none',
    ],
    environmentOf(home),
  );
  const outcome = outcomeSchema.parse(JSON.parse(stdout));
  if (outcome.status !== 'completed') throw new Error(`the comparison ended as ${outcome.status}`);
  const file = join(home, 'prompter.db');
  const db = new Database(file, { readonly: true });
  const times = timesSchema.parse(
    db.prepare('SELECT started_at, finished_at FROM batches WHERE batch_id = ?').get(outcome.batch_id),
  );
  db.close();
  return {
    batch_id: outcome.batch_id,
    cells: outcome.total,
    succeeded: outcome.counts.succeeded,
    batch_ms: Date.parse(times.finished_at) - Date.parse(times.started_at),
    usage,
    db_bytes: statSync(file).size,
  };
}

export function environmentOf(home: string): Record<string, string> {
  return { PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session' };
}
