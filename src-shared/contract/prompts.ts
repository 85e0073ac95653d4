import * as z from 'zod';
import {
  decidedRequestSchema,
  DEFAULT_ORG_ID,
  DEFAULT_WORKSPACE_ID,
  historyEntrySchema,
  idSchema,
  labelDecisionWordSchema,
  labelMoveSchema,
  labelRuleSchema,
  labelSchema,
  namedTemplateSchema,
  personSchema,
  promptOrderSchema,
  promptSchema,
  promptSummarySchema,
  shownText,
  strictObject,
} from '../domain';
import { pageInput, pageOf, route } from './base';

const tag = 'prompts';
const promptIdInput = strictObject({ prompt_id: idSchema });
const rulesOutput = z.object({ items: z.array(labelRuleSchema) });
const facetSchema = z.array(z.object({ value: z.string(), prompts: z.number().int() }));

export const promptsContract = {
  /** @throws STATISTICS_OFF for an order by runs, cost or last run while nobody counts */
  list: route('GET', '/prompts', { summary: 'List and search prompts, a row each', tag })
    .input(
      strictObject({
        workspace_id: idSchema.optional(),
        /** Words that all occur in the name or the latest version's texts; the last may be unfinished. */
        q: z.string().max(500).optional(),
        /** A label that points to one of its versions now. */
        label: z.string().max(100).optional(),
        tag: z.string().max(100).optional(),
        /** A model of one of its versions. */
        model_id: z.string().max(300).optional(),
        include_archived: z.boolean().default(false),
        include_inactive: z.boolean().default(false),
        /** `changed` is by when the latest version was created; a `-` before an order turns it round. */
        sort: promptOrderSchema.default('-changed'),
        ...pageInput,
      }),
    )
    .output(pageOf(promptSummarySchema).extend({ total: z.number().int() })),
  facets: route('GET', '/prompts/facets', {
    summary: 'The labels, tags and models that prompts can be filtered by',
    tag,
  })
    .input(strictObject({ workspace_id: idSchema.optional() }))
    .output(z.object({ labels: facetSchema, tags: facetSchema, models: facetSchema })),
  /**
   * @throws NOT_FOUND where no prompt has the name, or the prompt no such label or version, PROMPT_INACTIVE,
   *   PROMPT_AMBIGUOUS where several active prompts have the name, VALIDATION_FAILED where the version is archived
   */
  byName: route('GET', '/prompts/by-name/{name}', {
    summary: 'The template that a label of the prompt points to; with an ETag',
    tag,
  })
    .input(
      strictObject({
        name: shownText(200),
        workspace_id: idSchema.default(DEFAULT_WORKSPACE_ID),
        /** `production` unless a version is asked for. */
        label: labelSchema.optional(),
        version: z.union([z.literal('latest'), z.number().int().min(1)]).optional(),
      }),
    )
    .output(
      namedTemplateSchema.extend({
        /** The label that was followed; null where a version was asked for. */
        label: z.string().nullable(),
      }),
    ),
  get: route('GET', '/prompts/{prompt_id}', { summary: 'One prompt', tag })
    .input(promptIdInput)
    .output(promptSchema),
  history: route('GET', '/prompts/{prompt_id}/history', {
    summary: 'The versions of a prompt, newest first; parents make them a tree',
    tag,
  })
    .input(promptIdInput.extend({ include_trials: z.boolean().default(false), ...pageInput }))
    .output(pageOf(historyEntrySchema).extend({ trials: z.number().int() })),
  labels: route('GET', '/prompts/{prompt_id}/labels', {
    summary: 'Every move of the labels of a prompt, newest first',
    tag,
  })
    .input(promptIdInput.extend(pageInput))
    .output(pageOf(labelMoveSchema)),
  labelRules: route('GET', '/label-rules', {
    summary: 'The labels of each workspace that a second person has to approve',
    tag,
  }).output(rulesOutput),
  setLabelRule: route('PUT', '/label-rules', {
    summary: 'Say which labels of a workspace a second person has to approve; each change is recorded',
    tag,
  })
    .input(
      strictObject({
        org_id: idSchema.default(DEFAULT_ORG_ID),
        workspace_id: idSchema.default(DEFAULT_WORKSPACE_ID),
        labels: z.array(labelSchema).max(100),
        changed_by: personSchema.nullable().default(null),
      }),
    )
    .output(rulesOutput),
  /** @throws NOT_FOUND, VALIDATION_FAILED where nothing would change */
  requestLabel: route('POST', '/templates/{template_id}/labels/{label}/requests', {
    summary: 'Ask for a move of a label, which somebody else approves',
    tag,
    successStatus: 201,
  })
    .input(
      strictObject({
        template_id: idSchema,
        label: labelSchema,
        /** To take the label away from this template. */
        remove: z.boolean().default(false),
        note: z.string().max(10_000).nullable().default(null),
        requested_by: personSchema,
      }),
    )
    .output(decidedRequestSchema),
  labelRequests: route('GET', '/prompts/{prompt_id}/label-requests', {
    summary: 'Requested moves of the labels of a prompt and what became of them, newest first',
    tag,
  })
    .input(promptIdInput.extend(pageInput))
    .output(pageOf(decidedRequestSchema)),
  /** @throws APPROVAL_STATE where it is decided already, or whoever asked approves; VALIDATION_FAILED */
  decideLabel: route('POST', '/label-requests/{request_id}', {
    summary: 'Approve, refuse or take back a requested move of a label; each decision is recorded',
    tag,
  })
    .input(
      strictObject({
        request_id: idSchema,
        decision: labelDecisionWordSchema,
        /** Needed unless it is approved. */
        reason: shownText(10_000).nullable().default(null),
        decided_by: personSchema,
      }),
    )
    .output(decidedRequestSchema),
  update: route('PUT', '/prompts/{prompt_id}', {
    summary: 'Rename a prompt, or set it inactive or active; each change is recorded',
    tag,
  })
    .input(
      promptIdInput.extend({
        /** Null: as its latest version is called. */
        name: shownText(200).nullable().optional(),
        /** An inactive prompt is neither run nor fetched by label nor compared. */
        active: z.boolean().optional(),
        changed_by: personSchema.nullable().default(null),
      }),
    )
    .output(promptSchema),
};
