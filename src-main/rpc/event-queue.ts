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
 * Waits for the first event, so that what fails before it (an unknown id, a refused input) is an ordinary error
 * with its own status and not an event of a stream that had seemed to begin well.
 */
export async function startedStream<T>(events: AsyncIterable<T>): Promise<AsyncGenerator<T, void>> {
  const iterator = events[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let step = first; !step.done; step = await iterator.next()) yield step.value;
    } finally {
      await iterator.return?.();
    }
  })();
}
