import { expect, test } from 'vitest';
import type { CostsAnswer } from '../../../src-shared/domain';
import { costBySlot, stackedCosts } from './figures';

const costs = (rows: { key: string; unpriced: number; cost_usd: string | null }[]): CostsAnswer => ({
  from: '2026-11-01',
  to: '2026-11-03',
  time_zone: 'UTC',
  exact_days: true,
  simulated: false,
  group_by: 'day',
  slots: ['2026-11-01', '2026-11-02', '2026-11-03'],
  boundaries: [],
  rows: rows.map((row) => ({ ...row, label: row.key, runs: 1, stack: 'm', stack_label: null })),
  totals: { runs: 0, unpriced: 0, cost_usd: null },
  probes: { calls: 0, unpriced: 0, cost_usd: null },
});

test('unpriced calls have no place in a chart and never sum to 0; a slot without calls is 0', () => {
  const answer = costs([
    { key: '2026-11-01', unpriced: 1, cost_usd: null },
    { key: '2026-11-02', unpriced: 0, cost_usd: '0.5' },
    { key: '2026-11-02', unpriced: 1, cost_usd: null },
  ]);
  expect(costBySlot(answer).map(({ cost_usd }) => cost_usd)).toEqual([null, '0.5', '0']);
  const first = stackedCosts(costs([{ key: '2026-11-01', unpriced: 1, cost_usd: null }]));
  expect(first.points[0]?.values).toEqual({ m: null });
});
