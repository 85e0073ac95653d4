import { asc, eq } from 'drizzle-orm';
import type { Model } from '../../../src-shared/domain';
import type { ReadDb, WriteDb } from '../engine/db';
import { models } from '../tables';

/** The models that a connection listed, and when. Null if it was never asked. */
export interface KnownModels {
  readonly items: Model[];
  readonly fetched_at: string;
}

/** Replaces the provider's previous list. A model listed twice is stored once. */
export function replaceModels(
  tx: WriteDb,
  connectionId: string,
  items: readonly Model[],
  fetchedAt: string,
): void {
  tx.orm.delete(models).where(eq(models.connection_id, connectionId)).run();
  for (const { model_id, display_name, created_at, retires_at } of items) {
    tx.orm
      .insert(models)
      .values({
        connection_id: connectionId,
        model_id,
        display_name,
        created_at,
        retires_at,
        fetched_at: fetchedAt,
      })
      .onConflictDoNothing()
      .run();
  }
  tx.changed('connections', connectionId);
}

export function listModels(db: ReadDb, connectionId: string): KnownModels | null {
  const rows = db.orm
    .select()
    .from(models)
    .where(eq(models.connection_id, connectionId))
    .orderBy(asc(models.model_id))
    .all();
  const first = rows[0];
  if (!first) return null;
  return {
    items: rows.map(({ model_id, display_name, created_at, retires_at }) => ({
      model_id,
      display_name,
      created_at,
      retires_at,
    })),
    fetched_at: first.fetched_at,
  };
}
