import { describe, expect, it } from 'vitest';
import { protocolOfApi, RESPONSE_APIS, type FailureCode, type ResponseApi } from '../../src-shared/domain';
import { answerBytes } from '../../test/support/provider-calls';
import type { ProviderFailure, StoredAnswer } from '../ports';
import { createProviderClients } from './clients';

const clients = createProviderClients();

function failureOf(
  body: unknown,
  fields: Partial<StoredAnswer> = {},
  api: ResponseApi = 'openai.chat_completions',
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const result = clients.clientFor(protocolOfApi(api)).parse(answerBytes(api, text, fields));
  if (!result.ok) throw new Error(result.message);
  const { failure } = result.answer;
  if (failure === null) throw new Error('The answer counts as none that failed.');
  return failure;
}

describe('a status inside the body of an error', () => {
  const meanings: [number, FailureCode][] = [
    [400, 'invalid_request'],
    [401, 'auth_failed'],
    [402, 'quota_exhausted'],
    [403, 'permission_denied'],
    [408, 'timeout'],
    [422, 'invalid_request'],
    [429, 'rate_limited'],
    [500, 'provider_error'],
    [503, 'overloaded'],
    [529, 'overloaded'],
  ];
  it.each(meanings)('%i counts like an HTTP status, in every protocol', (status, code) => {
    for (const api of RESPONSE_APIS)
      for (const value of [status, String(status)])
        expect(failureOf({ error: { message: 'm', code: value } }, {}, api)).toMatchObject({
          code,
          message: 'm',
          httpStatus: status,
        });
  });

  it.each([
    ['beside the error', { error: { message: 'm' }, status: 402 }],
    ['as status', { error: { message: 'm', status: '402 Payment Required' } }],
    ['as status_code', { error: { message: 'm', status_code: 402 } }],
    ['as http_status', { error: { message: 'm', http_status: 402 } }],
    ['in an error inside the error', { error: { error: { message: 'm', code: 402 } } }],
    ['in a list (JSON:API)', { error: {}, errors: [{ status: '402', detail: 'm' }] }],
    ['in JSON within a text', { error: { message: '{"error":{"message":"m","code":402}}' } }],
  ])('is found %s', (_, body) => {
    expect(failureOf(body)).toMatchObject({ code: 'quota_exhausted', message: 'm' });
  });

  it('counts where the answer has an error status of its own, too', () => {
    expect(failureOf({ error: { message: 'm', code: 429 } }, { httpStatus: 500 })).toMatchObject({
      code: 'rate_limited',
      notAccepted: true,
    });
    expect(failureOf({ error: { message: 'm', code: 402 } }, { httpStatus: 429 }).code).toBe(
      'quota_exhausted',
    );
  });

  it('is none where it is a vendor’s own number or says success', () => {
    for (const code of [0, 200, 1302, 17, '20015', 4.29, null])
      expect(failureOf({ error: { message: 'm', code } }).code).toBe('provider_error');
  });

  it('counts in an event of a stream, and what had come is not sent again by itself', () => {
    const chunk = 'data: {"choices":[{"index":0,"delta":{"content":"Half"}}]}\n\n';
    const error = 'data: {"error":{"message":"m","code":429}}\n\n';
    expect(failureOf(error, { streamed: true })).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(failureOf(chunk + error, { streamed: true })).toMatchObject({
      code: 'rate_limited',
      retryable: false,
    });
  });
});

describe('the words of a server', () => {
  const said = (body: unknown, fields: Partial<StoredAnswer> = {}) =>
    failureOf(body, { httpStatus: 422, ...fields }).message;

  it.each([
    ['FastAPI inside a message', { message: { detail: [{ loc: ['body', 'x'], msg: 'm' }] } }, 'body.x: m'],
    ['FastAPI', { detail: [{ loc: ['body', 'x', 0], msg: 'm' }, { msg: 'n' }] }, 'body.x.0: m; n'],
    ['a list of errors', { errors: [{ message: 'm' }, { message: 'n' }] }, 'm; n'],
    ['a list of texts', { errors: ['m', 'n'] }, 'm; n'],
    ['errors by field', { errors: { model: ['is required'] } }, 'model: is required'],
    ['errors inside the error', { error: { errors: [{ message: 'm' }] } }, 'm'],
    ['the same, twice', { error: { message: 'm', errors: [{ message: 'm' }] } }, 'm'],
    [
      'a message and its details',
      { message: 'Bad.', errors: [{ message: 'x is missing' }] },
      'Bad: x is missing',
    ],
    ['an object under detail', { detail: { error: { message: 'm' } } }, 'm'],
    ['msg', { msg: 'm', code: 1 }, 'm'],
    ['OAuth', { error: 'invalid_client', error_description: 'm' }, 'm'],
    ['a word alone', { error: 'invalid_client' }, 'invalid_client'],
    ['Spring', { timestamp: 1, status: 422, error: 'Unprocessable Entity', message: 'm', path: '/v1' }, 'm'],
    [
      'a problem (RFC 9457)',
      { type: 'about:blank', title: 'Out of paper', detail: 'Tray 2 is empty.' },
      'Out of paper: Tray 2 is empty.',
    ],
    ['a problem without detail', { type: 'about:blank', title: 'Out of paper' }, 'Out of paper'],
    ['Apigee', { fault: { faultstring: 'm', detail: { errorcode: 'x' } } }, 'm'],
    [
      'OpenRouter',
      { error: { message: 'Provider returned error', metadata: { raw: '{"error":{"message":"m"}}' } } },
      'Provider returned error: m',
    ],
    ['JSON in a text', { error: '{"message":"m"}' }, 'm'],
  ])('are read from %s', (_, body, message) => {
    expect(said(body)).toBe(message);
    // A gateway may send one in a list.
    expect(said([body])).toBe(message);
  });

  it('are the title of a page, the message of XML, or the text as it begins', () => {
    const of = (body: string, httpStatus = 502) => said(body, { httpStatus });
    expect(
      of('<!doctype html><html><head><title>502 Bad&nbsp;Gateway</title></head><body>x</body></html>'),
    ).toContain('502 Bad Gateway');
    expect(of('<html><style>h2{}</style><h2>Sorry</h2> we are <b>away</b></html>')).toContain(
      'Sorry we are away',
    );
    expect(
      of('<?xml version="1.0"?><Error><Code>X</Code><Message>No such bucket</Message></Error>'),
    ).toContain('No such bucket');
    expect(of('no healthy upstream')).toContain('no healthy upstream');
    expect(of('{"unheard":{"of":1}}')).toContain('{"unheard":{"of":1}}');
    expect(of('')).toContain('empty');
  });

  it('are cut after 500 characters where they are nothing but text, and never within a character', () => {
    const long = `${'x'.repeat(499)}😀${'y'.repeat(500)}`;
    const message = said(long, { httpStatus: 500 });
    expect(message).toContain('x'.repeat(499));
    expect(message).not.toContain('y');
    expect(message.isWellFormed()).toBe(true);
    expect(said({ message: 'half \ud800' }).isWellFormed()).toBe(true);
  });

  it('are read although they are not UTF-8, and from nesting without end', () => {
    const latin = { bytes: Buffer.from('Zugriff verweigert f\xfcr alle', 'latin1'), httpStatus: 500 };
    expect(said('', latin)).toContain('Zugriff verweigert');
    let body: unknown = 'm';
    for (let level = 0; level < 100; level += 1) body = { error: body };
    expect(said(body)).toContain('422');
  });
});

describe('an account that has nothing left', () => {
  const anthropic = (type: string, message: string) => ({ type: 'error', error: { type, message } });
  const CREDIT =
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.';
  const gemini = (quotaId: string) => ({
    error: {
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      message: 'You exceeded your current quota, please check your plan and billing details.',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' },
      ],
    },
  });
  const cases: [string, ResponseApi, number, unknown, ProviderFailure['code']][] = [
    [
      'Anthropic’s credit',
      'anthropic.messages',
      400,
      anthropic('invalid_request_error', CREDIT),
      'quota_exhausted',
    ],
    [
      'Anthropic’s limit of spend',
      'anthropic.messages',
      400,
      anthropic(
        'invalid_request_error',
        'You have reached your specified API usage limits. You will regain access on 2026-12-01.',
      ),
      'quota_exhausted',
    ],
    [
      'Anthropic’s other 400',
      'anthropic.messages',
      400,
      anthropic('invalid_request_error', 'max_tokens: Field required'),
      'invalid_request',
    ],
    [
      'a plan’s limit',
      'openai.responses',
      429,
      { error: { type: 'usage_limit_reached', message: 'The usage limit has been reached', resets_at: 1 } },
      'quota_exhausted',
    ],
    [
      'a plan’s limit, flat',
      'openai.chat_completions',
      429,
      { code: 'usage_limit_reached', message: 'm' },
      'quota_exhausted',
    ],
    [
      'OpenAI’s quota',
      'openai.responses',
      429,
      { error: { code: 'insufficient_quota', type: 'insufficient_quota', message: 'm' } },
      'quota_exhausted',
    ],
    [
      'a balance',
      'openai.chat_completions',
      429,
      { error: { code: 'insufficient_balance', message: 'm' } },
      'quota_exhausted',
    ],
    [
      'a bill',
      'openai.chat_completions',
      403,
      { error: { code: 'billing_not_active', message: 'm' } },
      'quota_exhausted',
    ],
    [
      'Google’s billing',
      'gemini.generate_content',
      403,
      {
        error: {
          code: 403,
          status: 'PERMISSION_DENIED',
          message: 'm',
          details: [{ reason: 'BILLING_DISABLED' }],
        },
      },
      'quota_exhausted',
    ],
    [
      'Gemini’s limit of a day',
      'gemini.generate_content',
      429,
      gemini('GenerateRequestsPerDayPerProjectPerModel-FreeTier'),
      'quota_exhausted',
    ],
    [
      'Gemini’s limit of a minute',
      'gemini.generate_content',
      429,
      gemini('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'),
      'rate_limited',
    ],
    [
      'Groq’s limit of a day',
      'openai.chat_completions',
      429,
      {
        error: {
          code: 'rate_limit_exceeded',
          type: 'tokens',
          message:
            'Rate limit reached for model `m` on tokens per day (TPD): Limit 500000. Please try again in 12m3s.',
        },
      },
      'quota_exhausted',
    ],
    [
      'Groq’s limit of a minute',
      'openai.chat_completions',
      429,
      {
        error: {
          code: 'rate_limit_exceeded',
          type: 'tokens',
          message:
            'Rate limit reached for model `m` on tokens per minute (TPM): Limit 6000. Please try again in 2s.',
        },
      },
      'rate_limited',
    ],
    [
      'a rate limit',
      'anthropic.messages',
      429,
      anthropic(
        'rate_limit_error',
        "This request would exceed your organization's rate limit of 50,000 input tokens per minute.",
      ),
      'rate_limited',
    ],
  ];
  it.each(cases)('%s', (_, api, httpStatus, body, code) => {
    const failure = failureOf(body, { httpStatus }, api);
    expect(failure).toMatchObject({
      code,
      retryable: code === 'rate_limited',
      notAccepted: code === 'rate_limited',
    });
  });
});

it('a server that breaks down is not an account with nothing left, whatever it says', () => {
  for (const error of [{ code: 'insufficient_quota' }, { message: 'Insufficient credits.' }]) {
    expect(failureOf({ error }, { httpStatus: 503 }).code).toBe('overloaded');
    expect(failureOf({ error }, { httpStatus: 500 }).code).toBe('provider_error');
  }
});

describe('a call that was turned away', () => {
  it.each([
    ['429', 429, [], true],
    ['529', 529, [], true],
    ['503 that says when to come again', 503, [['retry-after', '1']], true],
    ['503 that does not', 503, [], false],
    ['529 that asks for no retry', 529, [['x-should-retry', 'false']], false],
    ['500 that says when to come again', 500, [['retry-after', '1']], false],
    ['502', 502, [], false],
    ['504', 504, [['retry-after', '1']], false],
  ] as const)('%s', (_, httpStatus, headers, notAccepted) => {
    for (const api of RESPONSE_APIS)
      expect(failureOf('', { httpStatus, headers }, api).notAccepted).toBe(notAccepted);
  });
});
