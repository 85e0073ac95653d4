import { usdOfSum, type CostsAnswer, type InsightQuery } from '../../src-shared/domain';
import { sumProbes, type ReadDb } from '../store';
import { rangeOf } from './days';

const HOUR_MS = 3_600_000;

/** What probes cost over the range of a question: shown beside its sums, which are of runs. */
export function probeCosts(db: ReadDb, query: InsightQuery, now: number): CostsAnswer['probes'] {
  const { whole } = rangeOf(query, now);
  const { calls, unpriced, picodollars } = sumProbes(db, {
    from: new Date(whole.from * HOUR_MS).toISOString(),
    to: new Date(whole.to * HOUR_MS).toISOString(),
    simulated: query.simulated,
    workspace_id: query.workspace_id ?? null,
  });
  // As for runs: where none is priced, the cost is not 0 but unknown.
  return {
    calls,
    unpriced,
    cost_usd: usdOfSum(picodollars, unpriced),
  };
}
