import { describe, expect, it } from 'vitest';
import { PROTOCOLS, type JsonObject, type Protocol } from '../../src-shared/domain';
import { PROTOCOL_CASES } from '../../test/support/protocol-cases';
import { callOf, endpointOf } from '../../test/support/provider-calls';
import { createProviderClients } from './clients';

const clients = createProviderClients();

function built(protocol: Protocol, responseSchema: JsonObject, inferenceParams: JsonObject = {}) {
  return PROTOCOL_CASES[protocol].build(
    callOf(endpointOf(protocol, 'http://x'), { responseSchema, inferenceParams }),
  );
}
const limits = (protocol: Protocol, schema: JsonObject) =>
  clients
    .clientFor(protocol)
    .schemaLimits(schema)
    .map(({ pointer, message }) => `${pointer}: ${message}`);

const CLOSED: JsonObject = {
  type: 'object',
  properties: {
    a: { type: 'string', enum: ['x', 'y'] },
    list: { type: 'array', items: { $ref: '#/$defs/item' } },
  },
  required: ['a', 'list'],
  additionalProperties: false,
  $defs: { item: { type: ['object', 'null'], properties: {}, required: [], additionalProperties: false } },
};
const OPEN: JsonObject = {
  type: 'object',
  description: 'A verdict.',
  properties: {
    a: { type: 'string', minLength: 2 },
    'b/c': { type: 'object', properties: { d: { not: {} } } },
  },
  required: ['a'],
  minProperties: 1,
};

describe('a schema that a provider enforces as it is', () => {
  it.each(PROTOCOLS)('is sent to %s unchanged', (protocol) => {
    expect(limits(protocol, CLOSED)).toEqual([]);
    expect(JSON.stringify(built(protocol, CLOSED))).toContain(JSON.stringify(CLOSED));
  });
});

describe('a schema that a provider does not enforce', () => {
  it('goes to OpenAI without strict mode, and what kept it out is said', () => {
    const schema = { strict: false, schema: OPEN };
    expect(built('openai_responses', OPEN)).toMatchObject({ body: { text: { format: schema } } });
    expect(built('openai_chat', OPEN)).toMatchObject({ body: { response_format: { json_schema: schema } } });
    expect(limits('openai_responses', OPEN)).toEqual([
      ': strict mode does not know minProperties',
      ': strict mode needs "additionalProperties": false',
      ': strict mode needs every property in "required": b/c',
      '/properties/b~1c: strict mode needs "additionalProperties": false',
      '/properties/b~1c: strict mode needs every property in "required": d',
      '/properties/b~1c/properties/d: strict mode does not know not',
    ]);
    expect(limits('openai_chat', { type: 'array', items: {} })).toEqual([
      ': strict mode needs an object at the top',
    ]);
  });

  it('goes to Anthropic closed, with the rest in words as its SDK does, and that is said', () => {
    expect(built('anthropic', OPEN)).toMatchObject({
      body: {
        output_config: {
          format: {
            type: 'json_schema',
            schema: {
              type: 'object',
              description: 'A verdict.\n\n{minProperties: 1}',
              properties: {
                a: { type: 'string', description: '{minLength: 2}' },
                'b/c': {
                  type: 'object',
                  properties: { d: { description: '{not: {}}' } },
                  additionalProperties: false,
                },
              },
              required: ['a'],
              additionalProperties: false,
            },
          },
        },
      },
    });
    expect(limits('anthropic', OPEN)).toEqual([
      ': the API does not enforce minProperties: 1',
      '/properties/a: the API does not enforce minLength: 2',
      '/properties/b~1c/properties/d: the API does not enforce not: {}',
    ]);
    expect(limits('anthropic', { type: 'object', additionalProperties: { type: 'string' } })).toEqual([
      ': the API closes objects: no additional properties will come',
    ]);
  });

  it('goes to Gemini whole, and what it passes over is said', () => {
    expect(built('gemini', OPEN)).toMatchObject({ body: { generationConfig: { responseJsonSchema: OPEN } } });
    expect(limits('gemini', OPEN)).toEqual([
      ': the API does not enforce minProperties',
      '/properties/a: the API does not enforce minLength',
      '/properties/b~1c/properties/d: the API does not enforce not',
    ]);
  });
});

describe('a parameter that would replace the schema', () => {
  it.each<[Protocol, JsonObject]>([
    ['openai_responses', { text: { format: { type: 'text' } } }],
    ['openai_chat', { response_format: { type: 'json_object' } }],
    ['anthropic', { output_config: { format: { type: 'json_schema', schema: {} } } }],
    ['gemini', { responseJsonSchema: {} }],
    ['gemini', { responseMimeType: 'text/plain' }],
    ['gemini', { generationConfig: { responseSchema: {} } }],
  ])('of %s is refused: %j', (protocol, params) => {
    expect(built(protocol, CLOSED, params)).toMatchObject({
      ok: false,
      message: expect.stringContaining("set by the template's response schema") as string,
    });
  });
});
