import { isPracticeProvider, type Template } from '../../src-shared/domain';
import type { Clock } from '../ports';
import { leftOfMonth, overruns, type Pricing } from '../runs';
import type { BatchRecord, ReadDb } from '../store';
import { expectedCosts } from './estimate';
import type { BatchProgress } from './progress';

/** What a comparison's budget and the workspace's monthly one allow (docs/reliability.md#budgets). */
export interface Overruns {
  /** Which budget a target's next call could exceed; null if none. */
  by(targetIndex: number): string | null;
  isLimited(targetIndex: number): boolean;
}

/** Assumes that calls in flight and the next one cost as much as their target's most expensive so far. */
export function createOverruns(
  deps: { readonly read: ReadDb; readonly clock: Clock; readonly pricing: Pricing },
  batch: BatchRecord,
  now: { progress(): BatchProgress; templates(): readonly Template[] },
): Overruns {
  const { read, clock, pricing } = deps;
  const budget = batch.budget_picodollars;
  let expected: (bigint | null)[] | null = null;

  const isSimulated = (targetIndex: number): boolean =>
    isPracticeProvider(batch.targets[targetIndex]?.provider ?? '');

  /** Simulated runs cost nothing: the monthly budget neither counts nor stops them. */
  const leftFor = (targetIndex: number): bigint | null =>
    isSimulated(targetIndex) ? null : leftOfMonth(read, clock, batch);

  /** The most that calls in flight and the next one may cost, for the targets that `counts` selects. */
  const projectedCost = (nextTarget: number, counts: (targetIndex: number) => boolean): bigint => {
    expected ??= expectedCosts(read, { pricing, now: new Date(clock.now()) }, batch, now.templates());
    const known = expected;
    const progress = now.progress();
    return batch.targets.reduce((sum, { target_index }) => {
      if (!counts(target_index)) return sum;
      const each = progress.mostExpensive(target_index) ?? known[target_index] ?? 0n;
      const calls = progress.running(target_index) + (target_index === nextTarget ? 1 : 0);
      return sum + each * BigInt(calls);
    }, 0n);
  };

  return {
    by(nextTarget) {
      const left = leftFor(nextTarget);
      if (budget !== null && now.progress().spent + projectedCost(nextTarget, () => true) > budget) {
        return "The next call could exceed this comparison's budget.";
      }
      if (
        left !== null &&
        overruns(
          projectedCost(nextTarget, (index) => !isSimulated(index)),
          left,
        )
      ) {
        return "The next call could exceed the workspace's budget for this month.";
      }
      return null;
    },
    isLimited: (targetIndex) => budget !== null || leftFor(targetIndex) !== null,
  };
}
