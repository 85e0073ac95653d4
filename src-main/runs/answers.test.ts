import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isBlank,
  protocolOfApi,
  type JsonObject,
  type ResponseApi,
  type Tool,
} from '../../src-shared/domain';
import { canonicalToolOutput } from '../../src-shared/domain/canonical';
import { createProviderClients } from '../providers';
import {
  CALLED,
  generatedAnswers,
  GOOD_ENDS,
  HALF_ENDS,
  writeAnswer,
  type GeneratedAnswer,
} from '../../test/support/generated-answers';
import { answerBytes } from '../../test/support/provider-calls';
import { deriveRun, type Derivation } from './derive';

const clients = createProviderClients();
const SCHEMA: JsonObject = { type: 'object', properties: { tags: { type: 'array' } }, required: ['tags'] };

const CHAT = 'openai.chat_completions';
const RESPONSES = 'openai.responses';
const MESSAGES = 'anthropic.messages';
const GEMINI = 'gemini.generate_content';

function derive(
  api: ResponseApi,
  body: string | object,
  {
    schema = null,
    kind = 'run',
    tools = [],
  }: { schema?: JsonObject | null; kind?: 'run' | 'probe'; tools?: readonly string[] } = {},
): Derivation {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const template = {
    model_version_constraint: null,
    fingerprint_allowlist: [],
    response_schema: schema,
    tools: tools.map(toolOf),
    tool_choice: tools.length === 0 ? null : ('auto' as const),
  };
  return deriveRun(
    {
      client: clients.clientFor(protocolOfApi(api)),
      pricing: { priceOf: () => null },
      now: '2026-11-20T10:00:00.000Z',
    },
    answerBytes(api, text),
    {
      template,
      kind,
      groundingMode: 'none',
      providerId: 'p',
      modelId: 'm',
      executedAt: '2026-11-20T10:00:00.000Z',
      latencyMs: 1,
      firstByteMs: 1,
    },
  );
}

function toolOf(name: string): Tool {
  return { name, description: '', parameters: null, strict: null };
}

const events = (...data: (object | string)[]): string =>
  data.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');
const delta = (content: unknown, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: { content }, finish_reason }],
});
const chat = (message: object, finish_reason: string | null = 'stop') => ({
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
});

describe('an answer without output', () => {
  it.each<[string, ResponseApi, object]>([
    ['null', CHAT, chat({ content: null })],
    ['an empty text', CHAT, chat({ content: '' })],
    ['white space', CHAT, chat({ content: ' \n' })],
    ['nothing to be seen', CHAT, chat({ content: '\u200B\u0000\uFE0F\u00AD' })],
    ['no parts', CHAT, chat({ content: [] })],
    ['a tool call alone', CHAT, chat({ content: null, tool_calls: [{ id: 't' }] }, 'tool_calls')],
    ['reasoning alone', CHAT, chat({ content: null, reasoning_content: 'hm' })],
    ['no choices', CHAT, { choices: [] }],
    ['no items', RESPONSES, { status: 'completed', output: [] }],
    ['a tool call alone', RESPONSES, { status: 'completed', output: [{ type: 'function_call' }] }],
    ['reasoning alone', RESPONSES, { status: 'completed', output: [{ type: 'reasoning' }] }],
    ['no blocks', MESSAGES, { content: [], stop_reason: 'end_turn' }],
    ['a tool call alone', MESSAGES, { content: [{ type: 'tool_use' }], stop_reason: 'tool_use' }],
    [
      'thinking alone',
      MESSAGES,
      { content: [{ type: 'thinking', thinking: 'hm' }], stop_reason: 'end_turn' },
    ],
    ['no parts', GEMINI, { candidates: [{ finishReason: 'STOP' }] }],
    [
      'a thought alone',
      GEMINI,
      { candidates: [{ content: { parts: [{ text: 'hm', thought: true }] }, finishReason: 'STOP' }] },
    ],
  ])('never succeeds: %s (%s)', (_, api, body) => {
    expect(derive(api, body).derived.status).toBe('failed');
    const { derived } = derive(api, body, { schema: SCHEMA });
    expect(derived.status).toBe('failed');
    const isNamed = derived.finish_reason === null ? 'stream_cut' : 'output_invalid';
    expect(derived).toMatchObject({ failure_code: isNamed, output_json_valid: false });
  });

  it('says what came in place of it', () => {
    const message = (body: object): string | null => derive(CHAT, body).derived.failure_message;
    expect(message(chat({ content: null, tool_calls: [{}] }, 'tool_calls'))).toBe(
      'The answer has no text, only a call to a tool that was not offered. Its finish reason is "tool_calls".',
    );
    expect(message(chat({ content: '' }, 'length'))).toMatch(/token limit was reached .*length/);
  });
});

describe('an answer whose end', () => {
  it.each<[ResponseApi, object, string]>([
    [CHAT, chat({ content: 'Half' }, 'brand_new'), 'brand_new'],
    [RESPONSES, { status: 'queued', output: [] }, 'queued'],
    [RESPONSES, { status: 'cancelled', output: [] }, 'cancelled'],
    [GEMINI, { candidates: [{ finishReason: 'OTHER' }] }, 'OTHER'],
    [GEMINI, { candidates: [{ finishReason: 'NO_IMAGE' }] }, 'NO_IMAGE'],
    [MESSAGES, { content: [{ type: 'text', text: 'Half' }], stop_reason: 'sleepy' }, 'sleepy'],
  ])('is none that is known fails and is named (%s)', (api, body, reason) => {
    const { derived } = derive(api, body);
    expect(derived).toMatchObject({ status: 'failed', failure_code: 'provider_error' });
    expect(derived.failure_message).toContain(reason);
    expect(derived.finish_reason_raw).toBe(reason);
  });

  it('is not given may be cut off; its text is kept', () => {
    const { derived, answer } = derive(CHAT, chat({ content: 'Perhaps all' }, null));
    expect(derived).toMatchObject({ status: 'failed', failure_code: 'stream_cut' });
    expect(answer?.outputText).toBe('Perhaps all');
  });

  it('is a filter is refused with its text, and nothing is proposed for it', () => {
    const cut = chat({ content: '{"tags": ["a", "b"' }, 'content_filter');
    const { derived, answer } = derive(CHAT, cut, { schema: SCHEMA });
    expect(derived).toMatchObject({
      failure_code: 'refused',
      parse_method_used: 'direct',
      requires_manual_review: false,
    });
    expect(answer?.outputText).toBe('{"tags": ["a", "b"');
    expect(derive(CHAT, cut).derived.failure_code).toBe('refused');
  });
});

describe('an error decides, whatever is beside it', () => {
  const error = { code: 'server_error', message: 'm' };
  it.each<[string, ResponseApi, string | object]>([
    ['a choice', CHAT, { error, ...chat({ content: 'Half' }, 'error') }],
    ['its choice', CHAT, { choices: [{ message: { content: 'Half' }, finish_reason: 'stop', error }] }],
    ['a chunk with a choice', CHAT, events(delta('Half'), { error, ...delta('', 'error') })],
    ['a list of errors', CHAT, { errors: [error], ...chat({ content: 'Half' }) }],
    [
      'an output',
      RESPONSES,
      {
        status: 'completed',
        output: [{ type: 'message', content: [{ type: 'output_text', text: 'Half' }] }],
        error,
      },
    ],
    ['blocks', MESSAGES, { content: [{ type: 'text', text: 'Half' }], stop_reason: 'end_turn', error }],
    [
      'candidates',
      GEMINI,
      { candidates: [{ content: { parts: [{ text: 'Half' }] }, finishReason: 'STOP' }], error },
    ],
    [
      'a stream of candidates',
      GEMINI,
      events({ candidates: [{ content: { parts: [{ text: 'Half' }] } }] }, { error }),
    ],
  ])('%s (%s)', (_, api, body) => {
    const { derived, answer } = derive(api, body);
    expect(derived).toMatchObject({ failure_code: 'provider_error', failure_message: 'm' });
    expect(answer?.outputText).toBe('Half');
    expect(answer?.failure).toMatchObject({ retryable: false, notAccepted: false });
  });
});

describe('a stream', () => {
  it('brings texts and lists of parts, mixed', () => {
    const body = events(delta([{ type: 'text', text: 'The answer' }]), delta(' is 42.', 'stop'), '[DONE]');
    expect(derive(CHAT, body).answer?.outputText).toBe('The answer is 42.');
  });

  it('is read past what only keeps it open, and no further than an event that is broken', () => {
    const pings =
      'data:\n\nevent: ping\ndata: ping\n\n: wait\n\ndata: keep-alive\n\nevent: heartbeat\ndata: 12:30\n\n';
    const end = events(delta(' you', 'stop'), '[DONE]');
    const good = derive(CHAT, `${events(delta('Hey'))}${pings}${end}`);
    expect(good.derived.status).toBe('succeeded');
    expect(good.answer?.outputText).toBe('Hey you');
    expect(derive(CHAT, `${events(delta('Hey'))}data: {"choices":[{\n\n${end}`).derived).toMatchObject({
      status: 'failed',
      failure_code: 'parse_failed',
    });
  });
});

describe('a probe', () => {
  it.each(['length', 'stop', 'content_filter', 'brand_new'])(
    'wants a version, not a text, and not another end (%s)',
    (end) => {
      const body = { model: 'gpt-4o-2024-08-06', ...chat({ content: '' }, end) };
      expect(derive(CHAT, body, { kind: 'probe' }).derived).toMatchObject({
        status: 'succeeded',
        provider_version_key: 'gpt-4o-2024-08-06',
      });
      expect(derive(CHAT, body).derived.status).toBe('failed');
    },
  );

  it('that is answered with an error fails all the same', () => {
    const body = { model: 'gpt-4o-2024-08-06', error: { message: 'm' }, ...chat({ content: '' }) };
    expect(derive(CHAT, body, { kind: 'probe' }).derived.status).toBe('failed');
  });
});

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

describe.each<ResponseApi>([CHAT, RESPONSES, MESSAGES, GEMINI])('any answer of %s', (api) => {
  const offers = fc.constantFrom<readonly string[]>([], [...CALLED], ['look']);
  const inputs = fc.tuple(generatedAnswers(api), fc.constantFrom(null, SCHEMA), offers);
  const hasEnd = (answer: GeneratedAnswer): boolean =>
    answer.error === null &&
    !answer.isBare &&
    answer.end !== null &&
    [...GOOD_ENDS[api], ...HALF_ENDS].includes(answer.end);
  const hasText = (answer: GeneratedAnswer): boolean => !isBlank((answer.pieces ?? []).join(''));
  const callsOffered = ({ calls, end }: GeneratedAnswer, tools: readonly string[]): boolean =>
    calls.length > 0 && calls.every(({ name }) => tools.includes(name)) && !LIMITS.includes(end ?? '');

  it('succeeds only with an output, a known end and no error, and is the same streamed', () => {
    fc.assert(
      fc.property(inputs, ([answer, schema, tools]) => {
        const { whole, stream } = writeAnswer(api, answer);
        const { derived, answer: read } = derive(api, whole, { schema, tools });
        const streamed = derive(api, stream, { schema, tools });
        expect(streamed.derived).toEqual(derived);
        expect(streamed.answer?.outputText).toEqual(read?.outputText);
        const mayStand =
          hasEnd(answer) && (hasText(answer) || (schema === null && callsOffered(answer, tools)));
        if (derived.status === 'succeeded') expect(mayStand).toBe(true);
        else expect(derived.failure_message).toMatch(/./);
        if (schema === null) expect(derived.status === 'succeeded').toBe(mayStand);
        if (derived.parse_method_used === 'jsonrepair') expect(mayStand).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('gives each call and all that was thought, and nothing of either in its text', () => {
    fc.assert(
      fc.property(generatedAnswers(api), (generated) => {
        const answer = { ...generated, error: null, isBare: false };
        const { whole, stream } = writeAnswer(api, answer);
        for (const body of [whole, stream]) {
          const { derived, answer: read } = derive(api, body);
          expect(
            (derived.tool_calls ?? []).map((call) => ({ ...call, arguments: JSON.parse(call.arguments) })),
          ).toEqual(answer.calls.map(({ id, name, args }) => ({ id, name, arguments: args })));
          expect((derived.thinking_text ?? '').replaceAll('\n', '')).toBe(
            (answer.thinking ?? []).join('').replaceAll('\n', ''),
          );
          expect(read?.outputText ?? '').toBe((answer.pieces ?? []).join(''));
        }
      }),
      { numRuns: 200 },
    );
  });
});

const LIMITS = ['length', 'max_tokens', 'max_output_tokens', 'MAX_TOKENS'];
