import { isContractProcedure } from '@orpc/contract';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { contract } from '.';

const inputs = Object.entries(contract).flatMap(([area, procedures]) =>
  Object.entries(procedures).flatMap(([name, procedure]) => {
    const schema: unknown = isContractProcedure(procedure) ? procedure['~orpc'].inputSchema : undefined;
    return schema === undefined ? [] : [[`${area}.${name}`, schema] as const];
  }),
);

/** Paths of objects within a schema that let keys pass that they do not know. Maps of free keys are meant to. */
function looseObjects(schema: unknown, path: string): string[] {
  if (schema instanceof z.ZodObject) {
    const isStrict = schema.def.catchall instanceof z.ZodNever;
    const inner = Object.entries(schema.shape).flatMap(([key, child]) =>
      looseObjects(child, `${path}.${key}`),
    );
    return isStrict ? inner : [path, ...inner];
  }
  if (schema instanceof z.ZodArray) return looseObjects(schema.element, `${path}[]`);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return looseObjects(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodPipe) return looseObjects(schema.in, path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => looseObjects(option, path));
  return [];
}

test('no procedure takes a field that it does not know, at any depth', () => {
  expect(inputs.length).toBeGreaterThan(40);
  expect(inputs.flatMap(([name, schema]) => looseObjects(schema, name))).toEqual([]);
});

test('each says which field was probably meant', async () => {
  for (const [name, schema] of inputs) {
    if (!(schema instanceof z.ZodObject)) continue;
    const [known = ''] = Object.keys(schema.shape);
    const { error } = schema.safeParse({ [`${known}s`]: 'x' });
    const issue = error?.issues.find(({ code }) => code === 'unrecognized_keys');
    expect(`${name}: ${issue?.message}`).toBe(`${name}: is not a known field: did you mean "${known}"?`);
  }
});
