import type { Work, WriteDb } from './db';
import { refuseAsync, type Transactions } from './transactions';

/** More than this at once would keep the event loop from answering for too long. */
const MAX_GROUP = 256;
/** No unit waits longer than this for others to share its commit. */
const MAX_WINDOW_MS = 4;

export interface GroupCommit {
  /** @see Store.enqueue */
  enqueue<T>(work: Work<T>): Promise<T>;
  /** Commits what is waiting, now. */
  flush(): void;
  /** Flushes, and refuses what comes later. */
  close(): void;
}

/** A unit of work with its promise: `apply` runs it, `settle` tells its promise after the commit. */
interface Unit {
  apply(tx: WriteDb): void;
  settle(): void;
  fail(error: unknown): void;
}

/**
 * Durability is per unit, the fsync per group: what is enqueued in one turn of the event loop shares a transaction.
 * While units come in company, the next commit waits as long as the last one took, up to `MAX_WINDOW_MS`, so that
 * groups grow with the load and a busy store spends at most half of its time in commits, unless they take longer than
 * that; a unit that comes alone does not wait.
 * If anything in a group fails, nothing of it was committed, and its units run again one by one, each in its own
 * transaction: one failure never loses or fails another unit. A unit may therefore run twice, and does nothing but
 * write to the store.
 */
export function createGroupCommit(transactions: Transactions): GroupCommit {
  let waiting: Unit[] = [];
  let scheduled = false;
  let closed = false;
  /** Until when the next commit waits for company, as `performance.now()` tells it. */
  let windowEnd = 0;

  const commitGroup = (units: readonly Unit[]): void => {
    try {
      transactions.run((tx) => {
        for (const unit of units) unit.apply(tx);
      });
    } catch (error) {
      const only = units.length === 1 ? units[0] : undefined;
      if (only) only.fail(error);
      else for (const unit of units) commitGroup([unit]);
      return;
    }
    for (const unit of units) unit.settle();
  };

  const commitNext = (): void => {
    const group = waiting.slice(0, MAX_GROUP);
    waiting = waiting.slice(MAX_GROUP);
    const startedAt = performance.now();
    commitGroup(group);
    const endedAt = performance.now();
    windowEnd = group.length > 1 ? endedAt + Math.min(endedAt - startedAt, MAX_WINDOW_MS) : 0;
  };

  const commitDue = (): void => {
    scheduled = false;
    if (waiting.length > 0) commitNext();
    if (waiting.length > 0 && !scheduled) schedule();
  };

  const schedule = (): void => {
    scheduled = true;
    const window = windowEnd - performance.now();
    if (window > 0 && waiting.length < MAX_GROUP) setTimeout(commitDue, window);
    else setImmediate(commitDue);
  };

  const flush = (): void => {
    while (waiting.length > 0) commitNext();
  };

  return {
    enqueue<T>(work: Work<T>) {
      if (closed) return Promise.reject(new Error('The store is closed.'));
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      let result: () => T;
      waiting.push({
        apply(tx) {
          const value: T = work(tx);
          // Here, so that only the unit that does it fails.
          refuseAsync(value);
          result = () => value;
        },
        settle: () => resolve(result()),
        fail: reject,
      });
      if (!scheduled) schedule();
      return promise;
    },
    flush,
    close() {
      flush();
      closed = true;
    },
  };
}
