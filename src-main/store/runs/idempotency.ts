import { and, eq, gt } from 'drizzle-orm';
import { AppError, timestampOf } from '../../../src-shared/domain';
import type { ReadDb, WriteDb } from '../engine/db';
import { idempotencyKeys } from '../tables';

/** A request under a key of its own (docs/interfaces.md#idempotency): `scope` names the procedure. */
export interface KeyedRequest {
  readonly org_id: string;
  readonly scope: string;
  readonly key: string;
  readonly request_sha256: string;
}

/** Keys are remembered for a day, as the payment APIs that made them common do. */
const TTL_MS = 24 * 3_600_000;

/**
 * The record that the key stands for; null if there is none or the key has expired.
 * @throws IDEMPOTENCY_KEY_REUSED if it stands for another request
 */
export function recordOfKey(
  db: ReadDb,
  request: KeyedRequest,
  idName: 'run_id' | 'template_id',
  now: number,
): string | null {
  const known = db.orm
    .select({ request_sha256: idempotencyKeys.request_sha256, record_id: idempotencyKeys.record_id })
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.org_id, request.org_id),
        eq(idempotencyKeys.scope, request.scope),
        eq(idempotencyKeys.key, request.key),
        gt(idempotencyKeys.expires_at, timestampOf(now)),
      ),
    )
    .get();
  if (known === undefined) return null;
  if (known.request_sha256 === request.request_sha256) return known.record_id;
  throw new AppError(
    'IDEMPOTENCY_KEY_REUSED',
    `The idempotency key "${request.key}" was already used for a different request. Use a new key, or send the same request again.`,
    { data: { idempotency_key: request.key, [idName]: known.record_id } },
  );
}

/** Remembers what the key stands for; one that has expired is taken over. */
export function takeKey(tx: WriteDb, request: KeyedRequest, record_id: string, now: number): void {
  const created_at = timestampOf(now);
  const { request_sha256 } = request;
  const record = { request_sha256, record_id, created_at, expires_at: timestampOf(now + TTL_MS) };
  tx.orm
    .insert(idempotencyKeys)
    .values({ ...request, ...record })
    .onConflictDoUpdate({
      target: [idempotencyKeys.org_id, idempotencyKeys.scope, idempotencyKeys.key],
      set: record,
    })
    .run();
  forgetExpired(tx, created_at);
}

/** Forgets some of what has expired: few at a time, so that no caller pays for all. */
function forgetExpired(tx: WriteDb, now: string, limit = 100): void {
  tx.prepare<[string, number], never>(
    `DELETE FROM idempotency_keys WHERE (org_id, scope, key) IN
       (SELECT org_id, scope, key FROM idempotency_keys WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
  ).run(now, limit);
}
