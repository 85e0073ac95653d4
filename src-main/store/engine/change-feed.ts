import type { ChangeEvent } from '../../../src-shared/domain';
import type { Logger } from '../../ports';
import { createListeners } from './listeners';

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
  /** One event per entity. */
  publish(changes: PendingChanges): void;
}

export function createChangeFeed(logger: Logger): ChangePublisher {
  const listeners = createListeners<ChangeEvent>(logger, {
    event: 'store.change_listener_failed',
    about: ({ entity }) => ({ entity }),
  });
  return {
    subscribe: listeners.subscribe,
    publish(changes) {
      for (const [entity, ids] of changes) {
        listeners.tell({ entity, ids: ids.size > MAX_NAMED_IDS ? [] : [...ids] });
      }
    },
  };
}
