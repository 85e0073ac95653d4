import * as z from 'zod';
import {
  restoreNoteSchema,
  restoreRecordSchema,
  type RestoreNote,
  type RestoreRecord,
} from '../../../src-shared/domain';
import { canonicalJsonOfValue } from '../../../src-shared/domain/canonical';
import { appendStored } from './leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { readJsonColumn } from '../engine/column-values';
import { deleteSetting, getSetting, putSetting } from '../settings/settings';

/** The setting with the name of the audit log. */
export const LOG_NAME = 'audit.origin';
/** Where a restore leaves word of itself inside the copy that it puts in place, until the store is opened. */
export const PENDING_RESTORES = 'restore.pending';
/** Under such a key, with the restore's id, rests what the audit log has an entry about. */
const RESTORED = 'restored:';

/** Earlier builds left one note and no list. */
const pendingSchema = z.union([restoreNoteSchema.array(), restoreNoteSchema.transform((note) => [note])]);

/** The notes that are in the text of the setting, in the order of the restores; none where it was never set. */
export function readPendingRestores(text: string | null): RestoreNote[] {
  return text === null ? [] : readJsonColumn(pendingSchema, text, `settings.value of ${PENDING_RESTORES}`);
}

/** Takes the notes that restores left away: they are to be logged. */
export function takePendingRestores(tx: WriteDb): RestoreNote[] {
  const notes = readPendingRestores(getSetting(tx, PENDING_RESTORES));
  if (notes.length > 0) deleteSetting(tx, PENDING_RESTORES);
  return notes;
}

/** A record with an entry in the audit log. */
export function insertRestore(tx: WriteDb, restoreId: string, record: RestoreRecord): void {
  putSetting(tx, `${RESTORED}${restoreId}`, canonicalJsonOfValue(record));
  appendStored(tx, 'restored', restoreId);
}

/** Every time the store was replaced by a copy, in that order. */
export function listRestores(db: ReadDb): RestoreRecord[] {
  return db
    .prepare<[], { key: string; value: string }>(
      `SELECT key, value FROM settings WHERE key >= 'restored:' AND key < 'restored;' ORDER BY key`,
    )
    .all()
    .map(({ key, value }) => readJsonColumn(restoreRecordSchema, value, `settings.value of ${key}`))
    .toSorted((a, b) => (a.continues_entries ?? 0) - (b.continues_entries ?? 0));
}
