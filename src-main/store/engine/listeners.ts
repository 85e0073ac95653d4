import type { Logger } from '../../ports';

export interface Listeners<T> {
  /** Returns how to stop listening. */
  subscribe(listener: (said: T) => void): () => void;
  tell(said: T): void;
}

/** Who hears of commits. One that throws is logged: the commit stands, and the others still hear of it. */
export function createListeners<T>(
  logger: Logger,
  failed: { event: string; about?: (said: T) => Readonly<Record<string, string>> },
): Listeners<T> {
  const listeners = new Set<(said: T) => void>();
  return {
    subscribe(listener) {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const own = (said: T): void => listener(said);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    tell(said) {
      // A listener may unsubscribe itself or others while it is told: a set allows that.
      for (const listener of listeners) {
        try {
          listener(said);
        } catch (error) {
          logger.log('error', failed.event, { ...failed.about?.(said), error: String(error) });
        }
      }
    },
  };
}
