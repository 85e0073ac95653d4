import type { Work, WriteDb } from './db';
import { refuseAsync, type Transactions } from './transactions';

/** More than this at once would keep the event loop from answering for too long. */
const MAX_GROUP = 256;

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
 * If anything in a group fails, nothing of it was committed, and its units run again one by one, each in its own
 * transaction: one failure never loses or fails another unit. A unit may therefore run twice, and does nothing but
 * write to the store.
 */
export function createGroupCommit(transactions: Transactions): GroupCommit {
  let waiting: Unit[] = [];
  let scheduled = false;
  let closed = false;

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
    commitGroup(group);
  };

  const schedule = (): void => {
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (waiting.length > 0) commitNext();
      if (waiting.length > 0 && !scheduled) schedule();
    });
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
