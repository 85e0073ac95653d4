import { once, setMaxListeners } from 'node:events';

/**
 * Under a budget, a target's first call runs alone, to learn what its calls cost: an estimate cannot know how long
 * answers are, and a full set of concurrent calls could overrun the budget.
 */
export interface FirstCalls {
  /**
   * Null for a target's first call, without a budget, and once the first call has ended. Synchronous, so that nothing
   * can halt the batch before the first call is under way. Otherwise resolves when that call has ended or the batch
   * halts.
   */
  known(targetIndex: number, halt: AbortSignal): Promise<unknown> | null;
  ended(targetIndex: number): void;
}

export function createFirstCalls(isLimited: (targetIndex: number) => boolean): FirstCalls {
  const firsts = new Map<number, PromiseWithResolvers<void>>();
  const ended = new Set<number>();
  return {
    known(targetIndex, halt) {
      if (ended.has(targetIndex) || !isLimited(targetIndex)) return null;
      const first = firsts.get(targetIndex);
      if (first) {
        // As many listeners as concurrent calls.
        setMaxListeners(0, halt);
        return Promise.race([first.promise, once(halt, 'abort')]);
      }
      firsts.set(targetIndex, Promise.withResolvers<void>());
      return null;
    },
    ended(targetIndex) {
      ended.add(targetIndex);
      firsts.get(targetIndex)?.resolve();
    },
  };
}
