import type { RestoreRecord } from '../../src-shared/domain';
import type { Ids } from '../ports';
import {
  getSetting,
  insertRestore,
  lastCheckpoint,
  lastLeafSeq,
  listRestores,
  LOG_NAME,
  takePendingRestores,
  type ReadDb,
  type Store,
} from '../store';
import { nameLog, storedKey } from './keys';

/**
 * A store that was restored says so in its log, before anything else is logged, and goes on as another log: the old one
 * may have gone on beyond the copy, and its numbers stand for what it said (RFC 9162 forbids a log to say two things).
 */
export function logRestores(store: Store, ids: Ids): boolean {
  return store.write((tx) => {
    const notes = takePendingRestores(tx);
    let log: string | null = null;
    for (const note of notes) {
      const before = {
        continues_log: getSetting(tx, LOG_NAME),
        continues_entries: lastLeafSeq(tx),
        continues_head: lastCheckpoint(tx)?.note ?? null,
        continues_key: storedKey(tx),
      };
      log ??= nameLog(tx, ids);
      insertRestore(tx, ids.uuid(), { ...note, ...before, log });
    }
    return notes.length > 0;
  });
}

/** A stretch of the log and the name that it was written under, with the key that its checkpoints are signed by. */
export interface LogSpan {
  readonly log: string;
  /** Its last entry; null where it goes on. */
  readonly to: number | null;
  readonly key: string | null;
}

/** The logs that one after the other wrote the store's entries: as many as it was restored, and the one that goes on. */
export function logSpans(db: ReadDb, log: string, key: string | null): LogSpan[] {
  return [...continuedBy(listRestores(db)), { log, to: null, key }];
}

/** The logs that were continued, each to its last entry. Of restores that were logged together only the first begins one. */
export function continuedBy(restores: readonly RestoreRecord[]): (LogSpan & { readonly to: number })[] {
  return restores.flatMap(({ log, continues_log, continues_entries, continues_key }) =>
    log === null || continues_log === null || continues_log === log || continues_entries === null
      ? []
      : [{ log: continues_log, to: continues_entries, key: continues_key }],
  );
}

/** The log under whose name an entry was written, or a checkpoint of so many entries signed. */
export function spanAt<T extends { readonly to: number | null }>(
  spans: readonly T[],
  seq: number,
): T | undefined {
  return spans.find(({ to }) => to === null || seq <= to);
}

/**
 * Whether a head outside the store is the one that the last restore gave up, on record: then it is ahead of the store because
 * somebody restored a backup with Prompter, and not because an old copy was put back behind its back.
 */
export function wasGivenUp(db: ReadDb, note: string): boolean {
  return listRestores(db).at(-1)?.previous_head === note;
}

/** Of a log that comes back although a restore put another in its place. */
export function replacedBy(successor: string): string {
  return (
    `This log was replaced by ${successor} when a backup was restored: ` +
    'an old copy of the store was put back without "prompter restore".'
  );
}
