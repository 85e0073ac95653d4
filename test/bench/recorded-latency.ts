import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { prepareHome, runComparison } from './lib/comparison';
import { p95, startPractice, temporaryFolder } from './lib/processes';
import { atMost, fact, type Suite } from './suites';

const answerSchema = z.object({ event: z.literal('answer'), latency_ms: z.number() });

/** What Prompter records as latency against what the server itself measured, at 200 ms and concurrency 32. */
export const recordedLatency: Suite = {
  name: 'recorded latency: 200 ms, concurrency 32, 3,000 calls',
  async run() {
    const folder = temporaryFolder();
    const journal = join(folder.path, 'journal.jsonl');
    const practice = await startPractice(journal);
    try {
      const home = join(folder.path, 'home');
      await prepareHome(home, practice.url);
      await runComparison(home, { inputs: 1000, concurrency: 32, suffix: '@latency=200' });
      const server = readFileSync(journal, 'utf8')
        .trim()
        .split('\n')
        .map((line) => answerSchema.safeParse(JSON.parse(line)))
        .flatMap((entry) => (entry.success ? [entry.data.latency_ms] : []));
      const db = new Database(join(home, 'prompter.db'), { readonly: true });
      const recorded = z
        .array(z.number())
        .parse(db.prepare('SELECT latency_ms FROM runs WHERE latency_ms IS NOT NULL').pluck().all());
      db.close();
      return [
        fact("server's own P95", p95(server), 'ms'),
        fact('recorded P95', p95(recorded), 'ms'),
        atMost('recorded P95 / server P95', p95(recorded) / p95(server), '×', 1.05),
      ];
    } finally {
      practice.stop();
      folder.remove();
    }
  },
};
