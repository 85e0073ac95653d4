import { expect, test } from 'vitest';
import { readParams, readValue, splitValues } from './params';

test.each([
  ['low,high', ['low', 'high']],
  ['0, 0.5 ,1', ['0', '0.5', '1']],
  ['["a","b"],{"x":[1,2]}', ['["a","b"]', '{"x":[1,2]}']],
  ['"a,b",c', ['"a,b"', 'c']],
  [String.raw`"a\",b",c`, [String.raw`"a\",b"`, 'c']],
  ['a,,b', ['a', '', 'b']],
])('%s is split into its values', (text, values) => expect(splitValues(text)).toEqual(values));

test.each([
  ['low', 'low'],
  ['0.5', 0.5],
  ['true', true],
  ['null', null],
  ['"0.5"', '0.5'],
  ['2024-08-06', '2024-08-06'],
  [' ["a", 1] ', ['a', 1]],
])('%s is a value', (text, value) => expect(readValue(text)).toEqual({ ok: true, value }));

test.each([
  ['', 'a value is missing'],
  ['{"a":', 'is not valid JSON'],
  ['12345678901234567890', 'cannot be kept exactly'],
  ['{"a":1,"a":2}', 'The key "a" is repeated'],
])('%s is refused', (text, message) =>
  expect(readValue(text)).toMatchObject({
    ok: false,
    problem: { message: expect.stringContaining(message) },
  }),
);

test.each([
  ['effort=low, temperature=0.2', { reasoning_effort: 'low', temperature: 0.2 }],
  ['stop=["a","b"]', { stop: ['a', 'b'] }],
  ['', {}],
])('%s are parameters', (text, value) => expect(readParams(text)).toEqual({ ok: true, value }));

test.each([
  ['effort', '"effort" is not of the form name=value'],
  ['effort=low,', '"" is not of the form name=value'],
  ['effort=low,effort=high', 'effort is set twice'],
  ['reasoning_effort=low,effort=high', 'effort is set twice'],
  ['effort=', 'effort: a value is missing'],
])('%s are none', (text, message) =>
  expect(readParams(text)).toEqual({ ok: false, problem: { line: null, message } }),
);
