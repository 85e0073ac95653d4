/** Turns callbacks into an async iteration: events in order, then the end or the failure. */
export interface EventQueue<T> extends AsyncIterable<T> {
  push(value: T): void;
  end(): void;
  fail(error: unknown): void;
}

export function createEventQueue<T>(): EventQueue<T> {
  const values: T[] = [];
  let finish: { error?: unknown; failed: boolean } | undefined;
  let wake: () => void = () => {};

  async function* drain(): AsyncGenerator<T, void> {
    for (;;) {
      while (values.length > 0) yield* values.splice(0);
      if (finish?.failed) throw finish.error;
      if (finish) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    push(value) {
      values.push(value);
      wake();
    },
    end() {
      finish ??= { failed: false };
      wake();
    },
    fail(error) {
      finish ??= { failed: true, error };
      wake();
    },
    [Symbol.asyncIterator]: drain,
  };
}

/** Starts iterating immediately instead of on first read, so that a late reader misses nothing. */
export function openStream<T>(events: AsyncIterable<T>): AsyncGenerator<T, void> {
  return stream(begin(events));
}

/**
 * Waits for the first event, so that an early failure (an unknown id, a rejected input) is an ordinary error with its
 * own status instead of an event in a stream.
 */
export async function startedStream<T>(events: AsyncIterable<T>): Promise<AsyncGenerator<T, void>> {
  const begun = begin(events);
  await begun.first;
  return stream(begun);
}

interface Begun<T> {
  readonly iterator: AsyncIterator<T>;
  readonly first: Promise<IteratorResult<T>>;
}

function begin<T>(events: AsyncIterable<T>): Begun<T> {
  const iterator = events[Symbol.asyncIterator]();
  const first = iterator.next();
  // Reported to the reader; without one, it must not crash the process.
  first.catch(() => {});
  return { iterator, first };
}

async function* stream<T>({ iterator, first }: Begun<T>): AsyncGenerator<T, void> {
  try {
    for (let step = await first; !step.done; step = await iterator.next()) yield step.value;
  } finally {
    await iterator.return?.();
  }
}
