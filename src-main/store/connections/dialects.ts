import { eq } from 'drizzle-orm';
import { connectionDialectSchema, UNKNOWN_DIALECT, type ConnectionDialect } from '../../../src-shared/domain';
import type { ReadDb, WriteDb } from '../engine/db';
import { readColumn } from '../engine/column-values';
import { connectionDialects } from '../tables';

/** What is known of the server behind a connection; all of it null where nothing is. */
export function getConnectionDialect(db: ReadDb, connectionId: string): ConnectionDialect {
  const row = db.orm
    .select()
    .from(connectionDialects)
    .where(eq(connectionDialects.connection_id, connectionId))
    .get();
  if (row === undefined) return UNKNOWN_DIALECT;
  const { connection_id: _, ...dialect } = row;
  return readColumn(connectionDialectSchema, dialect, `connection_dialects of ${connectionId}`);
}

/** Changes what is named and leaves the rest. */
export function setConnectionDialect(
  tx: WriteDb,
  connectionId: string,
  change: Partial<ConnectionDialect>,
): void {
  const row = { ...getConnectionDialect(tx, connectionId), ...change };
  tx.orm
    .insert(connectionDialects)
    .values({ connection_id: connectionId, ...row })
    .onConflictDoUpdate({ target: connectionDialects.connection_id, set: row })
    .run();
  tx.changed('connections', connectionId);
}
