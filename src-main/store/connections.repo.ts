import { and, asc, eq, isNull } from 'drizzle-orm';
import { keySourceSchema, type Connection } from '../../src-shared/domain';
import { appendStored } from './audit-leaves.repo';
import type { ReadDb, WriteDb } from './db';
import { readColumn } from './row';
import { connections } from './schema';

/** A connection as stored. `key_ref` names the entry of the keychain; the secret itself is never here. */
export interface ConnectionRecord extends Omit<Connection, 'key_available' | 'is_default' | 'dialect'> {
  readonly key_ref: string | null;
  readonly deleted_at: string | null;
}

/** As a connection is before its first test, and after a change that its last one says nothing about. */
export const UNTESTED = { last_test_at: null, last_test_ok: null, last_test_message: null } as const;

/** @throws a unique violation of `connections.name` where an active connection has the name */
export function insertConnection(tx: WriteDb, connection: ConnectionRecord): void {
  const { last_test_ok } = connection;
  tx.orm
    .insert(connections)
    .values({ ...connection, last_test_ok: last_test_ok === null ? null : Number(last_test_ok) })
    .run();
  appendStored(tx, 'connection', connection.connection_id);
  appendStored(tx, 'connection_key', connection.connection_id);
  tx.changed('connections', connection.connection_id);
}

/** The connection, archived or not: runs refer to it for ever. */
export function getConnection(db: ReadDb, connectionId: string): ConnectionRecord | undefined {
  const row = db.orm.select().from(connections).where(eq(connections.connection_id, connectionId)).get();
  return row && connectionOf(row);
}

export function findActiveConnectionByName(
  db: ReadDb,
  ref: { readonly org_id: string; readonly name: string },
): ConnectionRecord | undefined {
  const row = db.orm
    .select()
    .from(connections)
    .where(
      and(eq(connections.org_id, ref.org_id), eq(connections.name, ref.name), isNull(connections.deleted_at)),
    )
    .get();
  return row && connectionOf(row);
}

/** Active connections, oldest first: of one provider where it is given. */
export function listActiveConnections(db: ReadDb, provider?: string): ConnectionRecord[] {
  const ofProvider = provider === undefined ? undefined : eq(connections.provider, provider);
  return db.orm
    .select()
    .from(connections)
    .where(and(isNull(connections.deleted_at), ofProvider))
    .orderBy(asc(connections.seq))
    .all()
    .map(connectionOf);
}

/** Where the secret is now. */
export function setConnectionKey(
  tx: WriteDb,
  connectionId: string,
  key: Pick<ConnectionRecord, 'key_source' | 'key_ref' | 'key_env'>,
): void {
  const { changes } = tx.orm
    .update(connections)
    .set(key)
    .where(eq(connections.connection_id, connectionId))
    .run();
  if (changes > 0) appendStored(tx, 'connection_key', connectionId);
  tx.changed('connections', connectionId);
}

export function setConnectionTest(
  tx: WriteDb,
  connectionId: string,
  test: { readonly at: string; readonly ok: boolean; readonly message: string },
): void {
  tx.orm
    .update(connections)
    .set({ last_test_at: test.at, last_test_ok: Number(test.ok), last_test_message: test.message })
    .where(eq(connections.connection_id, connectionId))
    .run();
  tx.changed('connections', connectionId);
}

/** @returns whether it was active */
export function archiveConnection(tx: WriteDb, connectionId: string, now: string): boolean {
  const { changes } = tx.orm
    .update(connections)
    .set({ deleted_at: now })
    .where(and(eq(connections.connection_id, connectionId), isNull(connections.deleted_at)))
    .run();
  if (changes > 0) {
    appendStored(tx, 'connection_archived', connectionId);
    tx.changed('connections', connectionId);
  }
  return changes > 0;
}

function connectionOf({ seq: _, ...row }: typeof connections.$inferSelect): ConnectionRecord {
  return {
    ...row,
    key_source: readColumn(keySourceSchema, row.key_source, `connections.key_source of ${row.connection_id}`),
    last_test_ok: row.last_test_ok === null ? null : row.last_test_ok === 1,
  };
}
