import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { prepareHome, runComparison, type ComparisonResult } from './lib/comparison';
import { journalReader, type Witness } from './lib/journal';
import { median, p95, startPractice, temporaryFolder } from './lib/processes';
import { atMost, fact, type Measure, type Suite } from './suites';

const INPUTS = 1000;
const LATENCY_MS = 200;
const ROUNDS = 3;

interface Round {
  /** Wall time of `prompter compare` over the minimum its calls can take. */
  readonly wall: number;
  /** The same for the comparison alone, without the program's start and exit. */
  readonly batch: number;
  readonly cpu: number;
  readonly recorded: number;
  /** By the server's clock, from a request's last byte to its answer's last byte. */
  readonly server: number;
}

/** What Prompter adds to the provider's time, and whether it records the provider's time or its own delays. */
export const realLatency: Suite = {
  name: 'real latency: 3,000 calls of 200 ms, concurrency 32 and 128',
  async run(log) {
    const folder = temporaryFolder();
    const journal = join(folder.path, 'journal.jsonl');
    const practice = await startPractice(journal);
    const served = journalReader(journal);
    const few: Round[] = [];
    const many: Round[] = [];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [concurrency, rounds] of [
          [32, few],
          [128, many],
        ] as const) {
          const home = join(folder.path, `home-${round}-${concurrency}`);
          await prepareHome(home, practice.url);
          served();
          const options = { inputs: INPUTS, concurrency, suffix: `@latency=${LATENCY_MS}` };
          const result = await runComparison(home, options);
          const last = roundOf({ concurrency, home, result, witness: served() });
          rounds.push(last);
          log(
            `round ${round + 1} of ${ROUNDS}, ${concurrency} at once: ${last.wall.toFixed(3)} of the least time`,
          );
        }
      }
      return measures(few, many);
    } finally {
      practice.stop();
      folder.remove();
    }
  },
};

function roundOf({
  concurrency,
  home,
  result,
  witness,
}: {
  concurrency: number;
  home: string;
  result: ComparisonResult;
  witness: Witness;
}): Round {
  const least = Math.ceil(result.cells / concurrency) * LATENCY_MS;
  return {
    wall: result.usage.wall_ms / least,
    batch: result.batch_ms / least,
    cpu: result.usage.cpu_ms / result.cells,
    recorded: p95(recordedLatencies(home)),
    server: p95(witness.answers.map(({ latency_ms }) => latency_ms)),
  };
}

function recordedLatencies(home: string): number[] {
  const db = new Database(join(home, 'prompter.db'), { readonly: true });
  try {
    const rows = db.prepare('SELECT latency_ms FROM runs WHERE latency_ms IS NOT NULL').pluck().all();
    return z.array(z.number()).parse(rows);
  } finally {
    db.close();
  }
}

function measures(few: readonly Round[], many: readonly Round[]): Measure[] {
  const of = (rounds: readonly Round[], read: (round: Round) => number): number => median(rounds.map(read));
  const recordedOverServer = ({ recorded, server }: Round): number => recorded / server;
  const serverOverTrue = ({ server }: Round): number => server / LATENCY_MS;
  return [
    fact(
      'comparison alone / least time, 32 at once',
      of(few, ({ batch }) => batch),
      '×',
    ),
    atMost(
      'time / least time, 32 at once',
      of(few, ({ wall }) => wall),
      '×',
      1.06,
    ),
    atMost(
      'CPU per cell at 200 ms, 32 at once',
      of(few, ({ cpu }) => cpu),
      'ms',
      2,
    ),
    // A late server cannot measure a client: ignore the figures below if this is not met.
    atMost('server P95 / 200 ms, 32 at once', of(few, serverOverTrue), '×', 1.02),
    fact(
      'recorded P95, 32 at once',
      of(few, ({ recorded }) => recorded),
      'ms',
    ),
    atMost('recorded P95 / server P95, 32 at once', of(few, recordedOverServer), '×', 1.05),
    fact(
      'comparison alone / least time, 128 at once',
      of(many, ({ batch }) => batch),
      '×',
    ),
    atMost(
      'time / least time, 128 at once',
      of(many, ({ wall }) => wall),
      '×',
      1.2,
    ),
    atMost(
      'CPU per cell at 200 ms, 128 at once',
      of(many, ({ cpu }) => cpu),
      'ms',
      2,
    ),
    atMost('server P95 / 200 ms, 128 at once', of(many, serverOverTrue), '×', 1.02),
    fact(
      'recorded P95, 128 at once',
      of(many, ({ recorded }) => recorded),
      'ms',
    ),
    atMost('recorded P95 / server P95, 128 at once', of(many, recordedOverServer), '×', 1.08),
  ];
}
