/** Turns callbacks into an async iteration: what is pushed comes out in order, then the end or the failure. */
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

/**
 * Begins to iterate at once, not when somebody reads: what happens after this call is seen, however late the reader.
 */
export function openStream<T>(events: AsyncIterable<T>): AsyncGenerator<T, void> {
  return stream(begin(events));
}

/**
 * Waits for the first event, so that what fails before it (an unknown id, a refused input) is an ordinary error
 * with its own status and not an event of a stream that had seemed to begin well.
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
  // Reported to whoever reads; where nobody does, it is no crash.
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
