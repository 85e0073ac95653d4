import { uuidIds, systemClock } from '../../src-main/core';
import { createInsightService } from '../../src-main/insight';
import type { Logger } from '../../src-main/ports';
import { addLatency, emptyHistogram, encodeHistogram, openStore, type Store } from '../../src-main/store';
import { median, temporaryFolder } from './lib/processes';
import { seedRuns } from './seed-runs';
import { atLeast, atMost, fact, type Measure, type Suite } from './suites';

const SILENT: Logger = { log: () => undefined };
const RUNS = 1_000_000;
const SCANNED_RUNS = 100_000;
const TEMPLATES = 15;
const MODELS = 4;
const DAYS = 30;
const REPEATS = 31;
const FROM = '2026-10-01';
const TO = '2026-10-30';
const FIRST_HOUR = Date.parse(FROM) / 3_600_000;
const RANGE = { from: FROM, to: TO, time_zone: 'Europe/Berlin', simulated: false };

/** What the Analytics screen asks, of a month with a million runs; and of a smaller one against scans of the runs. */
export const insightQueries: Suite = {
  name: 'insight: 1,000,000 runs in 30 days, 15 templates × 4 models, every hour',
  async run(log) {
    const large = temporaryFolder();
    const small = temporaryFolder();
    try {
      log('seeding sums of 1,000,000 runs');
      const store = open(large.path);
      seedSums(store);
      const measures = queries(store).map(([name, ask]) => atMost(name, median(timed(ask)), 'ms', 20));
      const rows =
        store.read.prepare<[], { n: number }>(`SELECT count(*) AS n FROM run_hourly`).get()?.n ?? 0;
      store.close();
      log(`seeding ${SCANNED_RUNS} runs`);
      const scanned = open(small.path);
      seedRuns(scanned, {
        count: SCANNED_RUNS,
        templates: TEMPLATES,
        models: MODELS,
        days: DAYS,
        from: FROM,
      });
      measures.push(...ratios(scanned));
      scanned.close();
      return [fact('hourly rows', rows, 'rows'), ...measures];
    } finally {
      large.remove();
      small.remove();
    }
  },
};

function open(home: string): Store {
  return openStore({ home, ids: uuidIds, clock: systemClock, logger: SILENT, appVersion: 'bench' });
}

function queries(store: Store): [string, () => unknown][] {
  const insight = createInsightService({ store, clock: systemClock });
  return [
    ['cost by day, stacked by model', () => insight.costs({ ...RANGE, group_by: 'day', stack_by: 'model' })],
    ['cost by template', () => insight.costs({ ...RANGE, group_by: 'template' })],
    ['latency by day', () => insight.latency({ ...RANGE, group_by: 'day' })],
    ['latency by model', () => insight.latency({ ...RANGE, group_by: 'model' })],
    ['outcomes by day', () => insight.errors({ ...RANGE, group_by: 'day' })],
    ['tokens by day', () => insight.tokens({ ...RANGE, group_by: 'day' })],
    ['stored bytes by day', () => insight.storage({ ...RANGE, group_by: 'day' })],
  ];
}

/** The same answers from the runs themselves, in the same process. */
function ratios(store: Store): Measure[] {
  const insight = createInsightService({ store, clock: systemClock });
  const cost = store.read.prepare(
    `SELECT substr(executed_at, 1, 10), template_id, count(*), sum(cost_picodollars) FROM runs GROUP BY 1, 2`,
  );
  const latencies = store.read.prepare(
    `SELECT template_id, latency_ms FROM (SELECT template_id, latency_ms, row_number() OVER w AS rank,
       count(*) OVER (PARTITION BY template_id) AS n FROM runs
       WINDOW w AS (PARTITION BY template_id ORDER BY latency_ms)) WHERE rank = (n * 95 + 99) / 100`,
  );
  const utc = { ...RANGE, time_zone: 'UTC' };
  const byDay = median(timed(() => insight.costs({ ...utc, group_by: 'day', stack_by: 'template' })));
  const byTemplate = median(timed(() => insight.latency({ ...utc, group_by: 'template' })));
  return [
    atLeast(
      'daily cost × template: scan / sums, 100,000 runs',
      median(timed(() => cost.all())) / byDay,
      '×',
      5,
    ),
    atLeast(
      'P95 by template: scan / sums, 100,000 runs',
      median(timed(() => latencies.all())) / byTemplate,
      '×',
      5,
    ),
  ];
}

function timed(work: () => unknown): number[] {
  return Array.from({ length: REPEATS }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
}

/** A row for every hour, template and model, as commits would have left them. */
function seedSums(store: Store): void {
  const hours = DAYS * 24;
  const each = Math.round(RUNS / (hours * TEMPLATES * MODELS));
  store.write((tx) => {
    const series = tx.prepare(
      `INSERT INTO rollup_series (series_id, org_id, workspace_id, template_id, provider, connection_id, model_id, simulated)
       VALUES (?, 'default', 'default', ?, 'openai', ?, ?, 0)`,
    );
    const hourly = tx.prepare(
      `INSERT INTO run_hourly (series_id, hour, runs, succeeded, failed, outcome_unknown, unpriced, version_mismatch,
         parse_failed, answered, fingerprinted, cost_picodollars, input_tokens, cached_input_tokens, cache_write_tokens,
         output_tokens, reasoning_tokens, search_requests, latency)
       VALUES (?, ?, ?, ?, 1, 0, 1, 0, 0, ?, ?, ?, 12000, 400, 0, 9000, 100, 0, ?)`,
    );
    const storage = tx.prepare(`INSERT INTO storage_hourly (hour, answers, bytes) VALUES (?, ?, ?)`);
    for (let id = 0; id < TEMPLATES * MODELS; id += 1) {
      series.run(id + 1, `template-${id % TEMPLATES}`, `connection-${id % MODELS}`, `model-${id % MODELS}`);
      for (let hour = 0; hour < hours; hour += 1) {
        const latencies = emptyHistogram();
        for (let run = 0; run < each; run += 1) {
          addLatency(latencies, 300 + ((run * 7919 + hour * 104_729 + id * 31) % 4000), 1);
        }
        const cost = 37_500_000n * BigInt(each + (hour % 7));
        hourly.run(id + 1, FIRST_HOUR + hour, each, each - 1, each, each, cost, encodeHistogram(latencies));
      }
    }
    for (let hour = 0; hour < hours; hour += 1) storage.run(FIRST_HOUR + hour, each * 60, each * 60 * 2088);
  });
}
