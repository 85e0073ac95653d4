import { describe, expect, it } from 'vitest';
import { protocolOfApi, type ResponseApi } from '../../src-shared/domain';
import type { ParsedAnswer, StoredAnswer } from '../ports';
import { createProviderClients } from './clients';
import { answerBytes } from '../../test/support/provider-calls';

const clients = createProviderClients();

function parserOf(api: ResponseApi) {
  return clients.clientFor(protocolOfApi(api));
}

function answer(api: ResponseApi, body: unknown, fields: Partial<StoredAnswer> = {}): ParsedAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const result = parserOf(api).parse(answerBytes(api, text, fields));
  if (!result.ok) throw new Error(result.message);
  return result.answer;
}

const failure = (api: ResponseApi, body: unknown, fields: Partial<StoredAnswer> = {}) =>
  answer(api, body, fields).failure;

describe('errors of every known shape', () => {
  const chat = 'openai.chat_completions';
  it.each([
    [
      'quota, not to be tried again',
      chat,
      429,
      { error: { message: 'm', type: 'insufficient_quota', code: 'insufficient_quota' } },
      'quota_exhausted',
      false,
    ],
    [
      'rate limit',
      chat,
      429,
      { error: { message: 'm', type: 'requests', code: 'rate_limit_exceeded' } },
      'rate_limited',
      true,
    ],
    [
      'flat vLLM error',
      chat,
      404,
      { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 },
      'model_not_found',
      false,
    ],
    [
      'Ollama text',
      chat,
      404,
      { error: 'model "x" not found, try pulling it first' },
      'model_not_found',
      false,
    ],
    ['FastAPI detail', chat, 422, { detail: [{ msg: 'field required' }] }, 'invalid_request', false],
    [
      'Azure deployment',
      chat,
      404,
      { error: { code: 'DeploymentNotFound', message: 'm' } },
      'model_not_found',
      false,
    ],
    [
      'Azure filter',
      chat,
      400,
      { error: { code: 'content_filter', message: 'm', innererror: {} } },
      'refused',
      false,
    ],
    [
      'error with status 200',
      chat,
      200,
      { error: { message: 'm', type: 'server_error' } },
      'provider_error',
      true,
    ],
    ['HTML of a proxy', chat, 502, '<html><h1>Bad Gateway</h1></html>', 'provider_error', true],
    ['empty body', chat, 500, '', 'provider_error', true],
    ['gateway timeout', chat, 504, '', 'timeout', false],
    ['redirect', chat, 302, '', 'invalid_request', false],
    ['wrong address', chat, 404, '<html>404</html>', 'invalid_request', false],
    [
      'failed response',
      'openai.responses',
      200,
      { status: 'failed', output: [], error: { code: 'server_error', message: 'm' } },
      'provider_error',
      true,
    ],
    [
      'bad parameter',
      'openai.responses',
      400,
      {
        error: {
          message: 'm',
          param: 'temperature',
          code: 'unsupported_parameter',
          type: 'invalid_request_error',
        },
      },
      'invalid_request',
      false,
    ],
    [
      'Claude overloaded',
      'anthropic.messages',
      529,
      { type: 'error', error: { type: 'overloaded_error', message: 'm' }, request_id: 'r' },
      'overloaded',
      true,
    ],
    [
      'Claude credit',
      'anthropic.messages',
      402,
      { type: 'error', error: { type: 'billing_error', message: 'm' } },
      'quota_exhausted',
      false,
    ],
    [
      'Claude key',
      'anthropic.messages',
      401,
      { type: 'error', error: { type: 'authentication_error', message: 'm' } },
      'auth_failed',
      false,
    ],
    [
      'Gemini key is a 400',
      'gemini.generate_content',
      400,
      {
        error: {
          code: 400,
          status: 'INVALID_ARGUMENT',
          message: 'm',
          details: [{ reason: 'API_KEY_INVALID' }],
        },
      },
      'auth_failed',
      false,
    ],
    [
      'Gemini list of one',
      'gemini.generate_content',
      429,
      [{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'm' } }],
      'rate_limited',
      true,
    ],
    [
      'Gemini unavailable',
      'gemini.generate_content',
      503,
      { error: { code: 503, status: 'UNAVAILABLE', message: 'm' } },
      'overloaded',
      true,
    ],
  ] as const)('%s', (_, api, httpStatus, body, code, retryable) => {
    expect(failure(api, body, { httpStatus })).toMatchObject({
      code,
      retryable,
      message: expect.stringMatching(/./),
    });
  });

  it('carry the provider’s word, the parameter, the request id and how long to wait', () => {
    const body = {
      error: { message: 'No.', param: 'stop', code: 'unsupported_value', type: 'invalid_request_error' },
    };
    expect(
      failure('openai.responses', body, { httpStatus: 400, headers: [['X-Request-Id', 'req_1']] }),
    ).toMatchObject({
      message: 'No.',
      providerCode: 'unsupported_value',
      param: 'stop',
      requestId: 'req_1',
      httpStatus: 400,
    });
    const wait = (headers: [string, string][], sent: unknown = {}) =>
      failure('gemini.generate_content', sent, { httpStatus: 429, headers })?.retryAfterMs;
    expect(wait([['retry-after', '7']])).toBe(7000);
    expect(
      wait([
        ['retry-after-ms', '12.5'],
        ['retry-after', '7'],
      ]),
    ).toBe(13);
    expect(
      wait([
        ['retry-after', 'Fri, 20 Nov 2026 10:00:30 GMT'],
        ['date', 'Fri, 20 Nov 2026 10:00:00 GMT'],
      ]),
    ).toBe(30_000);
    expect(wait([['retry-after', 'Fri, 20 Nov 2026 10:00:30 GMT']])).toBeNull();
    expect(wait([['retry-after', 'soon']])).toBeNull();
    expect(
      wait([], { error: { details: [{ '@type': 'x/google.rpc.RetryInfo', retryDelay: '33.5s' }] } }),
    ).toBe(33_500);
    expect(
      failure('openai.responses', {}, { httpStatus: 503, headers: [['x-should-retry', 'false']] })?.retryable,
    ).toBe(false);
  });
});

describe('what answers say', () => {
  it('keeps unknown token counts apart from zero, and adds up what providers count apart', () => {
    const message = (usage: object) =>
      answer('anthropic.messages', {
        type: 'message',
        model: 'm',
        content: [],
        stop_reason: 'end_turn',
        usage,
      }).usage;
    expect(
      message({
        input_tokens: 5,
        cache_creation_input_tokens: 3,
        cache_read_input_tokens: 2,
        output_tokens: 1,
      }),
    ).toMatchObject({
      input_tokens: 10,
      cached_input_tokens: 2,
      cache_write_tokens: 3,
      reasoning_tokens: null,
    });
    expect(message({})).toMatchObject({ input_tokens: null, output_tokens: null });
    const gemini = answer('gemini.generate_content', {
      candidates: [
        { content: { parts: [{ text: 'hm', thought: true }, { text: 'Y.' }] }, finishReason: 'STOP' },
      ],
      usageMetadata: {
        promptTokenCount: 9,
        toolUsePromptTokenCount: 4,
        candidatesTokenCount: 2,
        thoughtsTokenCount: 4,
      },
    });
    expect(gemini.usage).toMatchObject({
      input_tokens: 13,
      output_tokens: 6,
      reasoning_tokens: 4,
      search_requests: 0,
    });
    expect(gemini.outputText).toBe('Y.');
  });

  it('reads Gemini’s version from the first of its three fields', () => {
    const key = (fields: object) =>
      answer('gemini.generate_content', {
        candidates: [{ content: { parts: [] }, finishReason: 'STOP' }],
        ...fields,
      }).version.provider_version_key;
    expect(key({ modelVersion: 'gemini-2.0-flash-001', model: 'b', model_name: 'c' })).toBe(
      'gemini-2.0-flash-001',
    );
    expect(key({ model: 'models/b', model_name: 'c' })).toBe('b');
    expect(key({ model_name: 'c' })).toBe('c');
    expect(key({})).toBe('unknown');
  });

  it('shows tools, pauses and blocked prompts', () => {
    const finish = (api: ResponseApi, body: unknown) => answer(api, body).finishReason?.unified;
    expect(
      finish('openai.chat_completions', {
        choices: [{ message: { tool_calls: [{}] }, finish_reason: 'stop' }],
      }),
    ).toBe('tool');
    expect(finish('openai.responses', { status: 'completed', output: [{ type: 'function_call' }] })).toBe(
      'tool',
    );
    expect(finish('anthropic.messages', { content: [], stop_reason: 'pause_turn' })).toBe('paused');
    expect(finish('anthropic.messages', { content: [], stop_reason: 'brand_new' })).toBe('other');
    const blocked = answer('gemini.generate_content', { promptFeedback: { blockReason: 'SAFETY' } });
    expect(blocked).toMatchObject({
      finishReason: { unified: 'filtered', raw: 'SAFETY' },
      failure: { code: 'refused' },
    });
    const partial = answer('openai.chat_completions', {
      choices: [{ message: { content: 'Half' }, finish_reason: 'content_filter' }],
    });
    expect(partial).toMatchObject({
      outputText: 'Half',
      finishReason: { unified: 'filtered' },
      failure: { code: 'refused' },
    });
  });

  it('takes version evidence from the first chunk that has some, and works without an end mark', () => {
    const chunks = [
      { id: '', model: '', choices: [], prompt_filter_results: [] },
      {
        id: 'c1',
        model: 'gpt-4o-2024-08-06',
        system_fingerprint: 'fp_1',
        choices: [{ index: 0, delta: { content: 'He' } }],
      },
      {
        id: 'c1',
        model: 'gpt-4o-2024-08-06',
        choices: [{ index: 0, delta: { content: 'y' }, finish_reason: 'stop' }],
      },
    ];
    const text = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('');
    expect(answer('openai.chat_completions', text, { streamed: true })).toMatchObject({
      outputText: 'Hey',
      failure: null,
      version: { provider_version_key: 'fp_1', evidence_grade: 'fingerprint' },
    });
    expect(failure('openai.chat_completions', text, { streamed: true, complete: false })?.code).toBe(
      'stream_cut',
    );
  });

  it('reports an error inside a stream, and does not ask for another try once text has come', () => {
    const start = `event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message: { model: 'm', content: [], usage: { input_tokens: 3 } } })}\n\n`;
    const error = `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })}\n\n`;
    expect(failure('anthropic.messages', error, { streamed: true })).toMatchObject({
      code: 'overloaded',
      retryable: true,
    });
    const late = answer('anthropic.messages', start + error, { streamed: true });
    expect(late).toMatchObject({
      failure: { code: 'overloaded', retryable: false },
      usage: { input_tokens: 3 },
    });
  });
});
