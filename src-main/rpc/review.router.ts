import type { Core } from '../ports';
import type { Implementer } from './base';

export function reviewRouter(os: Implementer['review'], { review }: Core) {
  return os.router({
    list: os.list.handler(({ input }) => review.list(input)),
    groups: os.groups.handler(() => review.groups()),
    get: os.get.handler(({ input }) => review.get(input.run_id)),
    check: os.check.handler(({ input }) => review.check(input)),
    decide: os.decide.handler(({ input }) => review.decide(input)),
    decideMany: os.decideMany.handler(({ input }) => review.decideMany(input)),
  });
}
