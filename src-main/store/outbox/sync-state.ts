import type { ReadDb, WriteDb } from '../engine/db';

/** What is remembered about the team database; none of it is secret. */
export type StateKey = 'outbox' | 'backfill' | 'team_id' | 'paused';

export function getState(db: ReadDb, key: StateKey): string | null {
  return (
    db.prepare<[string], { value: string }>(`SELECT value FROM sync_state WHERE key = ?`).get(key)?.value ??
    null
  );
}

export function putState(tx: WriteDb, key: StateKey, value: string | null): void {
  if (value === null) tx.prepare(`DELETE FROM sync_state WHERE key = ?`).run(key);
  else {
    tx.prepare(
      `INSERT INTO sync_state (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`,
    ).run(key, value);
  }
}
