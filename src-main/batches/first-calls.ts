import { once, setMaxListeners } from 'node:events';

/**
 * Under a budget, what a target's calls cost is learnt from its first one before others are under way beside it: an
 * estimate does not know how long answers are, and as many calls as run at once could overrun the budget together.
 */
export interface FirstCalls {
  /**
   * Null for a target's first call, and where there is no budget or the first call has ended: at once, so that nothing can
   * halt the batch before the first call is under way. Else it resolves when that call has ended or the batch halts.
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
        // As many wait as run at once.
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
