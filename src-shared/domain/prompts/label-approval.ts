import * as z from 'zod';
import { idSchema, timestampSchema } from '../ids';

/** The labels of a workspace that a second person has to approve; the newest of its rules counts. */
export const labelRuleSchema = z.object({
  rule_id: idSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  labels: z.array(z.string()),
  changed_at: timestampSchema,
  changed_by: z.string().nullable(),
});
export type LabelRule = z.infer<typeof labelRuleSchema>;

export const LABEL_DECISIONS = ['approved', 'refused', 'withdrawn'] as const;
export const labelDecisionWordSchema = z.enum(LABEL_DECISIONS);

/** What became of a request. */
export const labelDecisionSchema = z.object({
  decision_id: idSchema,
  request_id: idSchema,
  decision: labelDecisionWordSchema,
  reason: z.string().nullable(),
  /** The move that it made. */
  move_id: idSchema.nullable(),
  decided_at: timestampSchema,
  decided_by: z.string(),
});
export type LabelDecision = z.infer<typeof labelDecisionSchema>;

/** A move of a label that waits for, or has got, somebody's decision. */
export const labelRequestSchema = z.object({
  request_id: idSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  prompt_id: idSchema,
  label: z.string(),
  /** Null: to take the label away. */
  template_id: idSchema.nullable(),
  note: z.string().nullable(),
  requested_at: timestampSchema,
  requested_by: z.string(),
});
export type LabelRequest = z.infer<typeof labelRequestSchema>;

export const decidedRequestSchema = labelRequestSchema.extend({
  version_number: z.number().int().nullable(),
  /** Null while it is open. */
  decision: labelDecisionSchema.nullable(),
});
export type DecidedRequest = z.infer<typeof decidedRequestSchema>;
