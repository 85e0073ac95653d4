import type { FieldProblem } from '../errors';

/** An issue of a schema check, as Standard Schema has it; Zod's own further fields are read where they are there. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What is wrong with each field, in words that say what to do. */
export function fieldProblemsOf(issues: readonly SchemaIssue[]): FieldProblem[] {
  return issues.flatMap((issue) => {
    const path = (issue.path ?? [])
      .map((part) => String(typeof part === 'object' ? part.key : part))
      .join('.');
    // Zod names the keys that a strict object does not know beside the path, not in it.
    const unknownKeys = textsOf(issue, 'keys');
    if (textOf(issue, 'code') === 'unrecognized_keys' && unknownKeys.length > 0) {
      // A `strictObject` says of each key, in a line of its own, which was probably meant.
      const lines = ZODS_OWN.test(issue.message) ? [] : issue.message.split('\n');
      return unknownKeys.map((key, index) => ({
        path: path ? `${path}.${key}` : key,
        message: lines[index] ?? 'is not a known field',
      }));
    }
    return [{ path, message: wordsOf(issue) }];
  });
}

/** How Zod's own messages begin; any other message was written for its field and stays. */
const ZODS_OWN = /^(Invalid|Too small|Too big|Unrecognized)/;

function wordsOf(issue: SchemaIssue): string {
  if (!ZODS_OWN.test(issue.message)) return issue.message;
  switch (textOf(issue, 'code')) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'is required'
        : `must be ${KINDS[textOf(issue, 'expected')] ?? textOf(issue, 'expected')}`;
    case 'invalid_value':
      return `must be one of ${textsOf(issue, 'values').join(', ')}`;
    case 'too_small':
      return limitWords(issue, 'minimum');
    case 'too_big':
      return limitWords(issue, 'maximum');
    case 'invalid_format':
      return FORMATS[textOf(issue, 'format')] ?? issue.message;
    default:
      return issue.message;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const FORMATS: Readonly<Record<string, string>> = {
  date: 'must be a date such as 2026-11-20',
  datetime: 'must be a time such as 2026-11-20T08:00:00Z',
};

/** What a limit counts, by the kind of value that has it. */
const COUNTED: Readonly<Record<string, string>> = { string: 'characters', array: 'items' };

function limitWords(issue: SchemaIssue, which: 'minimum' | 'maximum'): string {
  const limit = textOf(issue, which);
  const counted = COUNTED[textOf(issue, 'origin')];
  if (counted !== undefined) {
    if (which === 'minimum' && limit === '1') return 'must not be empty';
    return `must have at ${which === 'minimum' ? 'least' : 'most'} ${limit} ${counted}`;
  }
  const isIncluded = !('inclusive' in issue) || issue.inclusive !== false;
  if (which === 'minimum') return `must be ${isIncluded ? 'at least' : 'more than'} ${limit}`;
  return `must be ${isIncluded ? 'at most' : 'less than'} ${limit}`;
}

function valueOf(issue: SchemaIssue, name: string): unknown {
  return Object.entries(issue).find(([key]) => key === name)?.[1];
}

function textOf(issue: SchemaIssue, name: string): string {
  const value = valueOf(issue, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function textsOf(issue: SchemaIssue, name: string): string[] {
  const value = valueOf(issue, name);
  return Array.isArray(value) ? value.map(String) : [];
}
