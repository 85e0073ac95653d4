import { type CostsAnswer, type InsightQuery, timestampOf, usdOfSum } from '../../src-shared/domain';
import { sumProbes, type ReadDb } from '../store';
import { rangeOf } from './days';

const HOUR_MS = 3_600_000;

/** What probes cost over the range of a question: shown beside its sums, which are of runs. */
export function probeCosts(db: ReadDb, query: InsightQuery, now: number): CostsAnswer['probes'] {
  const { whole } = rangeOf(query, now);
  const { calls, unpriced, picodollars } = sumProbes(db, {
    from: timestampOf(whole.from * HOUR_MS),
    to: timestampOf(whole.to * HOUR_MS),
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
