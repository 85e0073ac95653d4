import type { Ids } from '../ports';
import { listRestores, settleRestore, type Store } from '../store';

/** A store that was restored says so in its log, before anything else is logged. */
export function logRestore(store: Store, ids: Ids): boolean {
  return store.write((tx) => settleRestore(tx, ids.uuid()));
}

/**
 * Whether a head outside the store is the one that a restore gave up, on record: then it is ahead of the store because
 * somebody restored a backup with Prompter, and not because an old copy was put back behind its back.
 */
export function wasGivenUp(db: Store['read'], note: string): boolean {
  return listRestores(db).some(({ previous_head }) => previous_head === note);
}

/** The entry about the last restore; 0 where there was none. */
export function lastRestored(db: Store['read']): number {
  return (
    db
      .prepare<[], { seq: number | null }>(
        `SELECT max(seq) AS seq FROM audit_leaves WHERE record_type = 'restored'`,
      )
      .get()?.seq ?? 0
  );
}
