/** Admits at most `size` holders at once, first come, first served. */
export interface Gate {
  enter(): Promise<void>;
  leave(): void;
}

export function createGate(size: number): Gate {
  let free = size;
  const waiting: (() => void)[] = [];
  let head = 0;
  return {
    enter() {
      if (free > 0) {
        free -= 1;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting[head];
      if (next === undefined) {
        free += 1;
        return;
      }
      head += 1;
      // Shifting an array costs its length; dropping the spent front now and then does not.
      if (head > 1024) {
        waiting.splice(0, head);
        head = 0;
      }
      next();
    },
  };
}

export interface ConnectionLimit extends Gate {
  /** The provider asked clients to slow down: nobody enters for this many milliseconds. */
  backOff(ms: number): void;
  /** Resolves when the wait is over or the signal aborts. */
  ready(signal: AbortSignal): Promise<void>;
}

export interface ConnectionLimits {
  /** One limit per connection, shared by all batches of this process. */
  of(connectionId: string, concurrency: number): ConnectionLimit;
}

export function createConnectionLimits(): ConnectionLimits {
  const limits = new Map<string, { limit: ConnectionLimit; concurrency: number }>();
  return {
    of(connectionId, concurrency) {
      const known = limits.get(connectionId);
      if (known?.concurrency === concurrency) return known.limit;
      const limit = createConnectionLimit(concurrency);
      limits.set(connectionId, { limit, concurrency });
      return limit;
    },
  };
}

function createConnectionLimit(concurrency: number): ConnectionLimit {
  let until = 0;
  return {
    ...createGate(concurrency),
    backOff(ms) {
      until = Math.max(until, performance.now() + ms);
    },
    async ready(signal) {
      for (
        let wait = until - performance.now();
        wait > 0 && !signal.aborted;
        wait = until - performance.now()
      ) {
        await delay(wait, signal);
      }
    },
  };
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
