import { describe, expect, it } from 'vitest';
import { protocolOfApi, type ResponseApi } from '../../src-shared/domain';
import type { ParsedAnswer } from '../ports';
import { answerBytes } from '../../test/support/provider-calls';
import { chat, events } from '../../test/support/derived-answer';
import { createProviderClients } from './clients';

const clients = createProviderClients();
const CHAT = 'openai.chat_completions';
const RESPONSES = 'openai.responses';
const MESSAGES = 'anthropic.messages';
const GEMINI = 'gemini.generate_content';

function parse(api: ResponseApi, body: string | object, complete = true): ParsedAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const parsed = clients.clientFor(protocolOfApi(api)).parse(answerBytes(api, text, { complete }));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.answer;
}

const pieces = (...calls: object[]): string =>
  events(
    ...calls.map((call) => ({ choices: [{ index: 0, delta: { tool_calls: [call] } }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    '[DONE]',
  );

describe('the calls of a chat stream', () => {
  const both = [
    { id: 'c1', name: 'look', arguments: '{"a":1}' },
    { id: 'c2', name: 'find', arguments: '{"b":2}' },
  ];
  it.each([
    [
      'with one index for all of them',
      [
        { index: 0, id: 'c1', function: { name: 'look', arguments: '{"a":1}' } },
        { index: 0, id: 'c2', function: { name: 'find', arguments: '{"b":2}' } },
      ],
    ],
    [
      'without indexes',
      [
        { id: 'c1', function: { name: 'look', arguments: '{"a"' } },
        { function: { arguments: ':1}' } },
        { id: 'c2', function: { name: 'find', arguments: '{"b":2}' } },
      ],
    ],
    [
      'that say id and name with every piece',
      [
        { index: 0, id: 'c1', function: { name: 'look', arguments: '{"a"' } },
        { index: 1, id: 'c2', function: { name: 'find', arguments: '{"b"' } },
        { index: 0, id: 'c1', function: { name: 'look', arguments: ':1}' } },
        { index: 1, id: 'c2', function: { name: 'find', arguments: ':2}' } },
      ],
    ],
    [
      'with objects for arguments',
      [
        { index: 0, id: 'c1', function: { name: 'look', arguments: { a: 1 } } },
        { index: 1, id: 'c2', function: { name: 'find', arguments: { b: 2 } } },
      ],
    ],
  ])('%s are told apart', (_, calls) => {
    expect(parse(CHAT, pieces(...calls)).toolCalls).toEqual(both);
  });

  it('that ends with the whole message are those of the message', () => {
    const call = { id: 'c1', function: { name: 'look', arguments: '{"a":1}' } };
    const whole = {
      choices: [{ index: 0, message: { content: null, tool_calls: [call] }, finish_reason: 'tool_calls' }],
    };
    const started = { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...call }] } }] };
    expect(parse(CHAT, events(started, whole, '[DONE]')).toolCalls).toEqual([both[0]]);
  });

  it('of an old server, one function, come in pieces too', () => {
    const stream = events(
      ...[{ name: 'look' }, { arguments: '{"a"' }, { arguments: ':1}' }].map((function_call) => ({
        choices: [{ index: 0, delta: { function_call } }],
      })),
      { choices: [{ index: 0, delta: {}, finish_reason: 'function_call' }] },
    );
    expect(parse(CHAT, stream).toolCalls).toEqual([{ id: null, name: 'look', arguments: '{"a":1}' }]);
  });

  it('of a custom tool have its text', () => {
    const calls = [
      { index: 0, id: 'c1', type: 'custom', custom: { name: 'shell', input: 'ls ' } },
      { index: 0, custom: { input: '-l' } },
    ];
    expect(parse(CHAT, pieces(...calls)).toolCalls).toEqual([
      { id: 'c1', name: 'shell', arguments: 'ls -l' },
    ]);
  });
});

describe('a call', () => {
  it('keeps arguments that are no JSON as they came', () => {
    const call = { id: 'c1', function: { name: 'look', arguments: "{'a': 1" } };
    expect(
      parse(CHAT, chat({ content: null, tool_calls: [call] }, 'tool_calls')).toolCalls[0]?.arguments,
    ).toBe("{'a': 1");
    const custom = { type: 'custom_tool_call', call_id: 'c1', name: 'shell', input: 'ls -l' };
    expect(parse(RESPONSES, { status: 'completed', output: [custom] }).toolCalls).toEqual([
      { id: 'c1', name: 'shell', arguments: 'ls -l' },
    ]);
  });

  it('given as an object has its keys in one order, and its numbers as they were', () => {
    const input = { b: 47.3768866, a: [1e21, null] };
    const block = { type: 'tool_use', id: 'c1', name: 'look', input };
    const text = parse(MESSAGES, { content: [block], stop_reason: 'tool_use' }).toolCalls[0]?.arguments;
    expect(text).toBe('{"a":[1e+21,null],"b":47.3768866}');
  });

  it('that the provider executes itself is none', () => {
    const content = [
      { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'q' } },
      { type: 'text', text: 'Found.' },
    ];
    expect(parse(MESSAGES, { content, stop_reason: 'end_turn' }).toolCalls).toEqual([]);
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    expect(parse(RESPONSES, { status: 'completed', output: [search] }).toolCalls).toEqual([]);
  });

  it.each<[ResponseApi, string]>([
    [
      CHAT,
      pieces({ index: 0, id: 'c1', function: { name: 'look', arguments: '{"a"' } }).split(
        'data: {"choices":[{"index":0,"delta":{},',
      )[0] ?? '',
    ],
    [
      RESPONSES,
      events(
        { type: 'response.created', response: { status: 'in_progress', output: [] } },
        {
          type: 'response.output_item.added',
          output_index: 0,
          item: { type: 'function_call', call_id: 'c1', name: 'look', arguments: '' },
        },
        { type: 'response.function_call_arguments.delta', output_index: 0, delta: '{"a"' },
      ),
    ],
    [
      MESSAGES,
      events(
        { type: 'message_start', message: { content: [], stop_reason: null } },
        {
          type: 'content_block_start',
          index: 0,
          content_block: { type: 'tool_use', id: 'c1', name: 'look', input: {} },
        },
        { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"a"' } },
      ),
    ],
  ])('that was cut off on the wire is kept as far as it came (%s)', (api, stream) => {
    const answer = parse(api, stream, false);
    expect(answer.toolCalls).toEqual([{ id: 'c1', name: 'look', arguments: '{"a"' }]);
    expect(answer.failure?.code).toBe('stream_cut');
  });
});

describe('what a model thought', () => {
  it.each<[string, ResponseApi, object, string | null]>([
    ['a field', CHAT, chat({ content: 'Yes.', reasoning: 'Hm.' }), 'Hm.'],
    [
      'two fields with the same',
      CHAT,
      chat({ content: 'Yes.', reasoning: 'Hm.', reasoning_content: 'Hm.' }),
      'Hm.',
    ],
    [
      'parts of the content',
      CHAT,
      chat({
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
          { type: 'text', text: 'Yes.' },
          { type: 'thinking', thinking: 'Really?' },
        ],
      }),
      'Hm.\n\nReally?',
    ],
    [
      'the whole rather than its summary',
      RESPONSES,
      {
        status: 'completed',
        output: [
          {
            type: 'reasoning',
            summary: [{ type: 'summary_text', text: 'Short.' }],
            content: [{ type: 'reasoning_text', text: 'Hm.' }],
          },
          { type: 'message', content: [{ type: 'output_text', text: 'Yes.' }] },
        ],
      },
      'Hm.',
    ],
    [
      'a text that is withheld',
      MESSAGES,
      {
        content: [
          { type: 'thinking', thinking: '', signature: 's' },
          { type: 'redacted_thinking', data: 'x' },
          { type: 'text', text: 'Yes.' },
        ],
        stop_reason: 'end_turn',
      },
      null,
    ],
    [
      'thoughts apart from each other',
      GEMINI,
      {
        candidates: [
          {
            content: {
              parts: [{ text: 'Hm.', thought: true }, { text: 'Yes.' }, { text: 'Really?', thought: true }],
            },
            finishReason: 'STOP',
          },
        ],
      },
      'Hm.\n\nReally?',
    ],
  ])('is %s (%s), and no part of the output', (_, api, body, thought) => {
    const { thinkingText, outputText } = parse(api, body);
    expect([thinkingText, outputText]).toEqual([thought, 'Yes.']);
  });
});
