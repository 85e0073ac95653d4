import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBlank, type JsonObject, type ResponseApi } from '../../src-shared/domain';
import { chat, derive, events } from '../../test/support/derived-answer';
import {
  CALLED,
  generatedAnswers,
  GOOD_ENDS,
  HALF_ENDS,
  type GeneratedAnswer,
} from '../../test/support/generated-answers';
import { writeAnswer } from '../../test/support/written-answers';

const SCHEMA: JsonObject = { type: 'object', properties: { tags: { type: 'array' } }, required: ['tags'] };

const CHAT = 'openai.chat_completions';
const RESPONSES = 'openai.responses';
const MESSAGES = 'anthropic.messages';
const GEMINI = 'gemini.generate_content';

const delta = (content: unknown, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: { content }, finish_reason }],
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
    calls.length > 0 && calls.every(({ name }) => tools.includes(name)) && !LIMITS.has(end ?? '');

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

const LIMITS = new Set(['length', 'max_tokens', 'max_output_tokens', 'MAX_TOKENS']);
