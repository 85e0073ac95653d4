import * as z from 'zod';
import { idSchema, timestampSchema } from './ids';
import { jsonObjectSchema } from './json/json-value';

/** How much a version key proves, best first (docs/providers.md#version-evidence). */
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
  /** Other facts worth keeping: service tier, creation time, response id, request id, version headers. */
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

/**
 * The newest evidence of which version answers for a model of a connection. `etag` changes exactly when the version
 * does; until `expires_at_utc` the evidence is believed without asking again.
 */
export const providerVersionSchema = gradedVersionSchema.extend({
  provider: z.string(),
  connection_id: idSchema,
  model_id: z.string(),
  run_id: idSchema,
  etag: z.string(),
  observed_at: timestampSchema,
  expires_at_utc: timestampSchema,
  /** `live`: the model was asked now; `cache`: what was known. */
  source: z.enum(['cache', 'live']),
  /** False where probes are off or the model did not answer: the evidence is only the last known. */
  verified: z.boolean(),
  /** Why the model could not be asked, if that was tried. */
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type ProviderVersion = z.infer<typeof providerVersionSchema>;

/** A different version answered a template than before. */
export const driftEventSchema = z.object({
  drift_id: idSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  template_id: idSchema,
  provider: z.string(),
  connection_id: idSchema,
  model_id: z.string(),
  /** What was seen until then, and a run that showed it. */
  before: gradedVersionSchema.extend({ run_id: idSchema }),
  after: gradedVersionSchema.extend({ run_id: idSchema }),
  seen_at: timestampSchema,
});
export type DriftEvent = z.infer<typeof driftEventSchema>;

/** A pin, or its end: then `provider_version_key` is null. */
export const templatePinSchema = z.object({
  pin_id: idSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  template_id: idSchema,
  provider_version_key: z.string().nullable(),
  note: z.string().nullable(),
  pinned_at: timestampSchema,
  pinned_by: z.string().nullable(),
  /** Null: at any provider. */
  provider: z.string().nullable(),
  /** Null in pins from before they named their model. */
  model_id: z.string().nullable(),
});
export type TemplatePin = z.infer<typeof templatePinSchema>;
