import * as z from 'zod';
import { backupProgressSchema, backupSchema, verifiedBackupSchema } from '../domain';
import { route } from './base';

const tag = 'backups';

export const backupsContract = {
  /** Whoever asks while one is being made gets the same. @throws DISK_FULL, STORE_CORRUPT */
  create: route('POST', '/backups', {
    summary: 'Back up the store into its backups folder; returns when the copy has been read back',
    tag,
    successStatus: 201,
  }).output(verifiedBackupSchema),
  list: route('GET', '/backups', {
    summary: 'Backups, newest first, and the progress of one being made. To restore one: prompter restore',
    tag,
  }).output(
    z.object({
      folder: z.string(),
      items: z.array(backupSchema),
      running: backupProgressSchema.nullable(),
    }),
  ),
};
