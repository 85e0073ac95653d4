import * as z from 'zod';
import { restoreRecordSchema } from '../domain';
import { binaryBodySchema, route } from './base';

const tag = 'audit';

const checkpointSchema = z.object({
  /** The log's name, made once for this installation. */
  origin: z.string(),
  size: z.number().int(),
  root: z.string(),
  /** The signed text (C2SP tlog-checkpoint). */
  note: z.string(),
  verifier_key: z.string(),
  /** Signed by a key that is gone when Prompter closes: there is no keychain, or not the pinned key in it. */
  ephemeral: z.boolean(),
  created_at: z.string(),
});

export const auditReportSchema = z.object({
  ok: z.boolean(),
  entries: z.number().int(),
  verified_to: z.string().nullable(),
  checkpoints: z.number().int(),
  hmac_verified: z.number().int(),
  /** Records whose key is not at hand: neither right nor wrong. */
  hmac_unverifiable: z.number().int(),
  /** Each time a backup took the place of the store: what its log had beyond the backup was given up. */
  restores: restoreRecordSchema.array(),
  /** The first problems; `problem_count` counts all. */
  problems: z
    .object({
      seq: z.number().int().nullable(),
      record_type: z.string().nullable(),
      record_id: z.string().nullable(),
      message: z.string(),
    })
    .array(),
  problem_count: z.number().int(),
});
export type AuditReport = z.infer<typeof auditReportSchema>;

export const auditContract = {
  checkpoint: route('GET', '/audit/checkpoint', {
    summary: 'Sign what the audit log holds now and give the checkpoint',
    tag,
  }).output(checkpointSchema),
  export: route('GET', '/audit/export', {
    summary: 'The audit log with records, proofs and checkpoints, as JSON Lines',
    tag,
  }).output(binaryBodySchema),
  verify: route('POST', '/audit/verify', {
    summary: 'Walk the audit log and compare every record, hash, HMAC and checkpoint',
    tag,
  }).output(auditReportSchema),
};
