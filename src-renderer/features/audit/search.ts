import * as z from 'zod';
import { recordTypeSchema } from '../../../src-shared/domain';
import { day, flag, text } from '../../addresses';

/** Which entries are listed and which one is open. */
export const auditSearch = z.strictObject({
  kind: recordTypeSchema.optional(),
  actor: text,
  object: text,
  /** Local days. */
  from: day,
  to: day,
  entry: z.int().optional(),
  checkpoint: flag,
});
export type AuditSearch = z.output<typeof auditSearch>;
