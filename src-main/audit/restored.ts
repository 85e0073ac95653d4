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
 * A restored store logs the restore before anything else and continues as a new log. The old log may have grown past
 * the copy, and its entry numbers stay taken: RFC 9162 forbids a log to contradict itself.
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

/** A range of entries with the name it was written under and the key that signs its checkpoints. */
export interface LogSpan {
  readonly log: string;
  /** Its last entry; null for the current log. */
  readonly to: number | null;
  readonly key: string | null;
}

/** The successive logs that wrote the store's entries: one per restore, then the current one. */
export function logSpans(db: ReadDb, log: string, key: string | null): LogSpan[] {
  return [...continuedBy(listRestores(db)), { log, to: null, key }];
}

/**
 * The earlier logs, each up to its last entry. Of restores that were logged together, only the first starts a new log.
 */
export function continuedBy(restores: readonly RestoreRecord[]): (LogSpan & { readonly to: number })[] {
  return restores.flatMap(({ log, continues_log, continues_entries, continues_key }) =>
    log === null || continues_log === null || continues_log === log || continues_entries === null
      ? []
      : [{ log: continues_log, to: continues_entries, key: continues_key }],
  );
}

/** The log that wrote an entry, or signed a checkpoint of that size. */
export function spanAt<T extends { readonly to: number | null }>(
  spans: readonly T[],
  seq: number,
): T | undefined {
  return spans.find(({ to }) => to === null || seq <= to);
}

/**
 * Whether the last restore recorded giving up this outside head. If so, the head is ahead of the store because Prompter
 * restored a backup, not because somebody secretly put back an old copy.
 */
export function wasGivenUp(db: ReadDb, note: string): boolean {
  return listRestores(db).at(-1)?.previous_head === note;
}

/** For a log that reappears although a restore replaced it. */
export function replacedBy(successor: string): string {
  return (
    `This log was replaced by ${successor} when a backup was restored: ` +
    'an old copy of the store was put back without "prompter restore".'
  );
}
