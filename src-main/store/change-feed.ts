import type { ChangeEvent } from '../../src-shared/domain';
import type { Logger } from '../ports';

export type ChangeListener = (event: ChangeEvent) => void;

/** Tells what changed, after each commit. */
export interface ChangeFeed {
  /** Returns how to stop listening. */
  subscribe(listener: ChangeListener): () => void;
}

/** More ids than this are not named: a listener reloads what it shows instead. */
export const MAX_NAMED_IDS = 200;

/** Changes of the open transaction, by entity. */
export type PendingChanges = Map<ChangeEvent['entity'], Set<string>>;

export interface ChangePublisher extends ChangeFeed {
  /** One event per entity. A listener that throws is logged; the commit stands and the others still hear of it. */
  publish(changes: PendingChanges): void;
}

export function createChangeFeed(logger: Logger): ChangePublisher {
  const listeners = new Set<ChangeListener>();

  const tell = (event: ChangeEvent): void => {
    // A listener may unsubscribe itself or others while it is told: a set allows that.
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        logger.log('error', 'store.change_listener_failed', { entity: event.entity, error: String(error) });
      }
    }
  };

  return {
    subscribe(listener) {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const own: ChangeListener = (event) => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    publish(changes) {
      for (const [entity, ids] of changes) {
        tell({ entity, ids: ids.size > MAX_NAMED_IDS ? [] : [...ids] });
      }
    },
  };
}
