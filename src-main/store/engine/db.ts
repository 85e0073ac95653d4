import type { Statement } from 'better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { ChangeEvent } from '../../../src-shared/domain';
import type { RollupChanges } from '../rollups/run-contribution';
import type * as schema from '../tables';

type Orm = BetterSQLite3Database<typeof schema>;

/** Reading. A statement that would write is refused when it is prepared. */
export interface ReadDb {
  /**
   * A prepared statement, kept under its text for the life of the store. The text is therefore constant, never built
   * from values; and `pluck`, `raw`, `safeIntegers` stay set, so one text is used in one mode only.
   */
  prepare<Params extends unknown[], Row>(sql: string): Statement<Params, Row>;
  readonly orm: Pick<
    Orm,
    'select' | 'selectDistinct' | 'with' | '$with' | '$count' | 'all' | 'get' | 'values'
  >;
}

/** Only `transactions.ts` makes a WriteDb: this does not leave the folder, so nothing else can. */
export const WRITE_DB: unique symbol = Symbol('WriteDb');

/** Reading and writing inside a transaction. Useless once it has ended. */
export interface WriteDb extends ReadDb {
  readonly [WRITE_DB]: true;
  readonly orm: Omit<Orm, 'transaction'>;
  /** Remembers that a record changed; the feed is told after the commit. */
  changed(entity: ChangeEvent['entity'], id: string): void;
  /** Sums that this transaction changes; written before its commit. */
  readonly rollups: RollupChanges;
  /** What the team database has to hear of. */
  readonly outbox: OutboxWriter;
  /** What the audit log needs beside the records themselves. */
  readonly audit: AuditContext;
}

/** Queues records for the team database, in the commit that writes them. Does nothing where none is set up. */
export interface OutboxWriter {
  /** An entry of the audit log, and the record that it is about. */
  leaf(leaf: { readonly seq: number; readonly record_type: string; readonly record_id: string }): void;
  /** Whether records are queued from here on. */
  turn(on: boolean): void;
}

/** The key of `record_hmac` (docs/canonical.md#record-hmac). */
export interface RecordKey {
  readonly id: string;
  readonly key: Uint8Array;
}

export interface AuditContext {
  /** The time, as records have it. */
  now(): string;
  /** What records are sealed with; null where there is no keychain to hold a key. */
  recordKey(): RecordKey | null;
}

/**
 * What work may return: anything but a promise. SQLite's transaction belongs to the connection, so an `await` inside
 * one would let other work slip into it.
 */
export type Sync<T> = T extends PromiseLike<unknown> ? never : T;

export type Work<T> = (tx: WriteDb) => Sync<T>;
