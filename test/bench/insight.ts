import { uuidIds, systemClock } from '../../src-main/core';
import { createInsightService } from '../../src-main/insight';
import type { Logger, Service } from '../../src-main/ports';
import type { InsightStack } from '../../src-shared/domain';
import { listRuns, openStore, type Store } from '../../src-main/store';
import { median, p95, temporaryFolder } from './lib/processes';
import { seedHistory } from './seed-history';
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
const RANGE = { from: FROM, to: TO, time_zone: 'Europe/Berlin', simulated: false };

/** The period covered by the large store. */
const YEAR = { from: '2025-11-21', to: '2026-11-20' };
const MONTH = { from: '2026-10-22', to: '2026-11-20' };
const FORTNIGHT = { from: '2026-11-07', to: '2026-11-20' };
/** UTC, a whole-hour offset far from UTC, and a half-hour offset. */
const ZONES = ['UTC', 'America/Los_Angeles', 'Asia/Kolkata'];

/**
 * Every query behind the charts over a year with a million runs, and on a smaller store against scans of the runs.
 */
export const insightQueries: Suite = {
  name: 'insight: 1,000,000 runs in 365 days, 200 templates × 8 models × 4 connections',
  async run(log) {
    const large = temporaryFolder();
    const small = temporaryFolder();
    try {
      log('seeding 1,000,000 runs');
      const store = open(large.path);
      const { rebuildMs } = seedHistory(store, { runs: RUNS, templates: 200, days: 365, from: YEAR.from });
      const rows = (table: string): number =>
        store.read.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
      const facts = [
        fact('sums made anew from the runs', rebuildMs / 1000, 's'),
        fact('rows of sums by hour and series', rows('run_hourly'), 'rows'),
        fact('rows of sums by subject', rows('rollup_sums'), 'rows'),
      ];
      const measures = slowest(createInsightService({ store, clock: systemClock }));
      measures.push(atMost('a page of runs behind a number', median(timed(drillDown(store))), 'ms', 50));
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
      return [...facts, ...measures];
    } finally {
      large.remove();
      small.remove();
    }
  },
};

const BY = ['template', 'model', 'connection', 'provider'] as const satisfies readonly InsightStack[];

/** The P95 of each kind's slowest query, across zones and groupings. */
function slowest(insight: Service<'insight'>): Measure[] {
  const kinds = new Map<string, number>();
  const ask = (kind: string, question: () => unknown): void => {
    kinds.set(kind, Math.max(kinds.get(kind) ?? 0, p95(timed(question))));
  };
  for (const time_zone of ZONES) {
    for (const workspace_id of [undefined, 'default']) {
      for (const [length, range] of [
        ['30 days', MONTH],
        ['365 days', YEAR],
      ] as const) {
        const base = { ...range, time_zone, workspace_id, simulated: false };
        for (const measure of ['costs', 'errors', 'tokens'] as const) {
          ask(`${measure} by day, ${length}`, () => insight[measure]({ ...base, group_by: 'day' }));
          for (const by of [...BY, 'batch'] as const) {
            ask(`${measure} by ${by === 'batch' ? 'batch' : 'subject'}, ${length}`, () =>
              insight[measure]({ ...base, group_by: by }),
            );
          }
        }
        for (const by of BY) {
          ask(`costs by day, stacked, ${length}`, () =>
            insight.costs({ ...base, group_by: 'day', stack_by: by }),
          );
        }
        ask(`latency by day, ${length}`, () => insight.latency({ ...base, group_by: 'day' }));
        for (const by of BY) {
          ask(`latency by subject, ${length}`, () => insight.latency({ ...base, group_by: by }));
        }
        ask(`storage by day, ${length}`, () => insight.storage({ ...range, time_zone, group_by: 'day' }));
      }
      const hours = { ...FORTNIGHT, time_zone, workspace_id, simulated: false, group_by: 'hour' as const };
      ask('costs by hour, stacked, 14 days', () => insight.costs({ ...hours, stack_by: 'template' }));
      ask('errors by hour, 14 days', () => insight.errors(hours));
      ask('latency by hour, 14 days', () => insight.latency(hours));
    }
  }
  ask('since the store began, by model (metrics)', () => insight.lifetime());
  return [...kinds].map(([name, value]) => atMost(`${name}, P95`, value, 'ms', 20));
}

/** The second page of a template's runs in a month half a year ago. */
function drillDown(store: Store): () => unknown {
  const { template_id } = store.read
    .prepare<[], { template_id: string }>(`SELECT template_id FROM runs WHERE seq = 500000`)
    .get() ?? { template_id: '' };
  const filter = {
    template_id,
    simulated: false,
    counted: 'ended',
    from: '2026-05-01T00:00:00.000Z',
    to: '2026-06-01T00:00:00.000Z',
  } as const;
  const cursor = listRuns(store.read, filter, { cursor: null, limit: 200 }).next;
  return () => listRuns(store.read, filter, { cursor, limit: 200 });
}

function open(home: string): Store {
  return openStore({ home, ids: uuidIds, clock: systemClock, logger: SILENT, appVersion: 'bench' });
}

/** The same answers by scanning the runs, in the same process. */
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
  work();
  return Array.from({ length: REPEATS }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
}
