import * as z from 'zod';
import { batchRequestSchema } from './batch';
import { strictObject } from './json/strict-object';
import { PRACTICE_VENDORS } from './providers/protocols';
import { newTemplateSchema, variablesSchema } from './template';

/** A comparison that shows a sample well. */
export const sampleComparisonSchema = batchRequestSchema
  .pick({ targets: true, replicates: true, concurrency: true })
  .strict();
export type SampleComparison = z.output<typeof sampleComparisonSchema>;

const writtenAnswerSchema = z.union([z.string().min(1), z.array(z.string().min(1)).min(2)]);
/** By the vendor that the practice server plays; without one, an answer is made up. */
const answersSchema = z.partialRecord(z.enum(PRACTICE_VENDORS), writtenAnswerSchema);

const sampleRowSchema = strictObject({
  input: variablesSchema,
  /** What a practice model of each vendor answers to this input. A list is answered in turns. */
  answers: answersSchema,
  /** What it answers once its version has moved; by default the same. */
  later: answersSchema.optional(),
});
export type SampleRow = z.output<typeof sampleRowSchema>;

/** A file of `resources/samples/`: a template, inputs to try it on, and hand-written practice answers to them. */
export const sampleSchema = strictObject({
  template: newTemplateSchema,
  comparison: sampleComparisonSchema.optional(),
  rows: z.array(sampleRowSchema).min(1),
});
export type Sample = z.output<typeof sampleSchema>;

/** The samples of these files, by path, in the order of their names. */
export function samplesOf(files: Readonly<Record<string, unknown>>): Sample[] {
  return Object.keys(files)
    .toSorted()
    .map((path) => sampleSchema.parse(files[path]));
}
