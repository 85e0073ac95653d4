import * as z from 'zod';
import { timestampSchema } from './ids';

/** Why a copy of the store was made. */
export const BACKUP_REASONS = ['manual', 'before_migration', 'before_restore'] as const;

/** A copy of the store in its backups folder. */
export const backupSchema = z.object({
  file: z.string(),
  path: z.string(),
  size_bytes: z.number().int(),
  created_at: timestampSchema,
  reason: z.enum(BACKUP_REASONS),
  schema_version: z.number().int(),
  /** The migration that it was made before. */
  migration: z.number().int().nullable(),
});
export type Backup = z.infer<typeof backupSchema>;

/** A copy that was read back and found complete, with its row counts. */
export const verifiedBackupSchema = backupSchema.extend({ rows: z.record(z.string(), z.number().int()) });
export type VerifiedBackup = z.infer<typeof verifiedBackupSchema>;

/** The progress of a copy that is being made. */
export const backupProgressSchema = z.object({
  step: z.enum(['copying', 'checking']),
  /** From 0 to 1 within the step. */
  done: z.number(),
});
export type BackupProgress = z.infer<typeof backupProgressSchema>;

/** The record of a restore: which copy replaced which store. */
export const restoreNoteSchema = z.object({
  restored_at: timestampSchema,
  /** The name of the restored file. */
  from_file: z.string(),
  /** The store that was in use until then, kept in the backups folder; null where there was none. */
  kept_file: z.string().nullable(),
  /** The last signed head of the audit log of the store that was replaced. */
  previous_head: z.string().nullable(),
  /** The number of entries in that log; null if it could not be read. */
  previous_entries: z.number().int().nullable(),
  /** The name of that log; null if there was none, and in records of earlier builds. */
  previous_log: z.string().nullable().default(null),
});
export type RestoreNote = z.infer<typeof restoreNoteSchema>;

/**
 * A copy took the place of the store: what came after the copy is not in it any more. A log never says two things under
 * one number, so from here on it is another log, with a name and a signing key of its own, that continues the copy's.
 */
export const restoreRecordSchema = restoreNoteSchema.extend({
  /** The log that the store has had since; null in records of earlier builds, which did not begin another. */
  log: z.string().nullable().default(null),
  /**
   * The log that this one continues, how many entries there were, the last signed head, and the key of its heads. Of
   * several restores before the store was opened, the first continues the copy's log and the others the new one.
   */
  continues_log: z.string().nullable().default(null),
  continues_entries: z.number().int().nullable().default(null),
  continues_head: z.string().nullable().default(null),
  continues_key: z.string().nullable().default(null),
});
export type RestoreRecord = z.infer<typeof restoreRecordSchema>;

/** A restore in words; `when` is its time as text. */
export function restoredInWords(restore: RestoreRecord, when: string): string {
  const { from_file, continues_entries, previous_entries, kept_file } = restore;
  const after = continues_entries === null ? '' : `; the log continues after entry ${continues_entries}`;
  const before =
    kept_file === null
      ? ''
      : ` The replaced store${previous_entries === null ? '' : ` (${previous_entries} entries)`} is kept as ${kept_file}.`;
  return `Restored on ${when} from ${from_file}${after}.${before}`;
}

/** A head of the audit log, kept outside the store, that the store knows nothing of. */
export const lostLogSchema = z.object({
  /** `another`: the store began another log. `rolled_back`: it is the same log, without what was signed. */
  state: z.enum(['another', 'rolled_back']),
  /** Which head shows it. */
  told_by: z.enum(['audit-head', 'keychain']),
  /** What was signed, and what the store has now. */
  expected_log: z.string(),
  expected_entries: z.number().int(),
  log: z.string(),
  entries: z.number().int(),
});
export type LostLog = z.infer<typeof lostLogSchema>;

/** What was expected, what is there, what is safe, what to do. */
export function lostLogInWords({ state, told_by, expected_log, expected_entries, entries }: LostLog): string {
  const teller = told_by === 'keychain' ? 'the keychain' : 'the file audit-head';
  const counted = (n: number): string => `${n} ${n === 1 ? 'entry' : 'entries'}`;
  const found =
    state === 'another'
      ? `prompter.db is not the store that was here before: ${teller} remembers the log ${expected_log} ` +
        `with ${counted(expected_entries)}, and this store began a log of its own (${counted(entries)}). ` +
        'The earlier store was deleted or moved away.'
      : `prompter.db is older than the last signature: ${teller} remembers a log of ${counted(expected_entries)} that this store ` +
        `does not have (it has ${counted(entries)}). An old copy was put in its place.`;
  const onPurpose =
    state === 'another' && told_by === 'audit-head'
      ? 'To keep using this store, move audit-head out of the data folder.'
      : 'To keep using this copy, restore it with "prompter restore", so that the restore is on record.';
  return (
    `${found} Backups and the records in this store are safe; until this is resolved, its log is not signed. ` +
    `To get the earlier records back, restore a backup (prompter backup list). ${onPurpose}`
  );
}
