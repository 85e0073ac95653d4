import { and, eq, gt } from 'drizzle-orm';
import type { ReadDb, WriteDb } from '../engine/db';
import { idempotencyKeys } from '../tables';

/** Which request a key stands for: `scope` names the procedure. */
export interface IdempotencyRef {
  readonly org_id: string;
  readonly scope: string;
  readonly key: string;
}

export interface IdempotencyRecord {
  readonly request_sha256: string;
  readonly record_id: string;
}

/** What the key was used for, unless that has expired. */
export function findIdempotencyKey(
  db: ReadDb,
  ref: IdempotencyRef,
  now: string,
): IdempotencyRecord | undefined {
  return db.orm
    .select({ request_sha256: idempotencyKeys.request_sha256, record_id: idempotencyKeys.record_id })
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.org_id, ref.org_id),
        eq(idempotencyKeys.scope, ref.scope),
        eq(idempotencyKeys.key, ref.key),
        gt(idempotencyKeys.expires_at, now),
      ),
    )
    .get();
}

/** Remembers the key; one that has expired is taken over. */
export function putIdempotencyKey(
  tx: WriteDb,
  ref: IdempotencyRef,
  record: IdempotencyRecord & { readonly created_at: string; readonly expires_at: string },
): void {
  tx.orm
    .insert(idempotencyKeys)
    .values({ ...ref, ...record })
    .onConflictDoUpdate({
      target: [idempotencyKeys.org_id, idempotencyKeys.scope, idempotencyKeys.key],
      set: record,
    })
    .run();
}

/** Forgets some of what has expired: few at a time, so that no caller pays for all. */
export function deleteExpiredIdempotencyKeys(tx: WriteDb, now: string, limit = 100): void {
  tx.prepare<[string, number], never>(
    `DELETE FROM idempotency_keys WHERE (org_id, scope, key) IN
       (SELECT org_id, scope, key FROM idempotency_keys WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
  ).run(now, limit);
}
