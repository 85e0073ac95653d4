import * as z from 'zod';
import { shownText } from '../blank';
import { idSchema, timestampSchema } from '../ids';
import { jsonPatchOperationSchema } from '../json/json-patch';
import { jsonValueSchema } from '../json/json-value';
import { costUsdSchema } from '../money';
import { promptChangeSchema, templateLabelSchema, templateSchema, templateSummarySchema } from '../template';

/** Orders of the list of prompts; each of them descends with a `-` before it. */
export const PROMPT_SORTS = ['changed', 'name', 'last_run', 'runs', 'cost', 'versions'] as const;
export type PromptSort = (typeof PROMPT_SORTS)[number];
const descending = <const Sort extends string>(sort: Sort): `-${Sort}` => `-${sort}`;
export const promptOrderSchema = z.enum([...PROMPT_SORTS, ...PROMPT_SORTS.map(descending)]);
export type PromptOrder = z.infer<typeof promptOrderSchema>;

/** Runs that have ended and what they cost. All null while statistics are off: nobody counts. */
export const runTotalsSchema = z.object({
  runs: z.number().int().nullable(),
  /** Those of them that a practice provider answered: they cost nothing. */
  simulated_runs: z.number().int().nullable(),
  /** Real runs without a known cost: with any, `cost_usd` is a lower bound. */
  unpriced_runs: z.number().int().nullable(),
  /** What real runs cost; null also if nothing of it is known. */
  cost_usd: costUsdSchema.nullable(),
  last_run_at: timestampSchema.nullable(),
});
export type RunTotals = z.infer<typeof runTotalsSchema>;

/** Where a prompt's label points. */
export const pointedLabelSchema = z.object({
  label: z.string(),
  template_id: idSchema,
  version_number: z.number().int().nullable(),
});

/** A row of the list of prompts. */
export const promptSummarySchema = runTotalsSchema.extend({
  prompt_id: idSchema,
  workspace_id: idSchema,
  /** The name in force: its own since it was renamed, else its latest version's. */
  name: z.string(),
  /** An inactive prompt is neither run nor fetched by label nor compared. */
  active: z.boolean(),
  /** Whether all of its versions are archived. */
  archived: z.boolean(),
  /** How many it has, archived ones included. */
  versions: z.number().int(),
  /** Its newest version that is not archived, or else its newest; null while there are only trials. */
  latest: templateSchema
    .pick({
      template_id: true,
      version_number: true,
      version_label: true,
      description: true,
      provider: true,
      model_id: true,
      message: true,
      created_at: true,
      created_by: true,
    })
    .nullable(),
  labels: z.array(pointedLabelSchema),
  /** Tags of the latest version. */
  tags: z.array(z.string()),
  /** Models of the versions that are not archived. */
  models: z.array(z.string()),
});
export type PromptSummary = z.infer<typeof promptSummarySchema>;

export const promptSchema = promptSummarySchema.extend({
  /** Drafts that were run. */
  trials: z.number().int(),
  /** What it was forked from. */
  forked_from: z
    .object({
      prompt_id: idSchema,
      template_id: idSchema,
      /** Of that prompt, now. */
      name: z.string(),
      version_number: z.number().int().nullable(),
    })
    .nullable(),
  /** Its names and whether it was active, newest first. */
  changes: z.array(promptChangeSchema),
});
export type Prompt = z.infer<typeof promptSchema>;

/** A version in the history of its prompt, or a trial. `parent_template_id` makes it a tree. */
export const historyEntrySchema = templateSummarySchema
  .omit({ config_sha256: true, prompt_id: true, prompt_name: true, workspace_id: true })
  .extend({
    trial: z.boolean(),
    tags: z.array(z.string()),
    /** Null where the parent is a trial, of another prompt, or there is none. */
    parent_version_number: z.number().int().nullable(),
    ...runTotalsSchema.shape,
  });
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** How a text became another, word by word. */
export const wordChangeSchema = z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() });
export type WordChange = z.infer<typeof wordChangeSchema>;

/** How a template differs from another: its texts by words, everything else by structure. */
export const templateDiffSchema = z.object({
  from: templateSummarySchema,
  to: templateSummarySchema,
  /** Whether the same is sent to the model: equal `config_sha256`. */
  same_configuration: z.boolean(),
  /** Texts that differ; `path` as in the template (RFC 6901). */
  texts: z.array(z.object({ path: z.string(), changes: z.array(wordChangeSchema) })),
  /** Turns what else the first template has into what the second has; `before` is what an operation replaces or removes. */
  patch: z.array(jsonPatchOperationSchema.extend({ before: jsonValueSchema.optional() })),
});
export type TemplateDiff = z.infer<typeof templateDiffSchema>;

/** A name of a person, as records keep it. */
export const personSchema = shownText(200);

/** A move of a label in its prompt's history, and who approved it where somebody had to. */
export const labelMoveSchema = templateLabelSchema.extend({
  /** Null: the label was taken away, or pointed to another prompt before labels belonged to prompts. */
  version_number: z.number().int().nullable(),
  approved_by: z.string().nullable(),
});
export type LabelMove = z.infer<typeof labelMoveSchema>;
