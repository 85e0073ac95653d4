import Database from 'better-sqlite3';
import type * as z from 'zod';
import type { ReadDb } from './db';
import { mapStoreError } from './sqlite-error';
import { readOnlyView } from './transactions';

/** Work that yields its progress, so that its runner can report it or let other work run. */
export type Steps<O> = Generator<number, O, void>;

/**
 * A slow read (verify, export) on a read-only connection of its own, in another thread where the product is bundled.
 * Input and output cross threads, so each has a schema.
 */
export interface LongRead<I, O> {
  readonly name: string;
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
  start(db: ReadDb, input: unknown): Steps<O>;
}

/** A read as the thread sees it. */
export type NamedRead = Pick<LongRead<unknown, unknown>, 'name'> & {
  start(db: ReadDb, input: unknown): Steps<unknown>;
};

/** Runs a long read. @throws whatever the read throws; where the signal aborts, its reason */
export type LongReads = <I, O>(
  read: LongRead<I, O>,
  input: I,
  options?: { onProgress?: ((done: number) => void) | undefined; signal?: AbortSignal | undefined },
) => Promise<O>;

export function longRead<I, O>(spec: {
  name: string;
  input: z.ZodType<I>;
  output: z.ZodType<O>;
  run(db: ReadDb, input: I): Steps<O>;
}): LongRead<I, O> {
  const { name, input, output, run } = spec;
  return { name, input, output, start: (db, given) => run(db, input.parse(given)) };
}

/**
 * Reads from a snapshot of the store: later commits are not visible. The connection is closed when the steps end, are
 * abandoned or fail.
 */
export function* onSnapshot<O>(path: string, start: (db: ReadDb) => Steps<O>): Steps<O> {
  const db = openReadOnly(path);
  try {
    // The first read of the transaction takes the snapshot.
    db.exec('BEGIN');
    db.prepare('SELECT 1 FROM sqlite_schema').get();
    return yield* start(readOnlyView(db));
  } catch (error) {
    throw mapStoreError(error, path);
  } finally {
    db.close();
  }
}

function openReadOnly(path: string): Database.Database {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    db.pragma('trusted_schema = OFF');
    db.pragma('mmap_size = 0');
    return db;
  } catch (error) {
    throw mapStoreError(error, path);
  }
}
