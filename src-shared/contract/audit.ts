import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { recordTypeSchema, restoreRecordSchema, timeSchema, strictObject } from '../domain';
import { binaryBodySchema, pageInput, pageOf, route } from './base';

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

const auditReportSchema = z.object({
  ok: z.boolean(),
  entries: z.number().int(),
  verified_to: z.string().nullable(),
  checkpoints: z.number().int(),
  hmac_verified: z.number().int(),
  /** Records whose key is not at hand: neither right nor wrong. */
  hmac_unverifiable: z.number().int(),
  /** Records that were stored while there was no keychain to hold a key. */
  hmac_missing: z.number().int(),
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
  /** What could not be checked here, in words. */
  notes: z.string().array(),
});
export type AuditReport = z.infer<typeof auditReportSchema>;

const auditEntrySchema = z.object({
  seq: z.number().int(),
  record_type: z.string(),
  record_id: z.string(),
  actor: z.string(),
  created_at: z.string(),
  /** Of the record's canonical JSON when it was logged. */
  content_sha256: z.string(),
  salt: z.string(),
  leaf_sha256: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const auditEntryDetailSchema = auditEntrySchema.extend({
  /** The record as it is now, as canonical JSON; null where it cannot be read. */
  content: z.string().nullable(),
  /** `superseded`: a later entry says how the record stands. */
  state: z.enum(['unchanged', 'changed', 'missing', 'superseded']),
  /** Of records that carry one; null of others. */
  hmac: z.enum(['holds', 'wrong', 'key_missing', 'none']).nullable(),
  hmac_key_id: z.string().nullable(),
  leaf_holds: z.boolean(),
});
export type AuditEntryDetail = z.infer<typeof auditEntryDetailSchema>;

const auditProofSchema = z.object({
  seq: z.number().int(),
  leaf_sha256: z.string(),
  /** The checkpoint that the proof leads to; null where none covers the entry yet. */
  size: z.number().int().nullable(),
  root: z.string().nullable(),
  proof: z.string().array(),
  holds: z.boolean(),
});
export type AuditProof = z.infer<typeof auditProofSchema>;

const verifyEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), entries: z.number().int(), total: z.number().int() }),
  z.object({ type: z.literal('done'), report: auditReportSchema }),
]);
export type VerifyEvent = z.infer<typeof verifyEventSchema>;

const seqInput = strictObject({ seq: z.number().int().min(1) });

export const auditContract = {
  /** @throws STORE_CORRUPT where the log does not continue what was signed before */
  checkpoint: route('GET', '/audit/checkpoint', {
    summary: 'Sign the audit log as it stands and return the checkpoint',
    tag,
  }).output(checkpointSchema),
  /** Up to a checkpoint that is signed for it. @throws STORE_CORRUPT as `checkpoint`, DISK_FULL */
  export: route('GET', '/audit/export', {
    summary: 'The audit log with records, proofs and checkpoints, as JSON Lines',
    tag,
  }).output(binaryBodySchema),
  verifier: route('GET', '/audit/verifier', {
    summary: 'The program that verifies an export without Prompter: Python, standard library only',
    tag,
  }).output(binaryBodySchema),
  list: route('GET', '/audit/entries', { summary: 'Entries of the audit log, newest first', tag })
    .input(
      strictObject({
        ...pageInput,
        record_type: recordTypeSchema.optional(),
        actor: z.string().max(200).optional(),
        /** A record; of a run its answers as well. */
        object_id: z.string().max(200).optional(),
        /** When they were logged: `from` included, `to` not. */
        from: timeSchema.optional(),
        to: timeSchema.optional(),
      }),
    )
    .output(pageOf(auditEntrySchema)),
  /** @throws NOT_FOUND */
  entry: route('GET', '/audit/entries/{seq}', {
    summary: 'An entry with its current record and how they compare',
    tag,
  })
    .input(seqInput)
    .output(auditEntryDetailSchema),
  /** @throws NOT_FOUND */
  proof: route('GET', '/audit/entries/{seq}/proof', {
    summary: 'Proof that an entry is in the tree that the last checkpoint signed',
    tag,
  })
    .input(seqInput)
    .output(auditProofSchema),
  verifyEvents: route('POST', '/audit/verify/events', {
    summary: 'Verify and stream progress; the last event is the report',
    tag,
  }).output(eventIterator(verifyEventSchema)),
  verify: route('POST', '/audit/verify', {
    summary: 'Walk the audit log and check every record, hash, HMAC and checkpoint',
    tag,
  }).output(auditReportSchema),
};
