import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import * as z from 'zod';
import { prepareHome } from './lib/comparison';
import { median, startPractice, temporaryFolder } from './lib/processes';
import { launchBrowser, startServing, type Serving } from './lib/serving';
import { benchInput, BENCH_TARGETS, BENCH_TEMPLATE } from './lib/workload';
import { atMost, fact, type Measure, type Suite } from './suites';

const INPUTS = 1000;
const CELLS = INPUTS * 3;
const CONCURRENCY = 512;
const SUFFIX = '@latency=200';
const ROUNDS = 5;
/** Polling costs the server something too: little, and the same for every watcher. */
const ASK_AGAIN_MS = 250;

interface Cost {
  readonly wall_ms: number;
  readonly cpu_ms: number;
}
interface Round {
  readonly alone: Cost;
  readonly feed: Cost;
  readonly screen: Cost;
}

const batchSchema = z.object({
  status: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  counts: z.object({ succeeded: z.number() }),
});

/** What watching costs the serving process: a program on the live feed, a person at the screen. */
export const watching: Suite = {
  name: 'watching: 3,000 calls of 200 ms, concurrency 512, with and without a watcher',
  async run(log) {
    const folder = temporaryFolder();
    const practice = await startPractice(join(folder.path, 'journal.jsonl'));
    const home = join(folder.path, 'home');
    await prepareHome(home, practice.url);
    const server = await startServing(home);
    const browser = await launchBrowser();
    try {
      const start = await planOf(server);
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(server.link);
      await page.getByRole('heading').first().waitFor();
      const ways = {
        alone: () => measure(server, start, () => Promise.resolve()),
        feed: () => measure(server, start, (batchId) => followFeed(server, batchId)),
        screen: async () => {
          // Not the list of comparisons, where others already show as completed.
          await page.goto(`${server.url}/#/settings`);
          await page.getByRole('heading', { name: 'Settings' }).waitFor();
          const cost = await measure(server, start, (batchId) => followOnScreen(page, batchId));
          // An open page would keep listening.
          await page.goto('about:blank');
          return cost;
        },
      };
      // The first comparison of a process compiles code that later ones reuse.
      await page.goto('about:blank');
      await ways.alone();
      const rounds: Round[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const last = { alone: await ways.alone(), feed: await ways.feed(), screen: await ways.screen() };
        rounds.push(last);
        log(`round ${round + 1} of ${ROUNDS}: ${said(last)}`);
      }
      return measures(rounds);
    } finally {
      await browser.close();
      server.stop();
      practice.stop();
      folder.remove();
    }
  },
};

/** Freezes the template; the returned function starts a comparison and resolves to its id. */
async function planOf(server: Serving): Promise<() => Promise<string>> {
  const { items } = z
    .object({ items: z.array(z.object({ connection_id: z.string(), name: z.string() })) })
    .parse(await server.call('GET', '/v1/connections'));
  const targets = Object.entries(BENCH_TARGETS).map(([vendor, model]) => ({
    connection_id: items.find(({ name }) => name === `bench-${vendor}`)?.connection_id,
    model_id: `${model}${SUFFIX}`,
  }));
  const { template_id } = z
    .object({ template_id: z.string() })
    .parse(await server.call('POST', '/v1/templates', BENCH_TEMPLATE));
  const inputs = Array.from({ length: INPUTS }, (_, index) => benchInput(index));
  return async () => {
    const started = await server.call('POST', `/v1/templates/${template_id}/batch-run`, {
      targets,
      inputs,
      concurrency: CONCURRENCY,
    });
    return z.object({ batch_id: z.string() }).parse(started).batch_id;
  };
}

async function measure(
  server: Serving,
  start: () => Promise<string>,
  follow: (batchId: string) => Promise<void>,
): Promise<Cost> {
  const cpuBefore = await server.cpuMs();
  const batchId = await start();
  const [wall_ms] = await Promise.all([finished(server, batchId), follow(batchId)]);
  return { wall_ms, cpu_ms: (await server.cpuMs()) - cpuBefore };
}

/** Resolves to the comparison's duration, from its own record. */
async function finished(server: Serving, batchId: string): Promise<number> {
  for (;;) {
    const { status, started_at, finished_at, counts } = batchSchema.parse(
      await server.call('GET', `/v1/batches/${batchId}`),
    );
    if (status === 'completed' && started_at !== null && finished_at !== null) {
      if (counts.succeeded !== CELLS) throw new Error(`${counts.succeeded} of ${CELLS} cells succeeded`);
      return Date.parse(finished_at) - Date.parse(started_at);
    }
    if (status !== 'running' && status !== 'planned') throw new Error(`the comparison is ${status}`);
    await delay(ASK_AGAIN_MS);
  }
}

/** Reads the feed to its end and checks that the cells arrived: a feed that dropped them would look cheap. */
async function followFeed(server: Serving, batchId: string): Promise<void> {
  let text = '';
  for await (const part of server.events(`/v1/batches/${batchId}/events`)) text += part;
  const told = text.match(/"type":"cell"/g)?.length ?? 0;
  if (told < CELLS - CONCURRENCY) throw new Error(`the feed told of ${told} of ${CELLS} cells`);
}

async function followOnScreen(page: Page, batchId: string): Promise<void> {
  await page.evaluate((id) => {
    location.hash = `#/compare/${id}`;
  }, batchId);
  await page.getByRole('columnheader').first().waitFor();
  await page.getByText('Completed', { exact: true }).waitFor({ timeout: 600_000 });
}

function measures(rounds: readonly Round[]): Measure[] {
  const of = (read: (round: Round) => number): number => median(rounds.map(read));
  return [
    fact(
      'no watcher',
      of(({ alone }) => alone.wall_ms),
      'ms',
    ),
    fact(
      'no watcher, CPU',
      of(({ alone }) => alone.cpu_ms / CELLS),
      'ms/cell',
    ),
    // Ratios within a round, which cancel out the machine's load.
    atMost(
      'time, live feed / no watcher',
      of(({ feed, alone }) => feed.wall_ms / alone.wall_ms),
      '×',
      1.05,
    ),
    atMost(
      'CPU, live feed / no watcher',
      of(({ feed, alone }) => feed.cpu_ms / alone.cpu_ms),
      '×',
      1.05,
    ),
    atMost(
      'time, screen / no watcher',
      of(({ screen, alone }) => screen.wall_ms / alone.wall_ms),
      '×',
      1.05,
    ),
    atMost(
      'CPU, screen / no watcher',
      of(({ screen, alone }) => screen.cpu_ms / alone.cpu_ms),
      '×',
      1.05,
    ),
  ];
}

function said({ alone, feed, screen }: Round): string {
  const one = ({ wall_ms, cpu_ms }: Cost): string =>
    `${wall_ms} ms, ${(cpu_ms / CELLS).toFixed(2)} ms CPU per cell`;
  return `no watcher ${one(alone)}; feed ${one(feed)}; screen ${one(screen)}`;
}
