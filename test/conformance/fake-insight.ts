import {
  errorsAnswerSchema,
  storageAnswerSchema,
  tokensAnswerSchema,
  type InsightQuery,
} from '../../src-shared/domain';
import type { Core } from '../../src-main/ports';

const DAY = '2026-11-20';

/** Answers about a store in which nothing was run yet. */
export function createFakeInsight(): Core['insight'] {
  return {
    costs: (query) => ({
      ...answer(query, { runs: 0, unpriced: 0, cost_usd: '0' }),
      probes: { calls: 0, unpriced: 0, cost_usd: '0' },
    }),
    latency: (query) => answer(query, { answered: 0, p50_ms: null, p95_ms: null }),
    errors: (query) => answer(query, zeros(errorsAnswerSchema.shape.totals)),
    tokens: (query) => answer(query, zeros(tokensAnswerSchema.shape.totals)),
    storage: (query) => ({
      ...answer({ ...query, simulated: false }, zeros(storageAnswerSchema.shape.totals)),
      store_bytes: 8192,
    }),
    budgets: () => ({ items: [] }),
    setBudget: () => ({ items: [] }),
    lifetime: () => [],
  };
}

type Head = Pick<InsightQuery, 'time_zone' | 'simulated' | 'group_by'>;

function answer<T>({ time_zone, simulated, group_by }: Head, totals: T) {
  return {
    from: DAY,
    to: DAY,
    time_zone,
    exact_days: true,
    simulated,
    group_by,
    slots: [DAY],
    boundaries: ['2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z'],
    rows: [],
    totals,
  };
}

function zeros<T>(schema: { shape: object; parse(value: unknown): T }): T {
  return schema.parse(Object.fromEntries(Object.keys(schema.shape).map((name) => [name, 0])));
}
