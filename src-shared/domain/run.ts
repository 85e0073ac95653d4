import * as z from 'zod';
import { shownText } from './blank';
import { promptTextSchema } from './content';
import { countrySchema } from './country';
import { idSchema, sha256Schema, timestampSchema } from './ids';
import { jsonObjectSchema, jsonValueSchema } from './json/json-value';
import { costUsdSchema } from './money';
import { responseApiSchema } from './providers/protocols';
import { practiceAnswerSchema } from './providers/provider';
import { reviewActionSchema } from './review-action';
import { runStatusSchema } from './run-status';
import { groundingModeSchema, templateNameSchema, variablesSchema } from './template';
import { finishReasonSchema, usageSchema } from './usage';
import { evidenceGradeSchema, versionEvidenceSchema } from './version';
import { strictObject } from './json/strict-object';

/** What a run is for. A `probe` asks a model for its version: it is no run of its template and counts as none. */
export const RUN_KINDS = ['run', 'probe', 'grade'] as const;
export const runKindSchema = z.enum(RUN_KINDS);
export type RunKind = z.infer<typeof runKindSchema>;

export const FAILURE_CODES = [
  'version_mismatch',
  'not_grounded',
  'output_invalid',
  'parse_failed',
  'guardrail_blocked',
  'attestation_failed',
  'als_over_limit',
  'rate_limited',
  'quota_exhausted',
  'auth_failed',
  'permission_denied',
  'model_not_found',
  'invalid_request',
  'provider_error',
  'overloaded',
  'network_error',
  'timeout',
  'stream_cut',
  'refused',
  'missing_variable',
] as const;

export const failureCodeSchema = z.enum(FAILURE_CODES);
export type FailureCode = z.infer<typeof failureCodeSchema>;

/** How a JSON answer was parsed: as it came, or repaired by `jsonrepair`. */
export const parseMethodSchema = z.enum(['direct', 'jsonrepair']);

/** A call of a tool that an answer asks for. */
export const runToolCallSchema = z.object({
  /** Null where the provider gives none. */
  id: z.string().nullable(),
  name: z.string(),
  /** As the provider wrote them: JSON, unless the model did not manage it. */
  arguments: z.string(),
});
export type RunToolCall = z.infer<typeof runToolCallSchema>;

/** A run as every interface shows it. All fields are always present; null is "not known" or "does not apply". */
export const runSchema = z.object({
  run_id: idSchema,
  kind: runKindSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  template_id: idSchema,
  batch_id: idSchema.nullable(),
  batch_run_index: z.number().int().nullable(),
  replicate_index: z.number().int(),
  provider: z.string(),
  connection_id: idSchema,
  model_id: z.string(),
  status: runStatusSchema,
  failure_code: failureCodeSchema.nullable(),
  failure_message: z.string().nullable(),
  country: z.string().nullable(),
  brand_name: z.string().nullable(),
  grounding_mode: groundingModeSchema,
  request_json: jsonValueSchema.nullable(),
  response_json: jsonValueSchema.nullable(),
  response_api: responseApiSchema.nullable(),
  rendered_prompt: z.string(),
  rendered_prompt_sha256: sha256Schema,
  output_text: z.string().nullable(),
  output_json: jsonValueSchema.nullable(),
  /** The tools that the answer calls, in its order; null where it calls none. */
  tool_calls: z.array(runToolCallSchema).nullable(),
  /** What the model thought before it answered, where the provider shows it; never part of the output. */
  thinking_text: z.string().nullable(),
  output_json_valid: z.boolean().nullable(),
  response_output_sha256: sha256Schema.nullable(),
  raw_response_sha256: sha256Schema.nullable(),
  raw_response_size: z.number().int().nullable(),
  raw_response_path: z.string().nullable(),
  raw_stored_at: timestampSchema.nullable(),
  parse_attempts: z.number().int(),
  last_parse_attempt_at: timestampSchema.nullable(),
  parse_error_message: z.string().nullable(),
  parse_method_used: parseMethodSchema.nullable(),
  /** Whether a person still has to decide about the answer. */
  requires_manual_review: z.boolean(),
  /** What was decided about this answer, latest; the output and its verdict stay as they came. */
  review_action: reviewActionSchema.nullable(),
  processing_status: z.enum(['none', 'stored', 'parsed', 'parse_failed']),
  provider_version_key: z.string().nullable(),
  evidence_grade: evidenceGradeSchema.nullable(),
  evidence: versionEvidenceSchema.nullable(),
  system_fingerprint: z.string().nullable(),
  finish_reason: finishReasonSchema.nullable(),
  usage: usageSchema,
  cost_usd: costUsdSchema.nullable(),
  /**
   * Why `cost_usd` is null, by today's rules: read from the answer, never stored. Null where there is a
   * cost, no answer, or a call that was not billed.
   */
  cost_unknown_because: z.string().nullable(),
  price_snapshot: jsonObjectSchema.nullable(),
  /** The provider's time: from the request on its own socket to the answer's last byte. */
  latency_ms: z.number().nullable(),
  first_byte_ms: z.number().nullable(),
  /** Prompter's time around that call: waiting for a socket, and until the answer was stored. Null where no answer came. */
  queue_ms: z.number().nonnegative().nullable(),
  grounded: z.boolean().nullable(),
  why_not_grounded: z.string().nullable(),
  citations: z.array(jsonObjectSchema).nullable(),
  step2_tools_invoked: z.boolean().nullable(),
  step2_source_ref: z.string().nullable(),
  als_block_text: z.string().nullable(),
  als_block_sha256: z.string().nullable(),
  als_variant_id: z.string().nullable(),
  seed_key_id: z.string().nullable(),
  provoker_value: z.string().nullable(),
  analysis_config: jsonObjectSchema,
  /** The pin in force when the run was sent: the template's own, or one that was set for it. */
  model_version_constraint: z.string().nullable(),
  idempotency_key: z.string().nullable(),
  cached: z.boolean(),
  simulated: z.boolean(),
  /** Of a simulated run: whether its answer was written by hand for a sample. Null where it does not say. */
  practice_answer: practiceAnswerSchema.nullable(),
  record_hmac: z.string().nullable(),
  hmac_key_id: z.string().nullable(),
  executed_at: timestampSchema,
});
export type Run = z.infer<typeof runSchema>;

/** A request for one run. Whatever is left out comes from the template. */
export const runRequestSchema = strictObject({
  variables: variablesSchema.optional(),
  /** Sent unchanged instead of the rendered user prompt template. */
  rendered_prompt: promptTextSchema.min(1).optional(),
  country: countrySchema.optional(),
  brand_name: z.string().max(300).optional(),
  use_grounding: z.boolean().optional(),
  grounding_mode: groundingModeSchema.optional(),
  analysis_scope: z.string().max(200).optional(),
  model_id: shownText(300).optional(),
  provider: idSchema.optional(),
  connection_id: idSchema.optional(),
  inference_params: jsonObjectSchema.optional(),
  replicate_index: z.number().int().nonnegative().optional(),
  idempotency: z.enum(['none', 'hourly']).optional(),
  idempotency_key: z.string().min(1).max(255).optional(),
  /** Ask the provider to stream; the text then also arrives as it is written (`runs.events`). */
  stream: z.boolean().optional(),
  timeout_seconds: z.number().positive().max(7200).optional(),
});
export type RunRequest = z.output<typeof runRequestSchema>;

/** A call that the provider turned away is sent again. Until then its run is `pending`. */
export const retryWaitSchema = z.object({
  /** The call that comes next, counted from 1, and the last one that there can be. */
  attempt: z.number().int(),
  attempts: z.number().int(),
  /** When it is sent. */
  retry_at: timestampSchema,
  /** Why the call before it was turned away. */
  failure_code: failureCodeSchema,
  failure_message: z.string(),
});
export type RetryWait = z.infer<typeof retryWaitSchema>;

/** A run's narrow row, for lists and grids: no request, response or evidence bodies. */
export const runSummarySchema = runSchema.pick({
  run_id: true,
  kind: true,
  template_id: true,
  batch_id: true,
  batch_run_index: true,
  replicate_index: true,
  provider: true,
  connection_id: true,
  model_id: true,
  status: true,
  failure_code: true,
  failure_message: true,
  output_text: true,
  tool_calls: true,
  thinking_text: true,
  output_json_valid: true,
  response_output_sha256: true,
  raw_response_sha256: true,
  provider_version_key: true,
  evidence_grade: true,
  review_action: true,
  finish_reason: true,
  usage: true,
  cost_usd: true,
  latency_ms: true,
  first_byte_ms: true,
  simulated: true,
  executed_at: true,
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** A run in a list of runs: of which template, and whether that is a trial. */
export const listedRunSchema = runSummarySchema.extend({
  ...templateNameSchema.shape,
  template_trial: z.boolean(),
});
export type ListedRun = z.infer<typeof listedRunSchema>;
