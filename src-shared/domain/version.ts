import * as z from 'zod';
import { idSchema, timestampSchema } from './ids';
import { jsonObjectSchema } from './json-value';

/** How much a version key proves, best first (DESIGN.md, Status words). */
export const EVIDENCE_GRADES = [
  'fingerprint',
  'dated_snapshot',
  'pinned_id',
  'server_build',
  'alias_only',
  'none',
] as const;
export const evidenceGradeSchema = z.enum(EVIDENCE_GRADES);
export type EvidenceGrade = z.infer<typeof evidenceGradeSchema>;

/** What an answer said about the model that made it, read from the raw bytes. Values are the provider's own. */
export const versionEvidenceSchema = z.object({
  requested_model: z.string(),
  echoed_model: z.string().nullable(),
  system_fingerprint: z.string().nullable(),
  /** Other facts worth keeping: service tier, created, response id, request id, version headers. */
  extra: jsonObjectSchema,
});
export type VersionEvidence = z.infer<typeof versionEvidenceSchema>;

/** Evidence reduced to one comparable key; `unknown` with grade `none` where the provider says nothing. */
export const gradedVersionSchema = z.object({
  provider_version_key: z.string(),
  evidence_grade: evidenceGradeSchema,
  evidence: versionEvidenceSchema,
});
export type GradedVersion = z.infer<typeof gradedVersionSchema>;

export const promptVersionSchema = z.object({
  version_id: idSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  template_id: idSchema,
  provider: z.string(),
  model_id: z.string(),
  provider_version_key: z.string(),
  evidence_grade: evidenceGradeSchema,
  evidence: versionEvidenceSchema,
  first_seen_at: timestampSchema,
  last_seen_at: timestampSchema,
});
export type PromptVersion = z.infer<typeof promptVersionSchema>;
