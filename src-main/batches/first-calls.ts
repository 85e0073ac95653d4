import { once, setMaxListeners } from 'node:events';

/**
 * Under a budget, what a target's calls cost is learnt from its first one before others are under way beside it: an
 * estimate does not know how long answers are, and as many calls as run at once could overrun the budget together.
 */
export interface FirstCalls {
  /**
   * Resolves at once for a target's first call and where there is no budget; for others when the first one has ended or
   * the batch halts.
   */
  known(targetIndex: number, halt: AbortSignal): Promise<void>;
  ended(targetIndex: number): void;
}

export function createFirstCalls(isLimited: (targetIndex: number) => boolean): FirstCalls {
  const firsts = new Map<number, PromiseWithResolvers<void>>();
  return {
    async known(targetIndex, halt) {
      if (!isLimited(targetIndex)) return;
      const first = firsts.get(targetIndex);
      if (!first) firsts.set(targetIndex, Promise.withResolvers<void>());
      else if (!halt.aborted) {
        // As many wait as run at once.
        setMaxListeners(0, halt);
        await Promise.race([first.promise, once(halt, 'abort')]);
      }
    },
    ended: (targetIndex) => firsts.get(targetIndex)?.resolve(),
  };
}
