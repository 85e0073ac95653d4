import { hash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import Anthropic from '@anthropic-ai/sdk';
import { ApiError, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseModelName, startPracticeServer } from '.';
import type { PracticeServer } from '.';

let server: PracticeServer;
let openai: OpenAI;
let anthropic: Anthropic;
let gemini: GoogleGenAI;

beforeAll(async () => {
  server = await startPracticeServer();
  openai = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/openai/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: 'k', baseURL: `${server.url}/anthropic`, maxRetries: 0 });
  const httpOptions = { baseUrl: `${server.url}/google` };
  gemini = new GoogleGenAI({ apiKey: 'k', vertexai: false, apiVersion: 'v1', httpOptions });
});
afterAll(() => server.close());

const chat = (model: string, extra: object = {}) =>
  openai.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'Name a bridge.' }],
    ...extra,
  });
const message = (model: string) =>
  anthropic.messages.create({
    model,
    max_tokens: 500,
    messages: [{ role: 'user', content: 'Name a bridge.' }],
  });
const generate = (model: string) =>
  gemini.models.generateContent({
    model,
    contents: 'Name a bridge.',
    config: { automaticContinuation: false },
  });

function post(model: string, extra: object = {}) {
  const headers = { authorization: 'Bearer k', 'content-type': 'application/json' };
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Name a bridge.' }], ...extra });
  return fetch(`${server.url}/openai/v1/chat/completions`, { method: 'POST', headers, body });
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a failure');
}

describe('the fault suffix', () => {
  it.each([
    ['gpt-4o', 'gpt-4o', {}],
    ['gpt-4o@latency=200', 'gpt-4o', { latency: 200 }],
    ['llama3:8b@status=429,retry_after=2', 'llama3:8b', { status: 429, retry_after: 2 }],
    ['a@malformed', 'a', { malformed: 'truncated' }],
    ['a@malformed=html,invalidjson', 'a', { malformed: 'html', invalidjson: 'text' }],
    [
      'a@fingerprint=b9251-e2b129e1b,echo=/srv/models/x.gguf',
      'a',
      { fingerprint: 'b9251-e2b129e1b', echo: '/srv/models/x.gguf' },
    ],
    ['a@fingerprint=123', 'a', { fingerprint: '123' }],
    ['claude-3-5-sonnet@20240620', 'claude-3-5-sonnet@20240620', {}],
    ['claude-3-5-sonnet@20240620@cut=0.5', 'claude-3-5-sonnet@20240620', { cut: 0.5 }],
  ])('%s is %s with %j', (name, id, faults) => {
    expect(parseModelName(name)).toEqual({ id, faults });
  });

  it.each(['gpt-4o@latancy=5', 'gpt-4o@latency=soon', 'gpt-4o@', 'gpt-4o@cut=2', 'gpt-4o@drift=0'])(
    '%s is refused with the reason',
    async (name) => {
      expect(parseModelName(name).problem).toContain('cannot read the fault suffix');
      expect(await failure(chat(name))).toMatchObject({ status: 400 });
    },
  );
});

describe('errors', () => {
  it('answers 429 with the vendor’s own headers', async () => {
    const ofOpenAi = await failure(chat('gpt-4o@status=429,retry_after=2'));
    if (!(ofOpenAi instanceof OpenAI.RateLimitError)) throw ofOpenAi;
    expect(ofOpenAi.code).toBe('rate_limit_exceeded');
    expect(ofOpenAi.headers.get('retry-after')).toBe('2');
    expect(ofOpenAi.headers.get('x-ratelimit-remaining-requests')).toBe('0');

    const ofAnthropic = await failure(message('claude-opus-5-5@status=429,retry_after=7'));
    if (!(ofAnthropic instanceof Anthropic.RateLimitError)) throw ofAnthropic;
    expect(ofAnthropic.type).toBe('rate_limit_error');
    expect(ofAnthropic.headers.get('retry-after')).toBe('7');
    expect(ofAnthropic.headers.get('anthropic-ratelimit-tokens-remaining')).toBe('0');

    const ofGemini = await failure(generate('gemini-3.8-flash@status=429,retry_after=33'));
    if (!(ofGemini instanceof ApiError)) throw ofGemini;
    expect(ofGemini.status).toBe(429);
    expect(JSON.parse(ofGemini.message)).toMatchObject({
      error: { status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '33s' }] },
    });
  });

  it('tells an empty quota from a rate limit', async () => {
    const error = await failure(chat('gpt-4o@status=429,code=insufficient_quota'));
    expect(error).toMatchObject({ status: 429, code: 'insufficient_quota', type: 'insufficient_quota' });
  });

  it.each([500, 503, 404, 403])('answers %i in each vendor’s shape', async (status) => {
    expect(await failure(chat(`gpt-4o@status=${status}`))).toMatchObject({ status });
    expect(await failure(message(`claude-opus-5-5@status=${status}`))).toMatchObject({ status });
    expect(await failure(generate(`gemini-3.8-flash@status=${status}`))).toMatchObject({ status });
  });

  it('knows Anthropic’s overload', async () => {
    expect(await failure(message('claude-opus-5-5@status=529'))).toBeInstanceOf(Anthropic.OverloadedError);
  });

  it('fails inside a stream that began with 200', async () => {
    const events = anthropic.messages.stream({
      model: 'claude-opus-5-5@failed',
      max_tokens: 500,
      messages: [{ role: 'user', content: 'Name a bridge.' }],
    });
    await expect(events.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
    const chunks = await openai.chat.completions.create({
      model: 'gpt-4o@failed',
      stream: true,
      messages: [{ role: 'user', content: 'Name a bridge.' }],
    });
    const read = async () => {
      for await (const chunk of chunks) expect(chunk.object).toBe('chat.completion.chunk');
    };
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
  });
});

describe('delivery', () => {
  it('waits at least the latency', async () => {
    const start = performance.now();
    await chat('gpt-4o@latency=60');
    // A floor, not a time limit: the answer may never come early.
    expect(performance.now() - start).toBeGreaterThanOrEqual(59);
  });

  it('never answers a timeout', async () => {
    const error = await failure(
      openai.chat.completions.create(
        { model: 'gpt-4o@timeout', messages: [{ role: 'user', content: 'Hello' }] },
        { timeout: 1_000 },
      ),
    );
    expect(error).toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
  });

  it('resets a connection', async () => {
    expect(await failure(chat('gpt-4o@reset'))).toBeInstanceOf(OpenAI.APIConnectionError);
  });

  it.each([{}, { stream: true }])('cuts a body in the middle: %j', async (extra) => {
    const cut = await post('gpt-4o@cut=0.5', extra);
    expect(cut.status).toBe(200);
    const received = await bytesUntilEnd(cut);
    expect(received.failed).toBe(true);
    expect(received.bytes.length).toBeGreaterThan(500);
    await witnessed(received.bytes, false);
  });

  it('cuts before the first byte', async () => {
    const cut = await post('gpt-4o@cut=0');
    expect(cut.status).toBe(200);
    await expect(cut.text()).rejects.toThrow();
  });

  it('sends a 200 that is no JSON', async () => {
    const truncated = await post('gpt-4o@malformed');
    expect(truncated.status).toBe(200);
    const text = await truncated.text();
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(text.startsWith('{"id":')).toBe(true);

    const page = await post('gpt-4o@malformed=html');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('Bad Gateway');
    expect(await (await post('gpt-4o@malformed=empty')).text()).toBe('');
  });

  it('breaks one event of a stream', async () => {
    const text = await (await post('gpt-4o@malformed', { stream: true })).text();
    const broken = text
      .split('\n\n')
      .filter((frame) => frame.startsWith('data: {'))
      .filter((frame) => !isJson(frame.slice('data: '.length)));
    expect(broken).toHaveLength(1);
  });

  it('sends a slow stream piece by piece, with the same bytes in all', async () => {
    const response = await post('gpt-4o@slowstream=1', { stream: true, max_tokens: 40 });
    const received = await bytesUntilEnd(response);
    expect(received.failed).toBe(false);
    expect(received.pieces).toBeGreaterThan(2);
    expect(received.bytes.toString().endsWith('data: [DONE]\n\n')).toBe(true);
    await witnessed(received.bytes, true);
  });
});

describe('content', () => {
  it('drifts after every N requests', async () => {
    const prints: unknown[] = [];
    for (let index = 0; index < 5; index += 1) prints.push((await chat('gpt-4o@drift=2')).system_fingerprint);
    expect(prints[1]).toBe(prints[0]);
    expect(prints[2]).not.toBe(prints[1]);
    expect(prints[3]).toBe(prints[2]);
    expect(prints[4]).not.toBe(prints[3]);
    expect((await chat('gpt-4o')).system_fingerprint).toBe(prints[0]);
  });

  it('drifts the echoed version where there is no fingerprint', async () => {
    const responses = async () =>
      (await openai.responses.create({ model: 'gpt-4o@drift=1', input: 'Hi' })).model;
    expect([await responses(), await responses()]).toEqual(['gpt-4o-2024-08-06', 'gpt-4o-2026-01-08']);
    const claude = async () => (await message('claude-opus-5-5@drift=1')).model;
    expect([await claude(), await claude()]).toEqual(['claude-opus-5-5', 'claude-opus-5-5-20260108']);
    const google = async () => (await generate('gemini-2.0-flash@drift=1')).modelVersion;
    expect([await google(), await google()]).toEqual(['gemini-2.0-flash-001', 'gemini-2.0-flash-002']);
  });

  it('withholds the version evidence', async () => {
    expect(await chat('gpt-4o@nofingerprint')).not.toHaveProperty('system_fingerprint');
    expect((await generate('gemini-3.8-flash@nofingerprint')).modelVersion).toBeUndefined();
  });

  it('plays a compatible server', async () => {
    const answer = await chat('llama3:8b@fingerprint=fp_ollama,echo=/srv/llama.gguf,nousage');
    expect(answer).toMatchObject({ model: '/srv/llama.gguf', system_fingerprint: 'fp_ollama' });
    expect(answer.usage).toBeUndefined();
  });

  it('refuses, filters and stops short', async () => {
    const refused = (await chat('gpt-4o@refusal')).choices[0];
    expect(refused).toMatchObject({ finish_reason: 'stop', message: { content: null } });
    expect(refused?.message.refusal).toContain("can't help");
    expect((await chat('gpt-4o@blocked')).choices[0]?.finish_reason).toBe('content_filter');
    expect((await chat('gpt-4o@length')).choices[0]?.finish_reason).toBe('length');
  });

  it.each(['text', 'shape', 'fenced'])('breaks a schema: %s', async (kind) => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const response_format = { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } };
    const text =
      (await chat(`gpt-4o@invalidjson=${kind}`, { response_format })).choices[0]?.message.content ?? '';
    expect(isJson(text)).toBe(kind === 'shape');
    if (kind === 'shape') expect(JSON.parse(text)).toEqual(['unexpected']);
    if (kind === 'fenced') expect(text).toContain('```json\n{"a":');
  });

  it('says hostile things, also inside JSON', async () => {
    const text = (await chat('gpt-4o@hostile')).choices[0]?.message.content ?? '';
    for (const part of ['<script>', '\u001b[31m', '=HYPERLINK', 'javascript:', '\uD800', '\u202E'])
      expect(text).toContain(part);
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const response_format = { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } };
    const json = (await chat('gpt-4o@hostile', { response_format })).choices[0]?.message.content ?? '';
    expect(JSON.parse(json)).toHaveProperty('a');
  });
});

/** Everything that arrives before the body ends or breaks off. */
async function bytesUntilEnd(response: Response) {
  const pieces: Uint8Array[] = [];
  let failed = false;
  try {
    for await (const piece of response.body ?? []) pieces.push(piece);
  } catch {
    failed = true;
  }
  return { bytes: Buffer.concat(pieces), pieces: pieces.length, failed };
}

/** The journal has the line once the server has noticed the end of the connection. */
async function witnessed(bytes: Buffer, complete: boolean): Promise<void> {
  const line = {
    status: 200,
    complete,
    response_bytes: bytes.length,
    response_sha256: hash('sha256', bytes, 'hex'),
  };
  await expect.poll(() => server.journal().findLast((entry) => entry.event === 'answer')).toMatchObject(line);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
