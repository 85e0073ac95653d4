import * as z from 'zod';
import { backupProgressSchema, backupSchema, verifiedBackupSchema } from '../domain';
import { route } from './base';

const tag = 'backups';

export const backupsContract = {
  create: route('POST', '/backups', {
    summary: 'Copy the store into its backups folder and read the copy back; answers when it is whole',
    tag,
    successStatus: 201,
  }).output(verifiedBackupSchema),
  list: route('GET', '/backups', {
    summary: 'Backups, newest first, and how far one that is being made is. To restore one: prompter restore',
    tag,
  }).output(
    z.object({
      folder: z.string(),
      items: z.array(backupSchema),
      running: backupProgressSchema.nullable(),
    }),
  ),
};
