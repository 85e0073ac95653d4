import * as z from 'zod';

export const EXPORT_FORMAT = 'prompter-audit/1';

/** In its one spelling: Node would also read the alphabet of URLs, and leftover bits. */
const base64Schema = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'Not base64.');

/** The lines of an export. Leaf and record are texts: their UTF-8 is what was hashed, so nobody has to write JSON again. */
export const exportLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('header'),
    format: z.literal(EXPORT_FORMAT),
    origin: z.string(),
    /** Logs that this one continues, each to its last entry: a restored backup goes on under another name. */
    continues: z.array(z.object({ log: z.string(), to: z.number().int().min(0) })).default([]),
    size: z.number().int().min(0),
    exported_at: z.string(),
  }),
  z.object({
    kind: z.literal('checkpoint'),
    note: z.string(),
    verifier_key: z.string(),
    /** Signed by a key that lived in memory only. */
    ephemeral: z.boolean(),
  }),
  z.object({
    kind: z.literal('entry'),
    seq: z.number().int().min(1),
    leaf: z.string(),
    /** Null where a later entry about the same run took its place. */
    record: z.string().nullable(),
    superseded_by: z.number().int().nullable(),
    /** The provider's answer in base64, for entries about answers. */
    bytes: base64Schema.nullable(),
    proof: z.array(base64Schema),
  }),
]);
export type ExportLine = z.infer<typeof exportLineSchema>;
export type ExportedEntry = Extract<ExportLine, { kind: 'entry' }>;

/** What a leaf says, of its canonical JSON. */
export const leafSchema = z.object({
  v: z.literal(1),
  record_type: z.string(),
  record_id: z.string(),
  content_sha256: z.string(),
  created_at: z.string(),
  actor: z.string(),
  salt: z.string(),
});
