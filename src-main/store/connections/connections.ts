import { and, count, eq, isNull, type InferSelectModel } from 'drizzle-orm';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type StoredRow } from '../engine/stored-rows';
import { connectionChanges, connectionDialects, connections, models } from './tables';

/** The mutable fields of a connection. */
const SETTINGS = ['name', 'base_url', 'concurrency'] as const;
const NAMES = namesOf(connections, 'seq');
const CONNECTION = storedColumns(connections, NAMES, 'connection_id');
const FIXED = storedColumns(connections, namesOf(connections, 'seq', ...SETTINGS), 'connection_id');
/** Connections as created, each with its latest change. */
const SELECT = `SELECT ${FIXED.list},
    ${SETTINGS.map((name) => `iif(changes.seq IS NULL, connections.${name}, changes.${name}) AS ${name}`).join(', ')}
  FROM connections LEFT JOIN connection_changes changes ON changes.seq =
    (SELECT max(n.seq) FROM connection_changes n WHERE n.connection_id = connections.connection_id)`;

/** A connection as stored. `key_ref` names the keychain entry; the secret itself is never here. */
export type ConnectionRecord = Readonly<Pick<InferSelectModel<typeof connections>, (typeof NAMES)[number]>>;

/** Before a connection's first test, and after a change that invalidates the last one. */
export const UNTESTED = { last_test_at: null, last_test_ok: null, last_test_message: null } as const;

export function insertConnection(tx: WriteDb, connection: ConnectionRecord): void {
  tx.prepare(CONNECTION.insert).run(...CONNECTION.encode(connection));
  appendStored(tx, 'connection', connection.connection_id);
  appendStored(tx, 'connection_key', connection.connection_id);
  tx.changed('connections', connection.connection_id);
}

/** The connection, archived or not: runs refer to it forever. */
export function getConnection(db: ReadDb, connectionId: string): ConnectionRecord | undefined {
  const row = db
    .prepare<[string], StoredRow>(`${SELECT} WHERE connections.connection_id = ?`)
    .get(connectionId);
  return row && CONNECTION.decode(row);
}

export function findActiveConnectionByName(
  db: ReadDb,
  ref: { readonly org_id: string; readonly name: string },
): ConnectionRecord | undefined {
  return listActiveConnections(db).find(({ org_id, name }) => org_id === ref.org_id && name === ref.name);
}

/** Active connections, oldest first; optionally of one provider. */
export function listActiveConnections(db: ReadDb, provider?: string): ConnectionRecord[] {
  const ofProvider = provider === undefined ? '' : 'AND provider = ?';
  return db
    .prepare<string[], StoredRow>(
      `${SELECT} WHERE connections.deleted_at IS NULL ${ofProvider} ORDER BY connections.seq`,
    )
    .all(...(provider === undefined ? [] : [provider]))
    .map(CONNECTION.decode);
}

export type ConnectionSettings = Pick<ConnectionRecord, (typeof SETTINGS)[number]>;

export function insertConnectionChange(
  tx: WriteDb,
  connectionId: string,
  { name, base_url, concurrency }: ConnectionSettings,
  changedAt: string,
): void {
  const earlier = tx.orm
    .select({ count: count() })
    .from(connectionChanges)
    .where(eq(connectionChanges.connection_id, connectionId))
    .get();
  const change_id = `${connectionId}/${(earlier?.count ?? 0) + 1}`;
  tx.orm
    .insert(connectionChanges)
    .values({ change_id, connection_id: connectionId, name, base_url, concurrency, changed_at: changedAt })
    .run();
  appendStored(tx, 'connection_change', change_id);
  tx.changed('connections', connectionId);
}

/**
 * Discards what is known about the server, after the connection was pointed at another one. The user's settings stay.
 */
export function forgetServer(tx: WriteDb, connectionId: string): void {
  tx.orm.update(connections).set(UNTESTED).where(eq(connections.connection_id, connectionId)).run();
  tx.orm.delete(models).where(eq(models.connection_id, connectionId)).run();
  tx.orm
    .update(connectionDialects)
    .set({ stream_options_found: null, response_format_found: null })
    .where(eq(connectionDialects.connection_id, connectionId))
    .run();
  tx.prepare(`DELETE FROM provider_version_cache WHERE connection_id = ?`).run(connectionId);
  tx.changed('connections', connectionId);
}

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
    .set({ last_test_at: test.at, last_test_ok: test.ok, last_test_message: test.message })
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
