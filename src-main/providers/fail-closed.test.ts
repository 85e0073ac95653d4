import { describe, expect, it } from 'vitest';
import { protocolOfApi, RESPONSE_APIS, type JsonObject, type ResponseApi } from '../../src-shared/domain';
import { answerBytes } from '../../test/support/provider-calls';
import { events } from '../../test/support/bill';
import { createProviderClients } from './clients';

const clients = createProviderClients();

function read(body: JsonObject | string, api: ResponseApi = 'openai.chat_completions') {
  const streamed = typeof body === 'string';
  const text = streamed ? body : JSON.stringify(body);
  return clients.clientFor(protocolOfApi(api)).parse(answerBytes(api, text, { streamed }));
}

/** What came of it: the text, and why it failed. */
function seen(body: JsonObject | string, api?: ResponseApi) {
  const result = read(body, api);
  if (!result.ok) return { text: null, code: 'parse_failed', message: result.message };
  const { outputText: text, failure } = result.answer;
  return { text, code: failure?.code ?? null, message: failure?.message ?? null };
}

const chunk = (content: string, finish_reason: string | null = null): JsonObject => ({
  choices: [{ index: 0, delta: { content }, finish_reason }],
});
const end = events(chunk('', 'stop')) + 'data: [DONE]\n\n';

describe('a stream that ended well says in between', () => {
  it.each([
    ['an error in a text', 'event: error\ndata: "overloaded"\n\n', 'overloaded'],
    ['an error in words', 'event: error\ndata: overloaded\n\n', 'overloaded'],
    ['an error with null', 'event: error\ndata: null\n\n', 'status 200'],
    ['an error without a word', 'event: error\ndata:\n\n', 'status 200'],
    ['a status that means an error', 'data: {"code":500,"message":"boom"}\n\n', 'boom'],
  ])('%s: it failed, and what came is kept', (_, event, message) => {
    const answer = seen(events(chunk('Half')) + event + end);
    expect(answer).toMatchObject({ text: 'Half', code: 'provider_error' });
    expect(answer.message).toContain(message);
  });

  it.each(['" and the other half"', '42', 'true'])('%s, which is no object: it is malformed', (data) => {
    expect(seen(`${events(chunk('Half'))}data: ${data}\n\n${end}`).message).toContain('malformed');
  });

  it('null or an empty list: nothing', () => {
    expect(seen(`${events(chunk('Hi'))}data: null\n\ndata: []\n\n${end}`)).toMatchObject({
      text: 'Hi',
      code: null,
    });
  });
});

describe('a later "stop"', () => {
  const message = { type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null };
  const gemini = (finishReason: string) => ({
    candidates: [{ index: 0, finishReason, content: { parts: [{ text: 'Half' }] } }],
  });
  it.each([
    ['openai.chat_completions', events(chunk('Half', 'content_filter')) + end],
    [
      'anthropic.messages',
      events(
        { type: 'message_start', message },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Half' } },
        { type: 'message_delta', delta: { stop_reason: 'refusal' } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
        { type: 'message_stop' },
      ),
    ],
    ['gemini.generate_content', events(gemini('SAFETY'), gemini('STOP'))],
  ] as const)('does not undo a filter (%s)', (api, body) => {
    expect(seen(body, api).code).toBe('refused');
  });

  it('does not undo the token limit', () => {
    const result = read(events(chunk('Half', 'length')) + end);
    expect(result.ok && result.answer.finishReason?.unified).toBe('length');
  });
});

describe('an object that is no answer', () => {
  it.each(RESPONSE_APIS)('and gives a status counts like that status (%s)', (api) => {
    expect(seen({ message: 'No money.', code: 402 }, api)).toMatchObject({
      code: 'quota_exhausted',
      message: 'No money.',
    });
    expect(seen({ status: 429, detail: 'Slow down.' }, api).code).toBe('rate_limited');
  });

  it.each<JsonObject>([
    { detail: 'boom' },
    { success: false, msg: 'boom' },
    { choices: null, base_resp: { status_code: 1008, status_msg: 'boom' } },
  ])('%j is quoted', (body) => {
    expect(seen(body)).toMatchObject({ code: 'parse_failed', message: expect.stringContaining('boom') });
  });
});

describe('a chat answer', () => {
  const chat = (content: JsonObject[] | string): JsonObject => ({
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
  });

  it('that refuses in a part of its content is refused', () => {
    const content: JsonObject[] = [
      { type: 'text', text: 'Well.' },
      { type: 'refusal', refusal: 'I will not.' },
    ];
    expect(seen(chat(content))).toEqual({ text: 'Well.', code: 'refused', message: 'I will not.' });
  });

  it('that closes with the whole message says it once', () => {
    const message = { role: 'assistant', content: 'It is 42.' };
    const whole = { choices: [{ index: 0, message, finish_reason: 'stop' }] };
    expect(seen(events(chunk('It is'), chunk(' 42.'), whole) + 'data: [DONE]\n\n').text).toBe('It is 42.');
    expect(
      seen(events(chunk('It is 42.'), { choices: [{ index: 0, message: {}, finish_reason: 'stop' }] })).text,
    ).toBe('It is 42.');
  });

  it('that opens with a byte order mark is read', () => {
    const bytes = `\uFEFF${JSON.stringify(chat('Hi'))}`;
    const result = clients.clientFor('openai_chat').parse(answerBytes('openai.chat_completions', bytes));
    expect(result.ok && result.answer.outputText).toBe('Hi');
  });
});

describe('a refusal beside a text', () => {
  const content: JsonObject[] = [
    { type: 'output_text', text: 'Well.', annotations: [] },
    { type: 'refusal', refusal: 'I will not.' },
  ];
  const item = { type: 'message', role: 'assistant', status: 'completed', content };
  const response = { id: 'r', object: 'response', status: 'completed', model: 'm', output: [item] };
  const delta = { type: 'response.output_text.delta', output_index: 0, delta: 'Well.' };
  const refusing = { choices: [{ index: 0, delta: { refusal: 'I will ' }, finish_reason: null }] };
  const message = { role: 'assistant', content: 'Well.', refusal: 'I will not.' };
  it.each<[string, ResponseApi, JsonObject | string]>([
    ['whole', 'openai.responses', response],
    ['streamed', 'openai.responses', events(delta, { type: 'response.completed', response })],
    [
      'streamed, with a last event that leaves the items out',
      'openai.responses',
      events(
        delta,
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: { ...response, output: [] } },
      ),
    ],
    [
      'streamed, as pieces alone',
      'openai.responses',
      events(
        delta,
        { type: 'response.refusal.delta', output_index: 0, delta: 'I will ' },
        { type: 'response.refusal.delta', output_index: 0, delta: 'not.' },
        { type: 'response.completed', response: { ...response, output: [] } },
      ),
    ],
    ['whole', 'openai.chat_completions', { choices: [{ index: 0, message, finish_reason: 'stop' }] }],
    [
      'streamed',
      'openai.chat_completions',
      events(chunk('Well.'), refusing, {
        choices: [{ index: 0, delta: { refusal: 'not.' }, finish_reason: null }],
      }) + end,
    ],
  ])('decides: %s (%s)', (_, api, body) => {
    expect(seen(body, api)).toEqual({ text: 'Well.', code: 'refused', message: 'I will not.' });
  });
});

describe('a turn that has not ended', () => {
  it('is no answer: Anthropic paused it', () => {
    const paused = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'Let me look that up.' }],
      stop_reason: 'pause_turn',
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    expect(seen(paused, 'anthropic.messages')).toMatchObject({
      text: 'Let me look that up.',
      code: 'provider_error',
      message: expect.stringContaining('not its final answer') as string,
    });
  });

  it('is no answer: the response is completed, the message in it is not', () => {
    const half = {
      id: 'r',
      object: 'response',
      status: 'completed',
      model: 'm',
      output: [
        {
          type: 'message',
          role: 'assistant',
          status: 'incomplete',
          content: [{ type: 'output_text', text: 'Half', annotations: [] }],
        },
      ],
    };
    expect(seen(half, 'openai.responses')).toMatchObject({ text: 'Half', code: 'provider_error' });
  });
});
