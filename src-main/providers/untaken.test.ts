import { describe, expect, it, test } from 'vitest';
import { PROTOCOLS, type JsonObject, type Protocol } from '../../src-shared/domain';
import type { CallMessage, CallPart, ProviderCall } from '../ports';
import { createProviderClients } from './clients';
import { PROTOCOL_CASES } from '../../test/support/protocol-cases';
import { callOf, endpointOf, recorder } from '../../test/support/provider-calls';

const user = (content: CallMessage['content']): CallMessage => ({ role: 'user', content });
const part = (type: 'image' | 'file', mediaType: string): CallPart => ({
  type,
  mediaType,
  name: null,
  base64: '',
});
const bodyOf = (protocol: Protocol, fields: Partial<ProviderCall>) => {
  const built = PROTOCOL_CASES[protocol].build(callOf(endpointOf(protocol, 'http://x'), fields));
  if (!built.ok) throw new Error(built.message);
  return built.body;
};
const why = (protocol: Protocol, fields: Partial<ProviderCall>) =>
  createProviderClients()
    .clientFor(protocol)
    .whyNotTaken(callOf(endpointOf(protocol, 'http://x'), fields));

describe('what a protocol has no place for', () => {
  test.each<[string, readonly Protocol[], CallMessage[], string, RegExp]>([
    [
      'a TIFF',
      PROTOCOLS,
      [user([part('image', 'image/tiff')])],
      'messages.0.content.0',
      /takes no image\/tiff/,
    ],
    [
      'a PDF as an image',
      PROTOCOLS,
      [user([part('image', 'application/pdf')])],
      'messages.0.content.0',
      /as an image/,
    ],
    [
      'a GIF',
      ['gemini'],
      [user([part('image', 'image/gif')])],
      'messages.0.content.0',
      /Gemini takes no image\/gif/,
    ],
    [
      'a text file',
      ['openai_chat'],
      [user([part('file', 'text/plain')])],
      'messages.0.content.0',
      /text\/plain as a file/,
    ],
    [
      'an image in what a model said',
      PROTOCOLS,
      [user('x'), { role: 'assistant', content: [part('image', 'image/png')], toolCalls: [] }],
      'messages.1.content.0',
      /takes text alone/,
    ],
    [
      'an image in a result',
      ['openai_chat', 'gemini'],
      [{ role: 'tool', toolCallId: '1', toolName: 'f', content: [part('image', 'image/png')] }],
      'messages.0.content.0',
      /takes text alone/,
    ],
    [
      'a system message after a turn',
      ['gemini'],
      [user('x'), { role: 'system', content: 'S' }],
      'messages.1.role',
      /Gemini/,
    ],
  ])('%s is named by its field, and nothing is sent', async (_, protocols, messages, path, message) => {
    for (const protocol of protocols) {
      const problem = { path, message: expect.stringMatching(message) as string };
      expect(why(protocol, { messages })).toEqual(problem);
      const seen = recorder();
      const outcome = await createProviderClients()
        .clientFor(protocol)
        .call(callOf(endpointOf(protocol, 'http://127.0.0.1:9'), { messages }), seen);
      expect(outcome).toMatchObject({ kind: 'not_sent', failure: { code: 'invalid_request' } });
      expect(seen.exchanges).toEqual([]);
    }
  });

  it('a strict tool is none that Gemini has', () => {
    const tool = { name: 'f', description: '', parameters: null, strict: true };
    const fields: Partial<ProviderCall> = { tools: [tool], toolChoice: 'auto' };
    expect(why('gemini', fields)).toMatchObject({ path: 'tools.0.strict' });
    for (const protocol of PROTOCOLS.filter((name) => name !== 'gemini'))
      expect(why(protocol, fields)).toBeNull();
  });
});

describe('system messages', () => {
  const S = (content: string): CallMessage => ({ role: 'system', content });

  it('before the first turn all have a place', () => {
    const messages = [S('A'), S('B'), user('U')];
    expect(bodyOf('openai_responses', { messages })).toMatchObject({
      instructions: 'A',
      input: [
        { role: 'developer', content: 'B' },
        { role: 'user', content: 'U' },
      ],
    });
    expect(bodyOf('anthropic', { messages })).toMatchObject({
      system: [
        { type: 'text', text: 'A' },
        { type: 'text', text: 'B' },
      ],
    });
    expect(bodyOf('gemini', { messages })).toMatchObject({
      systemInstruction: { parts: [{ text: 'A' }, { text: 'B' }] },
    });
  });

  it('after a turn Claude takes from 4.8 on, and the refusal names an earlier model', () => {
    const messages = [user('U'), S('B'), user('V')];
    expect(bodyOf('anthropic', { messages, modelId: 'claude-opus-4-8' })).toMatchObject({
      messages: [{ role: 'user' }, { role: 'system', content: 'B' }, { role: 'user' }],
    });
    expect(why('anthropic', { messages, modelId: 'claude-opus-4-6' })).toEqual({
      path: 'messages.1.role',
      message: expect.stringContaining('claude-opus-4-6') as string,
    });
  });
});

describe('tool_choice', () => {
  const tool = { name: 'f', description: 'd', parameters: { type: 'object' }, strict: null };
  const tools = [tool];
  const choices = (protocol: Protocol, key: string) =>
    (['auto', 'none', 'required', { name: 'f' }] as const).map(
      (toolChoice) => bodyOf(protocol, { tools, toolChoice })[key],
    );

  it('has each form in each protocol', () => {
    expect(choices('openai_responses', 'tool_choice')).toEqual([
      'auto',
      'none',
      'required',
      { type: 'function', name: 'f' },
    ]);
    expect(choices('openai_chat', 'tool_choice')).toEqual([
      'auto',
      'none',
      'required',
      { type: 'function', function: { name: 'f' } },
    ]);
    expect(choices('anthropic', 'tool_choice')).toEqual([
      { type: 'auto' },
      { type: 'none' },
      { type: 'any' },
      { type: 'tool', name: 'f' },
    ]);
    const config = choices('gemini', 'toolConfig');
    expect(config.map((each) => JSON.stringify(each))).toEqual(
      [{ mode: 'AUTO' }, { mode: 'NONE' }, { mode: 'ANY' }, { mode: 'ANY', allowedFunctionNames: ['f'] }].map(
        (functionCallingConfig) => JSON.stringify({ functionCallingConfig }),
      ),
    );
  });

  it.each(PROTOCOLS)('of %s is not decided a second time by a parameter', (protocol) => {
    const inferenceParams: JsonObject =
      protocol === 'gemini'
        ? { toolConfig: { functionCallingConfig: { mode: 'ANY' } } }
        : { tool_choice: 'none' };
    const fields: Partial<ProviderCall> = {
      tools,
      toolChoice: 'auto',
      inferenceParams,
    };
    expect(PROTOCOL_CASES[protocol].build(callOf(endpointOf(protocol, 'http://x'), fields))).toMatchObject({
      ok: false,
      message: expect.stringContaining('set by the template') as string,
    });
  });
});

describe('Gemini', () => {
  const messages: CallMessage[] = [
    user('x'),
    {
      role: 'assistant',
      content: 'Two calls.',
      toolCalls: [
        { id: '1', name: 'f', arguments: {} },
        { id: '2', name: 'g', arguments: {} },
      ],
    },
  ];
  const signatures = (modelId: string) =>
    JSON.stringify(bodyOf('gemini', { messages, modelId })).match(/skip_thought_signature_validator/g)
      ?.length ?? 0;

  it('wants a signature with the first call of a turn from version 3 on', () => {
    expect(['gemini-2.5-pro', 'models/gemini-1.5-flash'].map(signatures)).toEqual([0, 0]);
    expect(['gemini-3-pro', 'gemini-4-argon', 'gemini-flash-latest'].map(signatures)).toEqual([1, 1, 1]);
  });
});
