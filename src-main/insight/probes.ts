import { type CostsAnswer, type InsightQuery, timestampOf, usdOfSum } from '../../src-shared/domain';
import { sumProbes, type ReadDb } from '../store';
import { rangeOf } from './days';

const HOUR_MS = 3_600_000;

/** What probes cost in a question's range: shown separately, because its sums cover runs only. */
export function probeCosts(db: ReadDb, query: InsightQuery, now: number): CostsAnswer['probes'] {
  const { whole } = rangeOf(query, now);
  const { calls, unpriced, picodollars } = sumProbes(db, {
    from: timestampOf(whole.from * HOUR_MS),
    to: timestampOf(whole.to * HOUR_MS),
    simulated: query.simulated,
    workspace_id: query.workspace_id ?? null,
  });
  // As with runs: if none is priced, the cost is unknown, not 0.
  return {
    calls,
    unpriced,
    cost_usd: usdOfSum(picodollars, unpriced),
  };
}
