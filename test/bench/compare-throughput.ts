import { join } from 'node:path';
import * as z from 'zod';
import { prepareHome, runComparison, type ComparisonResult } from './lib/comparison';
import {
  benchProcess,
  median,
  runMeasured,
  startPractice,
  temporaryFolder,
  type ProcessUsage,
} from './lib/processes';
import { identicalBodies } from './lib/witness';
import { atLeast, atMost, fact, type Measure, type Suite } from './suites';

const INPUTS = 1000;
const CONCURRENCY = 32;
const ROUNDS = 3;
/** A second size, to measure the memory per additional cell. */
const MORE_INPUTS = 4000;

const bareSchema = z.object({ calls: z.number(), wall_ms: z.number() });

/** `prompter compare`, 3,000 calls without latency, in turns with the same calls by the bare SDKs. */
export const compareThroughput: Suite = {
  name: 'compare: 1,000 inputs × 3 targets, no latency, concurrency 32',
  async run(log) {
    const folder = temporaryFolder();
    const journal = join(folder.path, 'journal.jsonl');
    const practice = await startPractice(journal);
    const identical: number[] = [];
    const bare: (z.infer<typeof bareSchema> & { usage: ProcessUsage })[] = [];
    const ours: ComparisonResult[] = [];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const sdk = await runMeasured(benchProcess('bare-sdks'), [
          practice.url,
          String(INPUTS),
          String(CONCURRENCY),
        ]);
        bare.push({ ...bareSchema.parse(JSON.parse(sdk.stdout)), usage: sdk.usage });
        const home = join(folder.path, `home-${round}`);
        await prepareHome(home, practice.url);
        ours.push(await runComparison(home, { inputs: INPUTS, concurrency: CONCURRENCY }));
        identical.push(identicalBodies(home, journal));
        log(
          `round ${round + 1} of ${ROUNDS}: bare ${bare.at(-1)?.wall_ms.toFixed(0)} ms, prompter ${ours.at(-1)?.batch_ms} ms`,
        );
      }
      const home = join(folder.path, 'home-more');
      await prepareHome(home, practice.url);
      const more = await runComparison(home, { inputs: MORE_INPUTS, concurrency: CONCURRENCY });
      return [
        atLeast(
          'bodies identical to what the server sent',
          Math.min(...identical),
          `of ${INPUTS * 3}`,
          INPUTS * 3,
        ),
        ...measures(bare, ours, more),
      ];
    } finally {
      practice.stop();
      folder.remove();
    }
  },
};

function measures(
  bare: readonly (z.infer<typeof bareSchema> & { usage: ProcessUsage })[],
  ours: readonly ComparisonResult[],
  more: ComparisonResult,
): Measure[] {
  const bareRate = median(bare.map((run) => (run.calls / run.wall_ms) * 1000));
  const ourRate = median(ours.map((run) => (run.cells / run.batch_ms) * 1000));
  const bareCpu = median(bare.map((run) => (run.usage.cpu_ms / run.calls) * 1000));
  const ourCpu = median(ours.map((run) => (run.usage.cpu_ms / run.cells) * 1000));
  const rss = median(ours.map((run) => run.usage.max_rss_mb));
  const cells = ours[0]?.cells ?? 0;
  return [
    fact('bare SDKs', bareRate, 'calls/s'),
    fact('prompter', ourRate, 'calls/s'),
    atLeast('throughput, prompter / bare SDKs', ourRate / bareRate, '×', 0.5),
    fact('bare SDKs, CPU', bareCpu, 'µs/call'),
    fact('prompter, CPU', ourCpu, 'µs/call'),
    atMost('CPU per call, prompter / bare SDKs', ourCpu / bareCpu, '×', 1.45),
    fact('bare SDKs, peak memory', median(bare.map((run) => run.usage.max_rss_mb)), 'MB'),
    atMost('prompter, peak memory', rss, 'MB', 220),
    atMost(
      'memory per further cell',
      ((more.usage.max_rss_mb - rss) * 1024) / (more.cells - cells),
      'KB',
      25,
    ),
    atMost('database per cell', median(ours.map((run) => run.db_bytes / run.cells)) / 1024, 'KB', 3.96),
  ];
}
