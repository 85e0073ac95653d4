import type { ChangeEvent } from '../../src-shared/domain';
import type { Store } from '../store';

/** The store's change feed as an endless sequence; what comes while the reader is busy waits for it, merged by entity. */
export async function* watchChanges(
  store: Store,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChangeEvent> {
  const waiting = new Map<ChangeEvent['entity'], Set<string> | null>();
  let wake: (() => void) | null = null;
  const unsubscribe = store.changes.subscribe((event) => {
    const known = waiting.get(event.entity);
    // An empty list means "too many to name", and stays so when more comes.
    if (event.ids.length === 0 || known === null) waiting.set(event.entity, null);
    else waiting.set(event.entity, new Set([...(known ?? []), ...event.ids]));
    wake?.();
  });
  const aborted = (): void => wake?.();
  signal?.addEventListener('abort', aborted);
  try {
    for (;;) {
      if (signal?.aborted) return;
      const events = [...waiting].map(([entity, ids]) => ({ entity, ids: ids === null ? [] : [...ids] }));
      waiting.clear();
      yield* events;
      if (waiting.size > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = null;
    }
  } finally {
    signal?.removeEventListener('abort', aborted);
    unsubscribe();
  }
}
