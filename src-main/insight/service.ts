import type { Clock, InsightService } from '../ports';
import { storageSum, type Store } from '../store';
import { probeCosts } from './probes';
import { budgetStandings, setBudget } from './budgets';
import { rangeOf } from './days';
import { answerQuestion, headOf } from './group';
import { lifetimeUsage } from './lifetime';
import { costs, latency, outcomes, tokens } from './measures';

/** Charts and tables about what was run, from the sums that each commit keeps: no question reads the runs themselves. */
export function createInsightService({ store, clock }: { store: Store; clock: Clock }): InsightService {
  const db = store.read;
  return {
    costs: (query) => ({
      ...answerQuestion(db, query, clock.now(), costs),
      probes: probeCosts(db, query, clock.now()),
    }),
    latency: (query) => answerQuestion(db, query, clock.now(), latency),
    errors: (query) => answerQuestion(db, query, clock.now(), outcomes),
    tokens: (query) => answerQuestion(db, query, clock.now(), tokens),
    storage(query) {
      const range = rangeOf(query, clock.now());
      const rows = range.slots
        .map(({ key, from, to }) => ({
          key,
          label: key,
          stack: null,
          stack_label: null,
          ...storageSum(db, from, to),
        }))
        .filter(({ answers }) => answers > 0);
      return {
        ...headOf({ ...query, simulated: false }, range),
        rows,
        totals: storageSum(db, range.whole.from, range.whole.to),
        store_bytes: store.info.sizeBytes(),
      };
    },
    budgets: () => ({ items: budgetStandings({ store, clock }) }),
    setBudget(change) {
      setBudget({ store, clock }, change);
      return { items: budgetStandings({ store, clock }) };
    },
    lifetime: () => lifetimeUsage(db, clock.now()),
  };
}
