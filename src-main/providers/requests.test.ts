import { describe, expect, it } from 'vitest';
import { PROTOCOLS, type JsonObject, type Protocol } from '../../src-shared/domain';
import { buildMessagesRequest } from './anthropic/request';
import { geminiApiVersion } from './google/request';
import { buildChatRequest } from './openai/chat-request';
import { openAiProbeParams } from './openai/responses-request';
import { PROTOCOL_CASES } from '../../test/support/protocol-cases';
import { callOf, endpointOf, type CallFields } from '../../test/support/provider-calls';

const SCHEMA: JsonObject = { type: 'object', properties: {}, additionalProperties: false };

function bodyOf(protocol: Protocol, fields: CallFields): JsonObject {
  const built = PROTOCOL_CASES[protocol].build(callOf(endpointOf(protocol, 'http://x'), fields));
  if (!built.ok) throw new Error(built.message);
  return built.body;
}

const plain = { modelId: 'm', system: 'S', user: 'U' };

describe('a plain request', () => {
  it('has the system text where each provider wants it, and asks that nothing be kept', () => {
    expect(bodyOf('openai_responses', plain)).toEqual({
      model: 'm',
      instructions: 'S',
      input: 'U',
      store: false,
    });
    expect(bodyOf('openai_chat', plain)).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'U' },
      ],
    });
    expect(bodyOf('openai_chat', { ...plain, modelId: 'o3' })['messages']).toMatchObject([
      { role: 'developer' },
      {},
    ]);
    expect(bodyOf('anthropic', plain)).toEqual({
      model: 'm',
      max_tokens: 4096,
      system: 'S',
      messages: [{ role: 'user', content: 'U' }],
    });
    expect(bodyOf('gemini', plain)).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'U' }] }],
      systemInstruction: { role: 'user', parts: [{ text: 'S' }] },
    });
  });

  it.each(PROTOCOLS)('of %s leaves an empty system text out', (protocol) => {
    expect(JSON.stringify(bodyOf(protocol, { ...plain, system: '' }))).not.toMatch(
      /system|developer|instructions/i,
    );
  });
});

describe('inference parameters', () => {
  const neutral = {
    max_tokens: 9,
    temperature: 0.5,
    top_p: 0.9,
    stop: ['x'],
    seed: 1,
    reasoning_effort: 'low',
  };

  it('get the name that the provider has for them', () => {
    expect(bodyOf('openai_responses', { inferenceParams: neutral })).toMatchObject({
      max_output_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      stop: ['x'],
      seed: 1,
      reasoning: { effort: 'low' },
    });
    expect(bodyOf('openai_chat', { inferenceParams: neutral, modelId: 'gpt-4o' })).toMatchObject({
      max_tokens: 9,
      reasoning_effort: 'low',
    });
    expect(bodyOf('openai_chat', { inferenceParams: neutral, modelId: 'gpt-5.1' })).toMatchObject({
      max_completion_tokens: 9,
    });
    expect(bodyOf('anthropic', { inferenceParams: neutral })).toMatchObject({
      max_tokens: 9,
      stop_sequences: ['x'],
      output_config: { effort: 'low' },
      seed: 1,
    });
    expect(bodyOf('gemini', { inferenceParams: neutral })['generationConfig']).toEqual({
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      stopSequences: ['x'],
      seed: 1,
      thinkingConfig: { thinkingLevel: 'LOW' },
    });
  });

  it('never infers a model from an Azure deployment name', () => {
    const endpoint = { ...endpointOf('openai_chat', 'http://x'), providerId: 'azure-openai' };
    const built = buildChatRequest(
      callOf(endpoint, { modelId: 'gpt-5', inferenceParams: { max_tokens: 9 } }),
    );
    expect(built).toMatchObject({ ok: true, body: { max_tokens: 9 } });
  });

  it.each(PROTOCOLS)('of %s that nobody knows go out as they are; null is not given', (protocol) => {
    const body = bodyOf(protocol, { inferenceParams: { wondrous: { deep: [1] }, temperature: null } });
    const place = protocol === 'gemini' ? body['generationConfig'] : body;
    expect(place).toMatchObject({ wondrous: { deep: [1] } });
    expect(JSON.stringify(body)).not.toContain('temperature');
  });

  it('keep an alias beside its own target, so that the provider can complain', () => {
    expect(
      bodyOf('openai_responses', { inferenceParams: { max_tokens: 1, max_output_tokens: 2 } }),
    ).toMatchObject({
      max_tokens: 1,
      max_output_tokens: 2,
    });
  });

  it.each(PROTOCOLS)('of %s cannot replace what the run decides', (protocol) => {
    const built = PROTOCOL_CASES[protocol].build(
      callOf(endpointOf(protocol, 'http://x'), { inferenceParams: { model: 'other' } }),
    );
    expect(built).toMatchObject({ ok: false, message: expect.stringContaining('inference_params.model') });
  });

  it('choose the API version that takes temperature for Claude up to 4.6, and record it', () => {
    const built = (modelId: string, inferenceParams: JsonObject) =>
      buildMessagesRequest(callOf(endpointOf('anthropic', 'http://x'), { modelId, inferenceParams }));
    const old = {
      headers: { 'anthropic-version': '2023-06-01' },
      notes: [['x-prompter-anthropic-version', '2023-06-01']],
    };
    expect(built('claude-opus-4-6', { temperature: 0 })).toMatchObject(old);
    expect(built('claude-3-opus-20240229', { top_p: 0.5 })).toMatchObject(old);
    expect(built('claude-3-opus-20240229', {})).not.toHaveProperty('headers');
    expect(built('claude-opus-5-5', { temperature: 0 })).not.toHaveProperty('headers');
  });
});

describe('a schema and a search', () => {
  it('are asked for in each provider’s way, beside what was given', () => {
    const fields = { responseSchema: SCHEMA, search: true };
    expect(
      bodyOf('openai_responses', {
        ...fields,
        inferenceParams: { text: { verbosity: 'low' }, tools: [{ type: 'x' }] },
      }),
    ).toMatchObject({
      text: {
        verbosity: 'low',
        format: { type: 'json_schema', name: 'answer', strict: true, schema: SCHEMA },
      },
      tools: [{ type: 'x' }, { type: 'web_search' }],
      include: ['web_search_call.action.sources', 'web_search_call.results'],
    });
    expect(bodyOf('openai_chat', fields)).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: SCHEMA } },
      web_search_options: {},
    });
    expect(bodyOf('anthropic', { ...fields, inferenceParams: { reasoning_effort: 'high' } })).toMatchObject({
      output_config: { effort: 'high', format: { type: 'json_schema', schema: SCHEMA } },
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    });
    expect(bodyOf('gemini', fields)).toMatchObject({
      generationConfig: { responseMimeType: 'application/json', responseJsonSchema: SCHEMA },
      tools: [{ googleSearch: {} }],
    });
  });

  it('streams say how many tokens they took', () => {
    expect(bodyOf('openai_chat', { stream: true })).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
  });
});

it('Gemini’s moving aliases exist in the beta API only', () => {
  expect(geminiApiVersion('gemini-flash-latest')).toBe('v1beta');
  expect(geminiApiVersion('gemini-flash-latest@latency=1')).toBe('v1beta');
  expect(geminiApiVersion('gemini-2.0-flash')).toBe('v1');
});

it('probes ask for the least that a model accepts', () => {
  const effort = (id: string) => openAiProbeParams(id)['reasoning_effort'];
  expect(
    ['gpt-4o', 'o3', 'gpt-5', 'gpt-5.4-mini', 'gpt-6-luna', 'gpt-6-astra', 'gpt-5-pro'].map(effort),
  ).toEqual([undefined, 'low', 'minimal', 'none', 'none', 'low', undefined]);
  expect(openAiProbeParams('o3')).not.toHaveProperty('temperature');
});
