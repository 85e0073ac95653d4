import * as z from 'zod';
import { timestampSchema } from './ids';

/** What a copy of the store was made for. */
export const BACKUP_REASONS = ['manual', 'before_migration', 'before_restore'] as const;

/** A copy of the store in its backups folder. */
export const backupSchema = z.object({
  file: z.string(),
  path: z.string(),
  size_bytes: z.number().int(),
  created_at: timestampSchema,
  reason: z.enum(BACKUP_REASONS),
  schema_version: z.number().int(),
  /** The step of the schema that it was made before. */
  migration: z.number().int().nullable(),
});
export type Backup = z.infer<typeof backupSchema>;

/** A copy that was read back: it is whole, and holds so many rows. */
export const verifiedBackupSchema = backupSchema.extend({ rows: z.record(z.string(), z.number().int()) });
export type VerifiedBackup = z.infer<typeof verifiedBackupSchema>;

/** How far a copy that is being made is. */
export const backupProgressSchema = z.object({
  step: z.enum(['copying', 'checking']),
  /** From 0 to 1 within the step. */
  done: z.number(),
});
export type BackupProgress = z.infer<typeof backupProgressSchema>;

/** The store in use was replaced by a copy: what came after the copy is not in it any more. */
export const restoreRecordSchema = z.object({
  restored_at: timestampSchema,
  /** The file that was restored, by name. */
  from_file: z.string(),
  /** The store that was in use until then, kept in the backups folder; null where there was none. */
  kept_file: z.string().nullable(),
  /** The last signed head of the audit log of the store that was replaced. */
  previous_head: z.string().nullable(),
  /** How many entries that log had; null where it could not be read. */
  previous_entries: z.number().int().nullable(),
});
export type RestoreRecord = z.infer<typeof restoreRecordSchema>;
