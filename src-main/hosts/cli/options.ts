import * as z from 'zod';
import { fieldProblemsOf } from '../../../src-shared/domain';
import { usageError } from './failure';

/** Reads a command's options: everything from a command line is text until it is checked here. */
export function readOptions<T extends z.ZodType>(schema: T, options: unknown): z.output<T> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const [problem] = fieldProblemsOf(result.error.issues);
  const option = problem?.path.split('.', 1)[0] ?? '';
  throw usageError(`--${flagName(option)}: ${problem?.message ?? 'is not valid'}`);
}

/** `onDrift` is `on-drift` on a command line, where commander makes it `onDrift` again. */
export function flagName(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function wholeNumber(minimum: number, maximum: number) {
  const problem = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d{1,12}$/, problem)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, problem);
}

/** `--var name=value`, any number of them. */
export const variablesOption = z
  .array(z.string().regex(/^[^=]+=/, 'must look like name=value'))
  .default([])
  .transform((pairs) => pairs.map((pair) => splitAt(pair, pair.indexOf('='))))
  .refine(
    (pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length,
    'sets the same variable twice',
  )
  .transform((pairs) => Object.fromEntries(pairs));

function splitAt(text: string, index: number): readonly [string, string] {
  return [text.slice(0, index), text.slice(index + 1)];
}
