import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonObjectSchema, jsonValueSchema } from './json-value';

const keys = fc.oneof(fc.constantFrom('__proto__', 'constructor', ''), fc.string());
const { value: jsonValues } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.array(tie('value')),
    fc.array(fc.tuple(keys, tie('value'))).map((entries) => Object.fromEntries(entries) as unknown),
  ),
}));

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

describe('a JSON value', () => {
  it('passes as it is, whatever its keys are', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        expect(JSON.stringify(jsonValueSchema.parse(value))).toBe(JSON.stringify(value));
      }),
    );
    const text = '{"__proto__":{"x":1},"a":{"__proto__":2}}';
    expect(JSON.stringify(jsonObjectSchema.parse(JSON.parse(text)))).toBe(text);
  });

  it.each([
    ['a number that JSON cannot write', { a: [1, { b: Number.NaN }] }, ['a', 1, 'b']],
    ['undefined', { a: undefined }, ['a']],
    ['a function', [() => 1], [0]],
    ['a date', { a: new Date(0) }, ['a']],
    ['a big integer', 1n, []],
  ])('is not %s; the place is named', (_, value, path) => {
    const result = jsonValueSchema.safeParse(value);
    expect(result.error?.issues).toMatchObject([{ path, message: 'must be a JSON value' }]);
  });

  it('is not nested without end', () => {
    expect(jsonValueSchema.safeParse(nested(500)).success).toBe(true);
    expect(jsonValueSchema.safeParse(nested(501)).error?.issues[0]?.message).toContain('deeper than');
    expect(jsonValueSchema.safeParse(nested(100_000)).success).toBe(false);
    const circle: unknown[] = [];
    circle.push(circle);
    expect(jsonValueSchema.safeParse(circle).success).toBe(false);
  });
});

describe('a JSON object', () => {
  it.each([[null], [[]], ['text'], [1], [undefined], [new Map()]])('is not %j', (value) => {
    expect(jsonObjectSchema.safeParse(value).error?.issues).toMatchObject([
      { path: [], message: 'must be a JSON object' },
    ]);
  });
});
