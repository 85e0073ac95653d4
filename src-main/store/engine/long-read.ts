import Database from 'better-sqlite3';
import type * as z from 'zod';
import type { ReadDb } from './db';
import { mapStoreError } from './sqlite-error';
import { readFaceOf } from './transactions';

/** Work that yields how far it is, so that whoever runs it can report that, or let others have a turn. */
export type Steps<O> = Generator<number, O, void>;

/**
 * A read that takes long (verify, export): done on a connection of its own that only reads, in another thread
 * where the product is bundled. Input and output cross threads, so each says what it is.
 */
export interface LongRead<I, O> {
  readonly name: string;
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
  start(db: ReadDb, input: unknown): Steps<O>;
}

/** What a thread knows of a read: its name, and how to begin it. */
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
 * Begins a read on the store as it is at this moment: what is committed afterwards is not seen. The connection is
 * closed when the steps end, are left or fail.
 */
export function* onSnapshot<O>(path: string, start: (db: ReadDb) => Steps<O>): Steps<O> {
  const db = openReadOnly(path);
  try {
    // The first read of the transaction takes the snapshot.
    db.exec('BEGIN');
    db.prepare('SELECT 1 FROM sqlite_schema').get();
    return yield* start(readFaceOf(db));
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
