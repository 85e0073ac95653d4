import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src-shared/domain';
import { checkAgainstSchema } from './output-schema';

/** Each call is given an object of its own, as a template is that is read from the store for each run. */
const named = (type: string): JsonObject => ({ $id: 'https://example.com/answer', type });

describe('a response schema', () => {
  it('with an $id can be used again, and by another template', () => {
    for (const type of ['object', 'object', 'array'])
      expect(checkAgainstSchema(named(type), type === 'object' ? {} : [])).toEqual({
        valid: true,
        message: null,
      });
  });

  it('of an older draft is read all the same', () => {
    const schema = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', required: ['a'] };
    expect(checkAgainstSchema(schema, { a: 1 }).valid).toBe(true);
    expect(checkAgainstSchema({ ...schema }, {})).toEqual({
      valid: false,
      message: "/ must have required property 'a'",
    });
  });

  it.each([
    ['is asynchronous', { $async: true, type: 'object' }],
    ['uses a keyword wrongly', { minimum: 'x' }],
    ['refers to what does not exist', { $ref: '#/nowhere' }],
  ])('that %s makes no output valid', (_, schema: JsonObject) => {
    expect(checkAgainstSchema(schema, 1)).toMatchObject({
      valid: false,
      message: expect.stringContaining('schema itself') as string,
    });
  });

  it('checks formats', () => {
    expect(checkAgainstSchema({ type: 'string', format: 'email' }, 'nobody').valid).toBe(false);
  });
});
