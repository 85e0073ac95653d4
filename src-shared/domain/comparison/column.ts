import * as z from 'zod';
import { shownText } from '../blank';
import { idSchema } from '../ids';
import { jsonObjectSchema } from '../json/json-value';
import { strictObject } from '../json/strict-object';
import { shortParameterName } from '../providers/parameter-rules';
import { groundingModeSchema, labelSchema, templateNameSchema, versionTitle } from '../template';

/** One column of a comparison, as asked for: a version of a prompt, a model reached through a connection, parameters. */
export const batchTargetSchema = strictObject({
  /** Default: the batch's. */
  template_id: idSchema.optional(),
  /** The version that the label of the template's prompt points to, resolved when the batch starts. */
  label: labelSchema.optional(),
  connection_id: idSchema.optional(),
  provider: idSchema.optional(),
  /** Default: the template's own. */
  model_id: shownText(300).optional(),
  inference_params: jsonObjectSchema.optional(),
});
export type BatchTarget = z.infer<typeof batchTargetSchema>;

/** A column after its template and connection were found. */
const foundTargetSchema = z.object({
  template_id: idSchema,
  /** The label that led to the template, where it was asked for by one. */
  label: z.string().nullable(),
  connection_id: idSchema,
  connection_name: z.string(),
  provider: z.string(),
  model_id: z.string(),
  inference_params: jsonObjectSchema,
});
export type FoundTarget = z.infer<typeof foundTargetSchema>;

/** A column as it is stored with its batch. */
export const resolvedTargetSchema = foundTargetSchema.extend({
  target_index: z.number().int(),
  /** The template's own mode where the batch names none; null: the batch's modes. */
  grounding_mode: groundingModeSchema.nullable(),
});
export type ResolvedTarget = z.infer<typeof resolvedTargetSchema>;

/** Why a column was left out of a comparison that ran: another version of its model answers than it is held to. */
export const mismatchSchema = z.object({
  message: z.string(),
  /** What the column is held to; null where only certain fingerprints are allowed. */
  expected: z.string().nullable(),
  /** What answers now. */
  actual: z.string(),
  /** The template's own constraint holds it, which nothing lifts. */
  frozen: z.boolean(),
});

export const leftOutTargetSchema = foundTargetSchema.extend({ mismatch: mismatchSchema });
export type LeftOutTarget = z.infer<typeof leftOutTargetSchema>;

/** A column as it is shown. */
export const batchColumnSchema = resolvedTargetSchema.extend(templateNameSchema.shape);
export type BatchColumn = z.infer<typeof batchColumnSchema>;

/** A column that was left out, as it is shown. */
export const leftOutColumnSchema = leftOutTargetSchema.extend(templateNameSchema.shape);
export type LeftOutColumn = z.infer<typeof leftOutColumnSchema>;

export type NamedColumn = Pick<
  BatchColumn,
  'template_id' | 'prompt_name' | 'version_number' | 'connection_name' | 'model_id' | 'inference_params'
>;

/** The parts of a column's name; null and empty where all columns agree, so that a name says what tells it apart. */
export interface ColumnName {
  readonly template: string | null;
  /** `v3`, or a trial's end of its id. */
  readonly version: string | null;
  readonly model: string;
  readonly params: readonly string[];
}

/** @returns the names of all columns, in order */
export function columnNames(columns: readonly NamedColumn[]): ColumnName[] {
  const areSeveral = (of: (column: NamedColumn) => string): boolean => new Set(columns.map(of)).size > 1;
  const severalTemplates = areSeveral(({ template_id }) => template_id);
  const severalNames = areSeveral(({ prompt_name }) => prompt_name);
  const keys = new Set(columns.flatMap(({ inference_params }) => Object.keys(inference_params)));
  const telling = [...keys].filter((key) =>
    areSeveral(({ inference_params }) => JSON.stringify(inference_params[key] ?? null)),
  );
  return columns.map(({ template_id, prompt_name, version_number, model_id, inference_params }) => ({
    template: severalNames ? prompt_name : null,
    version: !severalTemplates
      ? null
      : version_number === null
        ? `trial ${template_id.slice(-6)}`
        : versionTitle({ version_number }),
    model: model_id,
    params: telling
      .filter((key) => Object.hasOwn(inference_params, key))
      .map((key) => `${shortParameterName(key)}=${shownValue(inference_params[key])}`),
  }));
}

function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Columns in one line each, for tables and files: `Greeting v2 · connection:model · effort=low`. */
export function targetNames(columns: readonly NamedColumn[]): string[] {
  return columnNames(columns).map(({ template, version, model, params }, index) => {
    const of = [template, version].filter((part) => part !== null).join(' ');
    const through = `${columns[index]?.connection_name ?? '?'}:${model}`;
    return [of, through, params.join(', ')].filter((part) => part !== '').join(' · ');
  });
}

/** The templates of a comparison, the one that it was started for first. */
export function templateIdsOf(batch: {
  readonly template_id: string;
  readonly targets: readonly Pick<FoundTarget, 'template_id'>[];
}): string[] {
  return [...new Set([batch.template_id, ...batch.targets.map(({ template_id }) => template_id)])];
}
