import { expect, test } from 'vitest';
import type { JsonObject } from './json-value';
import { parametersFault, schemaFault } from './schema-problem';

const PERSON = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    tags: { type: 'array', items: { enum: ['a', 'b'] } },
  },
  required: ['name'],
  additionalProperties: false,
};

const SOUND: JsonObject[] = [
  PERSON,
  {},
  { $ref: '#/$defs/a', $defs: { a: { type: ['string', 'null'] } } },
  { anyOf: [true, { not: {} }], items: [{}, {}], 'x-own': { type: 'anything' } },
  { required: ['anything'], patternProperties: { '^a': {} }, properties: {} },
];
test.each(SOUND)('%j has no fault', (schema) => expect(schemaFault(schema)).toBeNull());

const FAULTY: [JsonObject, string, RegExp][] = [
  [{ type: 'text' }, '/type', /^must be one of object, /],
  [{ type: [] }, '/type', /^must be one of/],
  [{ properties: [] }, '/properties', /object of schemas/],
  [{ properties: { 'a/b~c': { type: 'strong' } } }, '/properties/a~1b~0c/type', /one of/],
  [{ properties: { a: 'string' } }, '/properties/a', /must be a schema/],
  [{ items: { anyOf: {} } }, '/items/anyOf', /list of schemas/],
  [{ enum: 'a' }, '/enum', /list of values/],
  [{ required: 'a' }, '/required', /list of names/],
  [{ ...PERSON, required: ['name', 'age'] }, '/required/1', /"age" is no property here/],
  [{ minimum: '1' }, '/minimum', /number/],
  [{ maxItems: -1 }, '/maxItems', /whole number/],
];
test.each(FAULTY)('%j is faulty at %s', (schema, pointer, message) => {
  expect(schemaFault(schema)).toEqual({ pointer, message: expect.stringMatching(message) });
});

test('parameters of a tool are an object', () => {
  expect(parametersFault(PERSON)).toBeNull();
  expect(parametersFault({ type: 'string' })).toMatchObject({ pointer: '/type' });
  expect(parametersFault({ properties: {} })).toMatchObject({ pointer: '/type' });
});
