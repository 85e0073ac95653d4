import * as z from 'zod';
import { shownText } from './blank';
import {
  includeSchema,
  messageSchema,
  messagesInputSchema,
  promptTextSchema,
  toolChoiceSchema,
  toolSchema,
  toolsInputSchema,
} from './content';
import { countrySchema } from './country';
import { DEFAULT_ORG_ID, DEFAULT_WORKSPACE_ID, idSchema, sha256Schema, timestampSchema } from './ids';
import { jsonObjectSchema } from './json/json-value';
import { strictObject } from './json/strict-object';
import { modelPinSchema } from './pin';

export const GROUNDING_MODES = ['none', 'preferred', 'required'] as const;
export const groundingModeSchema = z.enum(GROUNDING_MODES);
export type GroundingMode = z.infer<typeof groundingModeSchema>;

const tagSchema = shownText(64);

/**
 * What a person gives to create a template: its content as the two texts or as messages, not both. Unknown keys are
 * refused, so that a misspelt one is not lost silently.
 */
export const newTemplateSchema = strictObject({
  org_id: idSchema.default(DEFAULT_ORG_ID),
  workspace_id: idSchema.default(DEFAULT_WORKSPACE_ID),
  name: shownText(200),
  description: z.string().max(10_000).nullish(),
  system_instructions: promptTextSchema.nullish(),
  user_prompt_template: promptTextSchema.nullish(),
  country_set: z.array(countrySchema).max(250).nullish(),
  provider: idSchema.nullish(),
  model_id: shownText(300),
  inference_params: jsonObjectSchema.nullish(),
  response_schema: jsonObjectSchema.nullish(),
  grounding_mode: groundingModeSchema.nullish(),
  als: z.boolean().nullish(),
  model_version_constraint: z.string().min(1).max(300).nullish(),
  fingerprint_allowlist: z.array(z.string().min(1).max(300)).max(100).nullish(),
  version_label: z.string().max(100).nullish(),
  parent_template_id: idSchema.nullish(),
  message: z.string().max(10_000).nullish(),
  created_by: z.string().max(200).nullish(),
  messages: messagesInputSchema.nullish(),
  tools: toolsInputSchema.nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  includes: z.array(includeSchema).max(100).nullish(),
  tags: z.array(tagSchema).max(50).nullish(),
  /** A draft that is run: stored like any template, outside lists, labels, pins and the duplicate rule. */
  trial: z.boolean().nullish(),
  /** Starts a prompt of its own, with `parent_template_id` as its origin. */
  fork: z.boolean().nullish(),
});
export type NewTemplateInput = z.input<typeof newTemplateSchema>;
export type NewTemplate = z.output<typeof newTemplateSchema>;

/** A stored template: immutable, but for `deleted_at`, which is set once. */
export const templateSchema = z.object({
  template_id: idSchema,
  /** The prompt that this is a version of: the id of the first template of its line. */
  prompt_id: idSchema,
  /** Counts within the prompt; null for a trial. */
  version_number: z.number().int().nullable(),
  trial: z.boolean(),
  org_id: idSchema,
  workspace_id: idSchema,
  name: z.string(),
  description: z.string().nullable(),
  /** The two texts are "" where the conversation is more than they can say. */
  system_instructions: z.string(),
  user_prompt_template: z.string(),
  /** The whole conversation, in either form. */
  messages: z.array(messageSchema),
  tools: z.array(toolSchema),
  /** Null without tools. */
  tool_choice: toolChoiceSchema.nullable(),
  /** The partials that its texts use, by the hash of each. */
  includes: z.array(includeSchema),
  tags: z.array(z.string()),
  country_set: z.array(z.string()),
  provider: z.string().nullable(),
  model_id: z.string(),
  inference_params: jsonObjectSchema,
  response_schema: jsonObjectSchema.nullable(),
  grounding_mode: groundingModeSchema,
  als: z.boolean(),
  model_version_constraint: z.string().nullable(),
  fingerprint_allowlist: z.array(z.string()),
  /** Names of the `{{ variables }}` found statically, in order of first use. */
  variables: z.array(z.string()),
  version_label: z.string().nullable(),
  parent_template_id: z.string().nullable(),
  message: z.string().nullable(),
  config_sha256: sha256Schema,
  record_hmac: z.string().nullable(),
  hmac_key_id: z.string().nullable(),
  created_at: timestampSchema,
  created_by: z.string().nullable(),
  deleted_at: timestampSchema.nullable(),
});
export type Template = z.infer<typeof templateSchema>;

/** What its prompt is called now, by which a template is shown and found; `name` is what it was frozen under. */
const promptNameSchema = z.string();

/** A template as it is answered: the record, and its prompt's name. */
export const namedTemplateSchema = templateSchema.extend({ prompt_name: promptNameSchema });
export type NamedTemplate = z.infer<typeof namedTemplateSchema>;

/** What a record that was made with a template says of that template. */
export const templateNameSchema = z.object({
  /** What it was frozen under. */
  template_name: z.string(),
  prompt_name: promptNameSchema,
  /** Null for a trial. */
  version_number: z.number().int().nullable(),
});
export type TemplateName = z.infer<typeof templateNameSchema>;

/** Which version of its prompt a template is: a trial has no number. */
export function versionTitle({ version_number }: Pick<TemplateName, 'version_number'>): string {
  return version_number === null ? 'trial' : `v${version_number}`;
}

/** What a template is called beside others: `Greeting · v3`. */
export function templateTitle({
  prompt_name,
  version_number,
}: Pick<TemplateName, 'prompt_name' | 'version_number'>): string {
  return `${prompt_name} · ${versionTitle({ version_number })}`;
}

/** A label's name: readable in an address, and never two that differ in case alone. */
export const labelSchema = z
  .string()
  .trim()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    'may have up to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit',
  );

/** The version that a word after `name@` means, as in `v3`; null where it is a label. */
export function versionNamed(word: string): number | 'latest' | null {
  if (word === 'latest') return word;
  const [, number] = /^v(\d+)$/.exec(word) ?? [];
  return number === undefined ? null : Number(number);
}

/** A label is a pointer that moves (draft, production): this says where it points since `moved_at`. */
export const templateLabelSchema = z.object({
  move_id: idSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  label: z.string(),
  /** Null: the label was removed. */
  template_id: idSchema.nullable(),
  /** The prompt whose label this is; null for a move from the time when labels were a workspace's. */
  prompt_id: idSchema.nullable(),
  moved_at: timestampSchema,
  moved_by: z.string().nullable(),
});
export type TemplateLabel = z.infer<typeof templateLabelSchema>;

/** What a prompt is called and whether it may be used, from `changed_at` on. */
export const promptChangeSchema = z.object({
  change_id: idSchema,
  org_id: idSchema,
  workspace_id: idSchema,
  prompt_id: idSchema,
  /** Null: as its newest version is called. */
  name: z.string().nullable(),
  /** An inactive prompt is neither run nor fetched by label. */
  active: z.boolean(),
  changed_at: timestampSchema,
  changed_by: z.string().nullable(),
});
export type PromptChange = z.infer<typeof promptChangeSchema>;

/** The narrow row of a template list: what the list shows, without the prompt texts. */
export const templateSummarySchema = templateSchema
  .pick({
    template_id: true,
    prompt_id: true,
    version_number: true,
    workspace_id: true,
    name: true,
    description: true,
    provider: true,
    model_id: true,
    version_label: true,
    parent_template_id: true,
    config_sha256: true,
    message: true,
    created_at: true,
    created_by: true,
    deleted_at: true,
  })
  .extend({
    prompt_name: promptNameSchema,
    /** The labels that point here now. */
    labels: z.array(z.string()),
    /** The version that runs on its own model are held to now: its own, or else what it is pinned to; null where any will do. */
    pinned_version_key: z.string().nullable(),
    /** The pins in force, by model: its own and others that it is compared on. */
    pins: z.array(modelPinSchema),
  });
export type TemplateSummary = z.infer<typeof templateSummarySchema>;

/** Variable values of one render. Numbers and booleans are written as Liquid writes them. */
export const variablesSchema = jsonObjectSchema;
export type Variables = z.infer<typeof variablesSchema>;
