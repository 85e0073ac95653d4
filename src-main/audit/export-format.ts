import * as z from 'zod';

export const EXPORT_FORMAT = 'prompter-audit/1';

/** Canonical only: Node would also accept the URL-safe alphabet and stray trailing bits. */
const base64Schema = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'Not base64.');

/**
 * The lines of an export. Leaf and record are strings whose UTF-8 was hashed, so that verifiers need not re-serialise
 * JSON.
 */
export const exportLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('header'),
    format: z.literal(EXPORT_FORMAT),
    origin: z.string(),
    /** The logs that this one continues, each up to its last entry: a restored backup continues under a new name. */
    continues: z.array(z.object({ log: z.string(), to: z.number().int().min(0) })).default([]),
    size: z.number().int().min(0),
    exported_at: z.string(),
  }),
  z.object({
    kind: z.literal('checkpoint'),
    note: z.string(),
    verifier_key: z.string(),
    /** Signed with a key that was only ever in memory. */
    ephemeral: z.boolean(),
  }),
  z.object({
    kind: z.literal('entry'),
    seq: z.number().int().min(1),
    leaf: z.string(),
    /** Null if a later entry about the same run superseded it. */
    record: z.string().nullable(),
    superseded_by: z.number().int().nullable(),
    /** The provider's answer in base64, for entries about answers. */
    bytes: base64Schema.nullable(),
    proof: z.array(base64Schema),
  }),
]);
export type ExportLine = z.infer<typeof exportLineSchema>;
export type ExportedEntry = Extract<ExportLine, { kind: 'entry' }>;

/** A leaf, parsed from its canonical JSON. */
export const leafSchema = z.object({
  v: z.literal(1),
  record_type: z.string(),
  record_id: z.string(),
  content_sha256: z.string(),
  created_at: z.string(),
  actor: z.string(),
  salt: z.string(),
});
