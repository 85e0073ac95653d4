import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject, ResponseApi } from '../../src-shared/domain';
import { canonicalToolOutput } from '../../src-shared/domain/canonical';
import { chat, derive, events } from '../../test/support/derived-answer';

const SCHEMA: JsonObject = { type: 'object', properties: { tags: { type: 'array' } }, required: ['tags'] };

const CHAT = 'openai.chat_completions';
const RESPONSES = 'openai.responses';
const MESSAGES = 'anthropic.messages';
const GEMINI = 'gemini.generate_content';

/** What two calls and a thought look like in each protocol: whole, and as a stream brings it. */
const TWO_CALLS: readonly [ResponseApi, object, string][] = [
  [
    CHAT,
    chat(
      {
        content: null,
        reasoning_content: 'Both, then.',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"q": "a"}' } },
          { id: 'c2', type: 'function', function: { name: 'find', arguments: '{}' } },
        ],
      },
      'tool_calls',
    ),
    events(
      { choices: [{ index: 0, delta: { role: 'assistant', reasoning_content: 'Both, ' } }] },
      { choices: [{ index: 0, delta: { reasoning_content: 'then.' } }] },
      ...[
        { index: 3, id: 'c2', function: { name: 'find', arguments: '' } },
        { index: 1, id: 'c1', function: { name: 'look', arguments: '{"q":' } },
        { index: 3, function: { arguments: '{}' } },
        { index: 1, function: { arguments: ' "a"}' } },
      ].map((call) => ({ choices: [{ index: 0, delta: { tool_calls: [call] } }] })),
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
      '[DONE]',
    ),
  ],
  [
    RESPONSES,
    {
      status: 'completed',
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Both, then.' }] },
        { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'look', arguments: '{"q": "a"}' },
        { type: 'function_call', id: 'fc_2', call_id: 'c2', name: 'find', arguments: '{}' },
      ],
    },
    events(
      { type: 'response.created', response: { status: 'in_progress', output: [] } },
      { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', summary: [] } },
      { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'Both, ' },
      { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'then.' },
      ...[
        { output_index: 1, item: { type: 'function_call', call_id: 'c1', name: 'look', arguments: '' } },
        { output_index: 2, item: { type: 'function_call', call_id: 'c2', name: 'find', arguments: '' } },
      ].map((added) => ({ type: 'response.output_item.added', ...added })),
      ...[
        { output_index: 2, delta: '{}' },
        { output_index: 1, delta: '{"q": ' },
        { output_index: 1, delta: '"a"}' },
      ].map((piece) => ({ type: 'response.function_call_arguments.delta', ...piece })),
      { type: 'response.completed', response: { status: 'completed', output: [] } },
    ),
  ],
  [
    MESSAGES,
    {
      content: [
        { type: 'thinking', thinking: 'Both, then.', signature: 's' },
        { type: 'tool_use', id: 'c1', name: 'look', input: { q: 'a' } },
        { type: 'tool_use', id: 'c2', name: 'find', input: {} },
      ],
      stop_reason: 'tool_use',
    },
    events(
      { type: 'message_start', message: { content: [], stop_reason: null } },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Both, then.' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 's' } },
      {
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'tool_use', id: 'c2', name: 'find', input: {} },
      },
      {
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 'c1', name: 'look', input: {} },
      },
      ...['{"q"', ': "a"}'].map((partial_json) => ({
        type: 'content_block_delta',
        index: 1,
        delta: { type: 'input_json_delta', partial_json },
      })),
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ),
  ],
  [
    GEMINI,
    {
      candidates: [
        {
          content: {
            parts: [
              { text: 'Both, then.', thought: true },
              { functionCall: { id: 'c1', name: 'look', args: { q: 'a' } }, thoughtSignature: 's' },
              { functionCall: { id: 'c2', name: 'find' } },
            ],
          },
          finishReason: 'STOP',
        },
      ],
    },
    events(
      { candidates: [{ content: { parts: [{ text: 'Both, ', thought: true }] } }] },
      { candidates: [{ content: { parts: [{ text: 'then.', thought: true }] } }] },
      {
        candidates: [
          {
            content: {
              parts: [
                { functionCall: { id: 'c1', name: 'look', args: { q: 'a' } }, thoughtSignature: 's' },
                { functionCall: { id: 'c2', name: 'find', args: {} } },
              ],
            },
            finishReason: 'STOP',
          },
        ],
      },
    ),
  ],
];

describe.each(TWO_CALLS)('an answer of tool calls alone (%s)', (api, whole, stream) => {
  it('gives its calls and what the model thought, apart from its output, streamed or not', () => {
    const { derived, answer } = derive(api, whole, { tools: ['look', 'find'] });
    const isText = api === CHAT || api === RESPONSES;
    expect(derived).toMatchObject({
      status: 'succeeded',
      finish_reason: 'tool',
      thinking_text: 'Both, then.',
      tool_calls: [
        { id: 'c1', name: 'look', arguments: isText ? '{"q": "a"}' : '{"q":"a"}' },
        { id: 'c2', name: 'find', arguments: '{}' },
      ],
    });
    expect(answer?.outputText).toBeNull();
    expect(derive(api, stream, { tools: ['look', 'find'] }).derived).toEqual(derived);
  });

  it('has one hash, whatever the protocol, the ids and the white space in the arguments', () => {
    expect(derive(api, whole, { tools: ['look', 'find'] }).derived.response_output_sha256).toBe(
      hash(
        'sha256',
        canonicalToolOutput(null, [
          { name: 'look', arguments: '{"q":"a"}' },
          { name: 'find', arguments: '{}' },
        ]),
      ),
    );
  });

  it('stands only where these tools were offered and no schema asks for a text', () => {
    expect(derive(api, whole).derived.failure_message).toMatch(
      /only a call to a tool that was not offered and reasoning/,
    );
    const some = derive(api, whole, { tools: ['look'] }).derived;
    expect(some).toMatchObject({ status: 'failed', failure_code: 'output_invalid' });
    expect(some.failure_message).toContain('not offered ("find")');
    expect(derive(api, whole, { tools: ['look', 'find'], schema: SCHEMA }).derived).toMatchObject({
      failure_code: 'output_invalid',
      requires_manual_review: true,
      failure_message: expect.stringContaining('only tool calls and reasoning'),
    });
  });
});
