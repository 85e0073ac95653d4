import type { ChangeEvent } from '../../src-shared/domain';
import type { Store } from '../store';

/** With more ids than this, none is named: the reader reloads what it shows. */
const MAX_NAMED = 200;

/** The store's change feed as an endless sequence; while the reader is busy, changes accumulate, merged by entity. */
export async function* watchChanges(
  store: Store,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChangeEvent> {
  // Null means "too many to name", and stays null when more arrive.
  const waiting = new Map<ChangeEvent['entity'], Set<string> | null>();
  let wake: (() => void) | null = null;
  const unsubscribe = store.changes.subscribe(({ entity, ids }) => {
    const known = waiting.get(entity);
    if (known !== null) {
      const named = known ?? new Set<string>();
      for (const id of ids) named.add(id);
      waiting.set(entity, ids.length === 0 || named.size > MAX_NAMED ? null : named);
    }
    wake?.();
  });
  const aborted = (): void => wake?.();
  signal?.addEventListener('abort', aborted);
  try {
    for (;;) {
      if (signal?.aborted) return;
      if (waiting.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
        continue;
      }
      const events = [...waiting].map(([entity, ids]) => ({ entity, ids: ids === null ? [] : [...ids] }));
      waiting.clear();
      yield* events;
    }
  } finally {
    signal?.removeEventListener('abort', aborted);
    unsubscribe();
  }
}
