import type { Core } from '../ports';
import type { Implementer } from './base';

export function insightRouter(os: Implementer['insight'], { insight }: Core) {
  return os.router({
    costs: os.costs.handler(({ input }) => insight.costs(input)),
    latency: os.latency.handler(({ input }) => insight.latency(input)),
    errors: os.errors.handler(({ input }) => insight.errors(input)),
    tokens: os.tokens.handler(({ input }) => insight.tokens(input)),
    storage: os.storage.handler(({ input }) => insight.storage(input)),
    budgets: os.budgets.handler(() => insight.budgets()),
    setBudget: os.setBudget.handler(({ input }) => insight.setBudget(input)),
  });
}
