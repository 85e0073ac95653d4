import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src-shared/domain';
import { checkAgainstSchema, problemText, responseSchemaProblem } from './response-schema';

/** Each call is given an object of its own, as a template is that is read from the store for each run. */
const named = (type: string): JsonObject => ({ $id: 'https://example.com/answer', type });

describe('a response schema', () => {
  it('with an $id can be used again, and by another template', () => {
    for (const type of ['object', 'object', 'array'])
      expect(checkAgainstSchema(named(type), type === 'object' ? {} : [])).toEqual({ valid: true });
  });

  it.each([
    ['http://json-schema.org/draft-07/schema#', { items: [{ type: 'string' }] }, [1]],
    ['https://json-schema.org/draft-07/schema', { items: [{ type: 'string' }] }, [1]],
    ['http://json-schema.org/draft-06/schema#', { items: [{ type: 'string' }] }, [1]],
    ['https://json-schema.org/draft/2019-09/schema', { items: [{ type: 'string' }] }, [1]],
    ['https://json-schema.org/draft/2020-12/schema', { prefixItems: [{ type: 'string' }] }, [1]],
  ])('is read by the draft that %s names', ($schema, keywords: JsonObject, value) => {
    const schema = { $schema, ...keywords };
    expect(responseSchemaProblem(schema)).toBeNull();
    expect(checkAgainstSchema(schema, value)).toEqual({
      valid: false,
      problems: [{ pointer: '/0', message: 'must be string' }],
    });
  });

  it.each<[string, JsonObject, string, RegExp]>([
    ['names an unknown draft', { $schema: 'urn:x' }, 'response_schema/$schema', /not a supported draft/],
    [
      'is asynchronous',
      { $async: true, type: 'object' },
      'response_schema/$async',
      /not part of JSON Schema/,
    ],
    [
      'uses a keyword wrongly',
      { properties: { a: { minimum: 'x' } } },
      'response_schema/properties/a/minimum',
      /must be number/,
    ],
    [
      'refers to what does not exist',
      { properties: { 'a/b': { $ref: '#/nowhere' } } },
      'response_schema/properties/a~1b/$ref',
      /"#\/nowhere" is not in this schema/,
    ],
    [
      'refers to another host',
      { items: { $ref: 'http://127.0.0.1:9/x.json' } },
      'response_schema/items/$ref',
      /are not fetched/,
    ],
    [
      'has a pattern that is none',
      { type: 'string', pattern: '(' },
      'response_schema/pattern',
      /Invalid regular expression/,
    ],
  ])('that %s is refused with the place, and makes no output valid', (_, schema, path, message) => {
    expect(responseSchemaProblem(schema)).toEqual({
      path,
      message: expect.stringMatching(message) as string,
    });
    const check = checkAgainstSchema(schema, 1);
    expect(check.valid ? '' : problemText(check.problems)).toContain('schema itself cannot be used');
  });

  it('checks formats', () => {
    expect(checkAgainstSchema({ type: 'string', format: 'email' }, 'nobody').valid).toBe(false);
  });

  it('says all that is wrong, each with its JSON Pointer', () => {
    const schema = {
      type: 'object',
      properties: { 'a/b': { type: 'number' }, kind: { enum: ['x', 'y'] } },
      required: ['c'],
      additionalProperties: false,
    };
    const check = checkAgainstSchema(schema, { 'a/b': 'one', kind: 'z', more: 1 });
    expect(check).toEqual({
      valid: false,
      problems: [
        { pointer: '', message: "must have required property 'c'" },
        { pointer: '', message: 'must NOT have additional properties ("more")' },
        { pointer: '/a~1b', message: 'must be number' },
        { pointer: '/kind', message: 'must be equal to one of the allowed values: ["x","y"]' },
      ],
    });
    expect(check.valid ? '' : problemText(check.problems)).toBe(
      `/ must have required property 'c'; / must NOT have additional properties ("more"); /a~1b must be number; and 1 more`,
    );
  });

  it.each<[string, JsonObject, JsonValue, RegExp]>([
    [
      'a pattern that backtracks',
      { type: 'string', pattern: '^(a+)+$' },
      `${'a'.repeat(50)}!`,
      /longer than 5 s/,
    ],
    ['itself and nothing else', { $ref: '#' }, {}, /Maximum call stack/],
  ])('of %s ends, and lets nothing pass that it could not check', (_, schema, value, why) => {
    for (let time = 0; time < 2; time += 1) {
      const check = checkAgainstSchema(schema, value);
      expect(check.valid ? '' : problemText(check.problems)).toMatch(why);
    }
  });

  it('gives a few problems of an output that has a million', () => {
    const schema = { type: 'array', items: { type: 'string' } };
    const check = checkAgainstSchema(
      schema,
      Array.from({ length: 1_000_000 }, (_, index) => index),
    );
    expect(check).toEqual({ valid: false, problems: [{ pointer: '/0', message: 'must be string' }] });
  });
});
