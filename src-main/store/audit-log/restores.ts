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

/** The setting that holds the audit log's name. */
export const LOG_NAME = 'audit.origin';
/** The setting in which a restore leaves a note inside the copy, until the store is opened. */
export const PENDING_RESTORES = 'restore.pending';
/** Prefix, before the restore's id, of the setting that holds a logged restore. */
const RESTORED = 'restored:';

/** Earlier builds left one note instead of a list. */
const pendingSchema = z.union([restoreNoteSchema.array(), restoreNoteSchema.transform((note) => [note])]);

/** The notes in the setting's text, oldest restore first; empty if it was never set. */
export function readPendingRestores(text: string | null): RestoreNote[] {
  return text === null ? [] : readJsonColumn(pendingSchema, text, `settings.value of ${PENDING_RESTORES}`);
}

/** Removes and returns the notes left by restores, for the caller to log. */
export function takePendingRestores(tx: WriteDb): RestoreNote[] {
  const notes = readPendingRestores(getSetting(tx, PENDING_RESTORES));
  if (notes.length > 0) deleteSetting(tx, PENDING_RESTORES);
  return notes;
}

/** Stores a restore and adds it to the audit log. */
export function insertRestore(tx: WriteDb, restoreId: string, record: RestoreRecord): void {
  putSetting(tx, `${RESTORED}${restoreId}`, canonicalJsonOfValue(record));
  appendStored(tx, 'restored', restoreId);
}

/** Every replacement of the store by a copy, oldest first. */
export function listRestores(db: ReadDb): RestoreRecord[] {
  return db
    .prepare<[], { key: string; value: string }>(
      `SELECT key, value FROM settings WHERE key >= 'restored:' AND key < 'restored;' ORDER BY key`,
    )
    .all()
    .map(({ key, value }) => readJsonColumn(restoreRecordSchema, value, `settings.value of ${key}`))
    .toSorted((a, b) => (a.continues_entries ?? 0) - (b.continues_entries ?? 0));
}
