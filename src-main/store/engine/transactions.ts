import type { Database, Statement } from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { Logger } from '../../ports';
import { WRITE_DB, type AuditContext, type ReadDb, type Work, type WriteDb } from './db';
import type { ChangePublisher, PendingChanges } from './change-feed';
import { movedFileCheck } from './moved-file';
import { createOutboxGate, type OutboxGate } from '../outbox/gate';
import { createPendingRollups } from '../rollups/pending';
import * as schema from '../tables';
import { mapStoreError } from './sqlite-error';

/** Reading and writing on one connection. All of it is synchronous, so at most one transaction is open. */
export interface Transactions {
  readonly read: ReadDb;
  /** Runs `work` in a transaction of its own: all of it is committed, or nothing. */
  run<T>(work: Work<T>): T;
  /**
   * Called with the number of records that each commit queued for the team database. Returns the unsubscribe function.
   */
  onQueued: OutboxGate['subscribe'];
}

export function createTransactions(
  db: Database,
  {
    feed,
    logger,
    audit,
    statistics,
  }: { feed: ChangePublisher; logger: Logger; audit: AuditContext; statistics: boolean },
): Transactions {
  const prepare = cachedPrepare(db);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const checkFile = movedFileCheck(db.name);
  let pending: PendingChanges = new Map();
  let rollups = createPendingRollups();
  const outbox = createOutboxGate(logger, () => tx);

  const read = readOnlyView(db, prepare);

  const requireTransaction = <S>(value: S): S => {
    if (!db.inTransaction) throw new Error('A WriteDb was used after its transaction had ended.');
    return value;
  };
  const tx: WriteDb = {
    [WRITE_DB]: true,
    audit,
    prepare: (sql) => requireTransaction(prepare(sql)),
    orm: drizzle(intercepted(db, requireTransaction), { schema }),
    changed(entity, id) {
      requireTransaction(undefined);
      const ids = pending.get(entity);
      if (ids) ids.add(id);
      else pending.set(entity, new Set([id]));
    },
    get rollups() {
      return requireTransaction(rollups);
    },
    get outbox() {
      return requireTransaction(outbox);
    },
  };

  const inTransaction = <T>(work: Work<T>): T => {
    if (db.inTransaction) throw new Error('A transaction is open already: hand its WriteDb on instead.');
    pending = new Map();
    rollups = createPendingRollups();
    checkFile();
    // IMMEDIATE: a deferred transaction's upgrade to a write lock ignores the busy timeout.
    begin.run();
    try {
      const result = work(tx);
      refuseAsync(result);
      rollups.flush(tx, { statistics });
      commit.run();
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors (disk full, I/O).
      if (db.inTransaction) rollback.run();
      outbox.rolledBack();
      throw error;
    }
  };

  return {
    read,
    onQueued: outbox.subscribe,
    run(work) {
      let result;
      try {
        result = inTransaction(work);
      } catch (error) {
        throw mapStoreError(error, db.name);
      }
      feed.publish(pending);
      outbox.committed();
      return result;
    },
  };
}

export function readOnlyView(db: Database, prepare = cachedPrepare(db)): ReadDb {
  return {
    prepare: (sql) => refuseWriting(prepare(sql)),
    orm: drizzle(intercepted(db, refuseWriting), { schema }),
  };
}

function cachedPrepare(db: Database) {
  const statements = new Map<string, Statement>();
  return <Params extends unknown[], Row>(sql: string): Statement<Params, Row> => {
    const cached = statements.get(sql);
    // Busy: a caller is still iterating over it.
    // The types are what the caller says of the text, here as in `prepare` itself; one text has one caller.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (cached && !cached.busy) return cached as Statement<Params, Row>;
    const statement = db.prepare<Params, Row>(sql);
    if (!cached) statements.set(sql, statement);
    return statement;
  };
}

function refuseWriting<S extends Pick<Statement, 'readonly' | 'source'>>(statement: S): S {
  if (!statement.readonly) throw new Error(`Not in a transaction, so this cannot write: ${statement.source}`);
  return statement;
}

/** The connection as a query builder sees it, with every statement going through `check`. */
function intercepted(db: Database, check: (statement: Statement) => Statement): Database {
  return new Proxy(db, {
    get(target, property) {
      if (property === 'prepare') return (sql: string) => check(target.prepare(sql));
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The types forbid it already; this is for callers that got around them. */
export function refuseAsync(result: unknown): void {
  if (
    typeof result === 'object' &&
    result !== null &&
    'then' in result &&
    typeof result.then === 'function'
  ) {
    throw new TypeError('Work in a transaction must not be asynchronous.');
  }
}
