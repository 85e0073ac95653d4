import * as z from 'zod';
import { shownText } from './blank';
import { idSchema, sha256Schema, timestampSchema } from './ids';
import { jsonObjectSchema, jsonValueSchema } from './json/json-value';
import { reviewActionSchema } from './review-action';
import { runSchema } from './run';
import { strictObject } from './json/strict-object';
import { templateNameSchema } from './template';

/** A person's decision about an answer, as a record of its own. The run, its verdict and its bytes stay unchanged. */
export const reviewSchema = z.object({
  review_id: idSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  template_id: idSchema,
  run_id: idSchema,
  /** The reviewed answer; a run that is tried again gets another. */
  attempt_id: idSchema,
  action: reviewActionSchema,
  /** What counts instead of the model's output; null if its own counts (accept), or none (dismiss). */
  corrected_text: z.string().nullable(),
  reason: z.string().nullable(),
  raw_response_sha256: sha256Schema,
  /** The review that this one replaces. */
  previous_review_id: idSchema.nullable(),
  reviewed_by: z.string().nullable(),
  created_at: timestampSchema,
});
export type Review = z.infer<typeof reviewSchema>;

/** Something in the bytes that explains why they could not be used, at a byte offset of the raw answer. */
export const byteMarkSchema = z.object({
  kind: z.enum(['bom', 'invalid_utf8', 'code_fence', 'json_error', 'cut_off']),
  offset: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
  message: z.string(),
});
export type ByteMark = z.infer<typeof byteMarkSchema>;

/** What is wrong with a text that should be the output: `path` as in `corrected_json/items/0`. */
export const textProblemSchema = z.object({
  path: z.string(),
  message: z.string(),
  /** The place in the text, in UTF-16 code units; null if unknown. */
  offset: z.number().int().nonnegative().nullable(),
});
export type TextProblem = z.infer<typeof textProblemSchema>;

/** A run that waits for a person, as the queue lists it. */
export const reviewItemSchema = runSchema
  .pick({
    run_id: true,
    template_id: true,
    batch_id: true,
    provider: true,
    model_id: true,
    status: true,
    failure_code: true,
    failure_message: true,
    parse_attempts: true,
    parse_error_message: true,
    parse_method_used: true,
    simulated: true,
    executed_at: true,
  })
  .extend({
    ...templateNameSchema.shape,
    raw_response_size: z.number().int(),
    /** The same for all answers of a template with the same problem. */
    group_id: z.string(),
  });
export type ReviewItem = z.infer<typeof reviewItemSchema>;

export const REVIEW_PROBLEM_KINDS = [
  'schema_mismatch',
  'repairable',
  'not_json',
  'unreadable',
  'other',
] as const;
export const reviewProblemKindSchema = z.enum(REVIEW_PROBLEM_KINDS);
export type ReviewProblemKind = z.infer<typeof reviewProblemKindSchema>;

/** Waiting answers of one template with the same problem. */
export const reviewGroupSchema = z.object({
  group_id: z.string(),
  template_id: idSchema,
  ...templateNameSchema.shape,
  kind: reviewProblemKindSchema,
  /** What is wrong, in words; the places of items in arrays are written as `*`. */
  problem: z.string(),
  count: z.number().int(),
  /** The one that has waited longest. */
  run_id: idSchema,
});
export type ReviewGroup = z.infer<typeof reviewGroupSchema>;

/** How many answers are grouped, those that have waited longest first; others follow as these are decided. */
export const MAX_GROUPED = 10_000;

/** Everything needed to decide about one answer. */
export const reviewCaseSchema = z.object({
  item: reviewItemSchema,
  /** `open`: in the queue; `closed`: reviewed; `none`: the answer needs no review. */
  state: z.enum(['open', 'closed', 'none']),
  response_schema: jsonObjectSchema.nullable(),
  /** The model's output, if it is short enough to be edited. */
  output_text: z.string().nullable(),
  output_length: z.number().int(),
  /** What is wrong with the output. */
  problems: z.array(textProblemSchema),
  /** What jsonrepair would make of it: a proposal. */
  proposed_text: z.string().nullable(),
  /** Why nothing can be accepted; null if it can. */
  why_not_acceptable: z.string().nullable(),
  marks: z.array(byteMarkSchema),
  /** All reviews of the run, latest first. */
  reviews: z.array(reviewSchema),
});
export type ReviewCase = z.infer<typeof reviewCaseSchema>;

/** Answers by decision; superseded reviews do not count. */
export const reviewTotalsSchema = z.object({
  open: z.number().int(),
  accepted: z.number().int(),
  corrected: z.number().int(),
  dismissed: z.number().int(),
});
export type ReviewTotals = z.infer<typeof reviewTotalsSchema>;

/** The longest answer that a person can sensibly mend. */
export const correctedTextSchema = z.string().max(16_777_216);

/** What a review says. The text that counts may be given as text, which keeps how numbers are written, or as JSON. */
export const reviewRequestSchema = strictObject({
  action: reviewActionSchema,
  corrected_text: correctedTextSchema.optional(),
  corrected_json: jsonValueSchema.optional(),
  /** Needed to dismiss. */
  reason: z.string().trim().max(4000).nullish(),
  reviewed_by: shownText(200).nullish(),
  /** The review that this one is to replace: without it, an answer is reviewed once. */
  previous_review_id: idSchema.nullish(),
});
export type ReviewRequest = z.output<typeof reviewRequestSchema>;

/** One decision for many answers, recorded for each. A correction can only be about a single answer. */
export const reviewManyRequestSchema = strictObject({
  run_ids: z.array(idSchema).min(1).max(200),
  action: reviewActionSchema.exclude(['correct']),
  /** Needed to dismiss. */
  reason: z.string().trim().max(4000).nullish(),
  reviewed_by: shownText(200).nullish(),
});
export type ReviewManyRequest = z.output<typeof reviewManyRequestSchema>;

/** The outcome for each: recorded, or why not. */
export const reviewManyResultSchema = z.object({
  decided: z.array(reviewSchema),
  refused: z.array(z.object({ run_id: idSchema, code: z.string(), message: z.string() })),
});
export type ReviewManyResult = z.infer<typeof reviewManyResultSchema>;
