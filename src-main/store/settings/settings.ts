import { eq } from 'drizzle-orm';
import type { ReadDb, WriteDb } from '../engine/db';
import { settings } from '../tables';

/** Null if it was never set. */
export function getSetting(db: ReadDb, key: string): string | null {
  return (
    db.orm.select({ value: settings.value }).from(settings).where(eq(settings.key, key)).get()?.value ?? null
  );
}

export function putSetting(tx: WriteDb, key: string, value: string): void {
  tx.orm
    .insert(settings)
    .values({ key, value })
    .onConflictDoUpdate({ target: settings.key, set: { value } })
    .run();
  tx.changed('settings', key);
}

export function deleteSetting(tx: WriteDb, key: string): void {
  tx.orm.delete(settings).where(eq(settings.key, key)).run();
  tx.changed('settings', key);
}
