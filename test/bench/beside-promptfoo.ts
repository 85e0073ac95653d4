import { join } from 'node:path';
import { prepareHome, runComparison, type ComparisonResult } from './lib/comparison';
import { journalReader, servedCalls } from './lib/journal';
import { median, startPractice, temporaryFolder, type ProcessUsage } from './lib/processes';
import { providePromptfoo, type Promptfoo, type PromptfooResult } from './lib/promptfoo';
import { BENCH_PROMPT_TEMPLATE } from './lib/workload';
import { atLeast, atMost, fact, notMeasured, type Measure, type Suite } from './suites';

const INPUTS = 1000;
const CELLS = INPUTS * 3;
const CONCURRENCY = 32;
const ROUNDS = 3;

interface Round {
  readonly theirs: PromptfooResult;
  readonly ours: ComparisonResult;
  /** How many of each program's calls the server answered in full. */
  readonly theirCalls: number;
  readonly ourCalls: number;
}

/**
 * The same comparison by promptfoo and Prompter in turns, against one server. Times whole programs, start-up
 * included.
 */
export const besidePromptfoo: Suite = {
  name: 'promptfoo: 1,000 inputs × 3 providers, no latency, concurrency 32, beside it',
  async run(log) {
    const promptfoo = await providePromptfoo(log);
    if (typeof promptfoo === 'string') {
      log(promptfoo);
      return measures([]).map(notMeasured);
    }
    const folder = temporaryFolder();
    const journal = join(folder.path, 'journal.jsonl');
    const practice = await startPractice(journal);
    const served = journalReader(journal);
    const rounds: Round[] = [];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const place = join(folder.path, `round-${round}`);
        rounds.push(
          await runBoth(promptfoo, { place, url: practice.url, served: () => servedCalls(served()) }),
        );
        log(`round ${round + 1} of ${ROUNDS}: ${said(rounds.at(-1))}`);
      }
      return measures(rounds);
    } finally {
      practice.stop();
      folder.remove();
    }
  },
};

async function runBoth(
  promptfoo: Promptfoo,
  { place, url, served }: { place: string; url: string; served: () => number },
): Promise<Round> {
  const theirHome = `${place}-promptfoo`;
  await promptfoo.prepare(theirHome);
  const ourHome = `${place}-prompter`;
  await prepareHome(ourHome, url);
  served();
  const theirs = await promptfoo.evaluate(theirHome, { url, inputs: INPUTS, concurrency: CONCURRENCY });
  const theirCalls = served();
  const ours = await runComparison(ourHome, {
    inputs: INPUTS,
    concurrency: CONCURRENCY,
    template: BENCH_PROMPT_TEMPLATE,
  });
  return { theirs, ours, theirCalls, ourCalls: served() };
}

function measures(rounds: readonly Round[]): Measure[] {
  const of = (read: (round: Round) => number): number => median(rounds.map(read));
  const theirs = {
    rate: of(({ theirs: { usage } }) => (CELLS / usage.wall_ms) * 1000),
    cpu: of(({ theirs: { usage } }) => usage.cpu_ms / CELLS),
    rss: of(({ theirs: { usage } }) => usage.max_rss_mb),
    bytes: of(({ theirs: { db_bytes } }) => db_bytes / CELLS),
  };
  const ours = {
    rate: of(({ ours: { usage } }) => (CELLS / usage.wall_ms) * 1000),
    cpu: of(({ ours: { usage } }) => usage.cpu_ms / CELLS),
    rss: of(({ ours: { usage } }) => usage.max_rss_mb),
    bytes: of(({ ours: { db_bytes } }) => db_bytes / CELLS),
  };
  const least = (read: (round: Round) => number): number => Math.min(...rounds.map(read));
  return [
    // Skipped work is not speed.
    atLeast(
      'calls that the server counted, promptfoo',
      least((round) => round.theirCalls),
      'of 3000',
      3000,
    ),
    atLeast(
      'cells that passed, promptfoo',
      least((round) => round.theirs.passed),
      'of 3000',
      3000,
    ),
    atLeast(
      'calls that the server counted, prompter',
      least((round) => round.ourCalls),
      'of 3000',
      3000,
    ),
    atLeast(
      'cells that passed, prompter',
      least((round) => round.ours.succeeded),
      'of 3000',
      3000,
    ),
    fact('promptfoo', theirs.rate, 'cells/s'),
    fact('prompter', ours.rate, 'cells/s'),
    atLeast('cells per second, prompter / promptfoo', ours.rate / theirs.rate, '×', 6.5),
    fact('promptfoo, CPU', theirs.cpu, 'ms/cell'),
    fact('prompter, CPU', ours.cpu, 'ms/cell'),
    atLeast('CPU per cell, promptfoo / prompter', theirs.cpu / ours.cpu, '×', 7.5),
    fact('promptfoo, peak memory', theirs.rss, 'MB'),
    atMost('prompter beside promptfoo, peak memory', ours.rss, 'MB', 220),
    atLeast('peak memory, promptfoo / prompter', theirs.rss / ours.rss, '×', 2.2),
    fact('promptfoo, database per cell', theirs.bytes / 1024, 'KB'),
    fact('prompter, database per cell', ours.bytes / 1024, 'KB'),
    atLeast('database per cell, promptfoo / prompter', theirs.bytes / ours.bytes, '×', 2.8),
  ];
}

function said(round: Round | undefined): string {
  if (round === undefined) return '';
  const one = ({ wall_ms, cpu_ms, max_rss_mb }: ProcessUsage): string =>
    `${wall_ms.toFixed(0)} ms, ${(cpu_ms / CELLS).toFixed(2)} ms CPU per cell, ${max_rss_mb.toFixed(0)} MB`;
  return `promptfoo ${one(round.theirs.usage)}; prompter ${one(round.ours.usage)}`;
}
