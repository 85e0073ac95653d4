import { expect, test } from 'vitest';
import * as z from 'zod';
import { fieldProblemsOf } from './field-problems';
import { insightQuerySchema } from '../insight/insight';
import { batchRequestSchema } from '../batch';
import { newTemplateSchema } from '../template';

const problems = (schema: z.ZodType, value: unknown): Record<string, string> =>
  Object.fromEntries(
    fieldProblemsOf(schema.safeParse(value).error?.issues ?? []).map(({ path, message }) => [path, message]),
  );

test('what is wrong with a template is said field by field', () => {
  expect(
    problems(newTemplateSchema, {
      name: ' ',
      country_set: ['x'],
      als: 'yes',
      grounding_mode: 'sometimes',
      description: 7,
      inference_params: [],
      tempature: 1,
      version_label: 'v'.repeat(101),
    }),
  ).toEqual({
    name: 'must not be empty',
    model_id: 'is required',
    'country_set.0': 'must be a two-letter country code (ISO 3166-1 alpha-2), such as DE',
    als: 'must be true or false',
    grounding_mode: 'must be one of none, preferred, required',
    description: 'must be a text',
    inference_params: 'must be a JSON object',
    tempature: 'is not a known field',
    version_label: 'must have at most 100 characters',
  });
});

test('limits of numbers and lists, amounts and times', () => {
  expect(
    problems(batchRequestSchema, {
      targets: [],
      inputs: [{}],
      replicates: 1.5,
      concurrency: 513,
      timeout_seconds: 0,
      locales: 'CH',
      budget_usd: '-5',
    }),
  ).toEqual({
    targets: 'must not be empty',
    replicates: 'must be a whole number',
    concurrency: 'must be at most 512',
    timeout_seconds: 'must be more than 0',
    locales: 'must be a list',
    budget_usd: 'must be an amount in USD below a million, such as 25.50',
  });
  expect(problems(insightQuerySchema, { from: '2026-13-01', time_zone: 'Nowhere' })).toEqual({
    from: 'must be a date such as 2026-11-20',
    time_zone: 'must be a time zone such as Europe/Berlin',
  });
  expect(problems(z.strictObject({ at: z.iso.datetime() }), { at: 'now' })).toEqual({
    at: 'must be a time such as 2026-11-20T08:00:00Z',
  });
  expect(problems(newTemplateSchema, [])).toEqual({ '': 'must be an object' });
});
