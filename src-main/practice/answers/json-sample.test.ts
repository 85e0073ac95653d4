import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sampleJson } from './json-sample';
import { sampleOfPattern } from './pattern-sample';
import { randomFrom } from './prng';

/** zod's own reader of JSON Schema is the judge of samples. */
type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

const sample = (schema: unknown, seed = '0') =>
  sampleJson(schema, { random: randomFrom(seed.padStart(64, '0'), 'test'), topic: 'bridges' });

const satisfies = (schema: object, value: unknown) =>
  z.fromJSONSchema(schema as JsonSchema).safeParse(value).success;

const bounds = (max: number) =>
  fc.tuple(fc.nat(max), fc.nat(max)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

const leaf: fc.Arbitrary<object> = fc.oneof(
  bounds(40).map(([minLength, maxLength]) => ({ type: 'string', minLength, maxLength })),
  bounds(500).map(([minimum, maximum]) => ({ type: 'integer', minimum, maximum })),
  bounds(9).map(([minimum, maximum]) => ({ type: 'number', minimum, maximum })),
  fc
    .constantFrom('date', 'date-time', 'email', 'uri', 'uuid', 'ipv4')
    .map((format) => ({ type: 'string', format })),
  fc.uniqueArray(fc.oneof(fc.string(), fc.integer()), { minLength: 1 }).map((values) => ({ enum: values })),
  fc.constantFrom(
    { type: 'boolean' },
    { type: 'null' },
    { const: 'fixed' },
    { type: 'string', pattern: '^[A-Z]{2}-\\d+$' },
  ),
);

const { schema: schemas } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc
      .tuple(tie('schema'), bounds(6))
      .map(([items, [minItems, maxItems]]) => ({ type: 'array', items, minItems, maxItems })),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('schema'), { maxKeys: 4 }).map((properties) => ({
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
  ),
}));

describe('a sample of a JSON Schema', () => {
  it('satisfies it', () => {
    fc.assert(
      fc.property(schemas, fc.stringMatching(/^[0-9a-f]{64}$/), (schema, seed) => {
        const value = sample(schema, seed);
        if (!satisfies(schema, value))
          throw new Error(`${JSON.stringify(value)} does not satisfy ${JSON.stringify(schema)}`);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        expect(sample(schema, 'ab')).toEqual(sample(schema, 'ab'));
      }),
    );
  });

  it('ends in a recursive schema', () => {
    const schema = {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: {
            label: { type: 'string' },
            next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
          },
          required: ['label', 'next', 'children'],
          additionalProperties: false,
        },
      },
    };
    for (const seed of ['1', '2', '3', 'abc']) expect(satisfies(schema, sample(schema, seed))).toBe(true);
  });

  it('merges allOf and takes one of several types', () => {
    const schema = {
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { type: 'object', properties: { b: { type: ['integer', 'null'] } }, required: ['b'] },
      ],
    };
    const value = sample(schema);
    expect(value).toHaveProperty('a', expect.any(String));
    expect(value).toHaveProperty('b', expect.any(Number));
  });

  it('reads OpenAPI types as Gemini takes them', () => {
    const schema = {
      type: 'OBJECT',
      properties: {
        tags: { type: 'ARRAY', items: { type: 'STRING' }, minItems: '2', maxItems: '2' },
        size: { type: 'INTEGER' },
      },
      required: ['tags', 'size'],
    };
    expect(sample(schema)).toEqual({
      tags: [expect.any(String), expect.any(String)],
      size: expect.any(Number),
    });
  });

  it('keeps exclusive bounds, steps and unique items', () => {
    const schema = {
      type: 'array',
      items: { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 40, multipleOf: 5 },
      minItems: 4,
      maxItems: 4,
      uniqueItems: true,
    };
    const value = sample(schema);
    expect(satisfies(schema, value)).toBe(true);
    expect(new Set(value as number[]).size).toBe(4);
  });

  it.each([
    { allOf: [{ $ref: '#' }, { $ref: '#' }] },
    { anyOf: [{ $ref: '#' }] },
    { $ref: '#' },
    { $ref: '#/nowhere' },
    {
      type: 'array',
      minItems: 1_000_000,
      items: { type: 'array', minItems: 1_000_000, items: { $ref: '#' } },
    },
    { type: 'string', minLength: 1_000_000_000 },
    { type: 'string', pattern: '^(a{1000000000}){1000000000}$' },
    { type: 'string', pattern: '^(a+)+(?!a|$)' },
    {
      type: 'object',
      properties: { a: { $ref: '#' }, b: { $ref: '#' }, c: { $ref: '#' } },
      required: ['a', 'b', 'c'],
    },
  ])('ends, and stays small, for %j', (schema) => {
    expect((JSON.stringify(sample(schema)) ?? '').length).toBeLessThan(10_000_000);
  });

  it('does not touch prototypes', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"}},"required":["__proto__"]}',
    ) as object;
    const value = sample(schema);
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe('a sample of a pattern', () => {
  it.each([
    '^[A-Z]{2}\\d{4}$',
    '^(red|green)-\\w+$',
    '^\\+?[1-9]\\d{1,14}$',
    '^#[0-9a-f]{6}$',
    '^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$',
    '^(?:https?:\\/\\/)?example\\.com(\\/.*)?$',
    '^\\p{Lu}\\p{Ll}*$',
    '^[\\u4e00-\\u4e05]+$',
  ])('matches %s', (pattern) => {
    const text = sampleOfPattern(pattern, 0);
    expect(text).toMatch(new RegExp(pattern, 'u'));
  });

  it('reaches a length, and gives up on what it cannot read', () => {
    expect(sampleOfPattern('^a+$', 20)?.length).toBeGreaterThanOrEqual(20);
    expect(sampleOfPattern('^a{3}$', 20)).toBeUndefined();
    expect(sampleOfPattern('(', 0)).toBeUndefined();
  });
});
