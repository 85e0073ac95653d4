import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CLI, runMeasured, type ProcessUsage } from './processes';
import { benchInput, BENCH_TEMPLATE } from './workload';

export interface ComparisonResult {
  readonly batch_id: string;
  readonly cells: number;
  /** From the first cell's start to the last one's final commit. */
  readonly batch_ms: number;
  readonly usage: ProcessUsage;
  readonly db_bytes: number;
}

const batchSchema = z.object({
  batch_id: z.string(),
  total: z.number(),
  status: z.string(),
  started_at: z.string(),
  finished_at: z.string(),
});

/** Adds the three practice connections that point to the server in its own process. */
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

/** `prompter compare` of inputs × 3 practice targets, as a user would run it, in a process of its own. */
export async function runComparison(
  home: string,
  options: { inputs: number; concurrency: number; suffix?: string },
): Promise<ComparisonResult> {
  const suffix = options.suffix ?? '';
  const inputs = join(home, 'inputs.jsonl');
  const template = join(home, 'template.json');
  writeFileSync(
    inputs,
    Array.from({ length: options.inputs }, (_, index) => JSON.stringify(benchInput(index))).join('\n'),
  );
  writeFileSync(template, JSON.stringify(BENCH_TEMPLATE));
  const targets = [
    `bench-openai:gpt-4o${suffix}`,
    `bench-anthropic:claude-opus-5-5${suffix}`,
    `bench-google:gemini-3.8-flash${suffix}`,
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
  const { batch } = z.object({ batch: batchSchema }).parse(JSON.parse(stdout));
  if (batch.status !== 'completed') throw new Error(`the comparison ended as ${batch.status}`);
  return {
    batch_id: batch.batch_id,
    cells: batch.total,
    batch_ms: Date.parse(batch.finished_at) - Date.parse(batch.started_at),
    usage,
    db_bytes: statSync(join(home, 'prompter.db')).size,
  };
}

export function environmentOf(home: string): Record<string, string> {
  return { PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session' };
}
