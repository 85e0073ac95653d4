import * as z from 'zod';
import { jsonPatchSchema } from '../domain/json/json-patch';
import {
  idSchema,
  labelSchema,
  namedTemplateSchema,
  newTemplateSchema,
  sentMessageSchema,
  sha256Schema,
  templateDiffSchema,
  templateLabelSchema,
  templateSummarySchema,
  variablesSchema,
  strictObject,
  shownText,
} from '../domain';
import { pageInput, pageOf, route, templateIdInput } from './base';

const tag = 'templates';

const checkDuplicateOutput = z.object({
  exact_match: z.boolean(),
  /** Of the same configuration: what still differs in it, and why configurations are not told apart by that. */
  differences: z.array(z.object({ path: z.string(), reason: z.string() })),
  template_id: idSchema.nullable(),
  name: z.string().nullable(),
  prompt_name: z.string().nullable(),
  version_number: z.number().int().nullable(),
  config_sha256: sha256Schema,
  near: z.array(
    z.object({ template_id: idSchema, name: z.string(), similarity: z.number(), diff: jsonPatchSchema }),
  ),
});

const renderOutput = z.object({
  /** The two texts where they are the whole conversation, else empty. */
  system: z.string(),
  user: z.string(),
  /** Exactly what is sent. */
  messages: z.array(sentMessageSchema),
  variables: z.array(z.string()),
  /** Those of them that the texts do without: each use has a `default`. */
  optional_variables: z.array(z.string()),
  rendered_prompt_sha256: sha256Schema,
  /** UTF-8 bytes / 4: an estimate, not a count. */
  token_estimate: z.number().int(),
});

/** A template, a draft, or a template of which a draft replaces something, with the values of its variables. */
export const renderInput = strictObject({
  template_id: idSchema.optional(),
  system_instructions: newTemplateSchema.shape.system_instructions,
  user_prompt_template: newTemplateSchema.shape.user_prompt_template,
  messages: newTemplateSchema.shape.messages,
  tools: newTemplateSchema.shape.tools,
  tool_choice: newTemplateSchema.shape.tool_choice,
  includes: newTemplateSchema.shape.includes,
  /** Whose partials a draft uses: the template's, or the default workspace's. */
  org_id: idSchema.optional(),
  workspace_id: idSchema.optional(),
  variables: variablesSchema.default({}),
});

const labelInput = strictObject({
  template_id: idSchema,
  label: labelSchema,
  moved_by: shownText(200).nullable().default(null),
});

export const templatesContract = {
  /** @throws TEMPLATE_DUPLICATE with `{template_id, name, prompt_name, version_number, differences, diff}`, IDEMPOTENCY_KEY_REUSED, TEMPLATE_SYNTAX, VALIDATION_FAILED */
  create: route('POST', '/templates', {
    summary: 'Create an immutable template; refuses a duplicate configuration',
    tag,
    successStatus: 201,
  })
    .input(newTemplateSchema.extend({ idempotency_key: z.string().min(1).max(255).optional() }))
    .output(namedTemplateSchema),
  list: route('GET', '/templates', { summary: 'List and search templates, newest first', tag })
    .input(
      strictObject({
        workspace_id: idSchema.optional(),
        q: z.string().max(500).optional(),
        label: z.string().max(100).optional(),
        include_archived: z.boolean().default(false),
        ...pageInput,
      }),
    )
    .output(pageOf(templateSummarySchema).extend({ total: z.number().int() })),
  diff: route('GET', '/templates/diff', {
    summary: 'How a template differs from another: texts by words, the rest by structure',
    tag,
  })
    .input(strictObject({ from: idSchema, to: idSchema }))
    .output(templateDiffSchema),
  get: route('GET', '/templates/{template_id}', { summary: 'One template', tag })
    .input(templateIdInput)
    .output(namedTemplateSchema),
  checkDuplicate: route('POST', '/templates/check-duplicate', {
    summary: 'Check whether a configuration would be a duplicate; writes nothing',
    tag,
  })
    .input(newTemplateSchema.extend({ name: newTemplateSchema.shape.name.optional() }))
    .output(checkDuplicateOutput),
  /** @throws MISSING_VARIABLE naming each one, TEMPLATE_SYNTAX, RENDER_LIMIT, VALIDATION_FAILED */
  render: route('POST', '/templates/render', {
    summary: 'Render a template or a draft with variables; calls no model',
    tag,
  })
    .input(renderInput)
    .output(renderOutput),
  /** @throws NOT_FOUND, TEMPLATE_LABELLED with `{template_id, labels}` */
  archive: route('POST', '/templates/{template_id}/archive', {
    summary: 'Archive a template: nothing is deleted, and its configuration can be used again',
    tag,
  })
    .input(templateIdInput)
    .output(namedTemplateSchema),
  labels: route('GET', '/templates/{template_id}/labels', {
    summary: 'The labels that currently point to this template',
    tag,
  })
    .input(templateIdInput)
    .output(z.object({ items: z.array(templateLabelSchema) })),
  /** Where the label points here already, nothing happens. @throws NOT_FOUND, VALIDATION_FAILED */
  setLabel: route('PUT', '/templates/{template_id}/labels/{label}', {
    summary: "Move a label of the template's prompt to this template",
    tag,
  })
    .input(labelInput)
    .output(templateLabelSchema),
  /** @throws NOT_FOUND where the label does not point to this template */
  removeLabel: route('DELETE', '/templates/{template_id}/labels/{label}', {
    summary: 'Remove a label from this template',
    tag,
  })
    .input(labelInput)
    .output(templateLabelSchema),
  lineage: route('GET', '/templates/{template_id}/lineage', {
    summary: 'The template, its ancestors and its direct descendants',
    tag,
  })
    .input(templateIdInput)
    .output(
      z.object({ ancestors: z.array(templateSummarySchema), children: z.array(templateSummarySchema) }),
    ),
};
