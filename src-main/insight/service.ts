import { AppError } from '../../src-shared/domain';
import type { Clock, Service } from '../ports';
import { storageSum, type Store } from '../store';
import { probeCosts } from './probes';
import { budgetStandings, setBudget } from './budgets';
import { rangeOf } from './days';
import { answerQuestion, headOf } from './group';
import { lifetimeUsage } from './lifetime';
import { costs, latency, outcomes, tokens } from './measures';

export interface InsightDeps {
  readonly store: Store;
  readonly clock: Clock;
  /**
   * Whether sums are kept; default: yes. Without them every question is refused, because old figures would pass for
   * current ones.
   */
  readonly statistics?: boolean;
}

/** Charts and tables of past runs, from the sums that each commit maintains; no question reads the runs themselves. */
export function createInsightService({ store, clock, statistics = true }: InsightDeps): Service<'insight'> {
  const db = store.read;
  const answer: typeof answerQuestion = (...question) => {
    requireStatistics(statistics);
    return answerQuestion(...question);
  };
  return {
    costs: (query) => ({
      ...answer(db, query, clock.now(), costs),
      probes: probeCosts(db, query, clock.now()),
    }),
    latency: (query) => answer(db, query, clock.now(), latency),
    errors: (query) => answer(db, query, clock.now(), outcomes),
    tokens: (query) => answer(db, query, clock.now(), tokens),
    storage(query) {
      requireStatistics(statistics);
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
    lifetime: () => (statistics ? lifetimeUsage(db, clock.now()) : null),
  };
}

/** @throws STATISTICS_OFF */
function requireStatistics(statistics: boolean): void {
  if (statistics) return;
  throw new AppError(
    'STATISTICS_OFF',
    'Statistics are off (PROMPTER_EXECUTION_LOG_DISABLED). Runs, answers and spend are still stored. ' +
      'Start Prompter without the variable to have the statistics computed from them.',
  );
}
