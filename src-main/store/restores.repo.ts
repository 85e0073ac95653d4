import { restoreRecordSchema, type RestoreRecord } from '../../src-shared/domain';
import { canonicalJsonOfValue } from '../../src-shared/domain/canonical';
import { appendStored } from './audit-leaves.repo';
import type { ReadDb, WriteDb } from './db';
import { readJsonColumn } from './row';
import { getSetting, putSetting } from './settings.repo';

/** Where a restore leaves word of itself inside the copy that it puts in place. */
export const PENDING_RESTORE = 'restore.pending';
/** Under such a key, with the restore's id, rests what the audit log has an entry about. */
export const RESTORED = 'restored:';

/** Takes over what a restore left word of: a record with an entry in the audit log. False where there is nothing. */
export function settleRestore(tx: WriteDb, restoreId: string): boolean {
  const pending = getSetting(tx, PENDING_RESTORE);
  if (pending === null) return false;
  const record = readJsonColumn(restoreRecordSchema, pending, `settings.value of ${PENDING_RESTORE}`);
  tx.prepare(`DELETE FROM settings WHERE key = ?`).run(PENDING_RESTORE);
  putSetting(tx, `${RESTORED}${restoreId}`, canonicalJsonOfValue(record));
  appendStored(tx, 'restored', restoreId);
  return true;
}

/** Every time the store was replaced by a copy, in that order. */
export function listRestores(db: ReadDb): RestoreRecord[] {
  return db
    .prepare<[], { key: string; value: string }>(
      `SELECT key, value FROM settings WHERE key >= 'restored:' AND key < 'restored;' ORDER BY key`,
    )
    .all()
    .map(({ key, value }) => readJsonColumn(restoreRecordSchema, value, `settings.value of ${key}`));
}
