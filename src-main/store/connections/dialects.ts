import { UNKNOWN_DIALECT, type ConnectionDialect } from '../../../src-shared/domain';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type StoredRow } from '../engine/stored-rows';
import { connectionDialects } from './tables';

const DIALECT = storedColumns(connectionDialects, namesOf(connectionDialects), 'connection_id');

/** What is known about a connection's server; all null if nothing is. */
export function getConnectionDialect(db: ReadDb, connectionId: string): ConnectionDialect {
  const row = db
    .prepare<[string], StoredRow>(`SELECT ${DIALECT.list} FROM connection_dialects WHERE connection_id = ?`)
    .get(connectionId);
  if (row === undefined) return UNKNOWN_DIALECT;
  const { connection_id: _, ...dialect } = DIALECT.decode(row);
  return dialect;
}

/** Changes the given fields only. */
export function setConnectionDialect(
  tx: WriteDb,
  connectionId: string,
  change: Partial<ConnectionDialect>,
): void {
  const row = { connection_id: connectionId, ...getConnectionDialect(tx, connectionId), ...change };
  tx.prepare(`${DIALECT.insert} ON CONFLICT (connection_id) DO UPDATE SET ${DIALECT.excluded}`).run(
    ...DIALECT.encode(row),
  );
  tx.changed('connections', connectionId);
}
