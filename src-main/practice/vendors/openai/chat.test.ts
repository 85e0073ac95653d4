import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startPracticeServer } from '../..';
import type { PracticeServer } from '../..';

/** zod's own reader of JSON Schema is the judge of samples. */
type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

let server: PracticeServer;
let client: OpenAI;

beforeAll(async () => {
  server = await startPracticeServer();
  client = new OpenAI({ apiKey: 'practice', baseURL: `${server.url}/openai/v1`, maxRetries: 0 });
});
afterAll(() => server.close());

const ask = (model: string, extra: object = {}) =>
  client.chat.completions.create({
    model,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Which bicycles suit commuters in Bremen?' },
    ],
    ...extra,
  });

async function refusal(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OpenAI.APIError)) throw new Error(`expected an APIError, got ${String(error)}`);
  const { status, code, param, type } = error;
  return { status, code, param, type };
}

describe('chat completions', () => {
  it('answers with text about the prompt, whole usage and the 4o era version evidence', async () => {
    const { data, request_id, response } = await ask('gpt-4o', { temperature: 0.2 }).withResponse();
    expect(data).toMatchObject({
      object: 'chat.completion',
      model: 'gpt-4o-2024-08-06',
      service_tier: 'default',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', refusal: null } }],
    });
    expect(data.system_fingerprint).toMatch(/^fp_[0-9a-f]{10}$/);
    expect(data.choices[0]?.message.content).toMatch(/bicycles|commuters|Bremen/);
    const usage = data.usage;
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
    expect(usage?.completion_tokens_details?.reasoning_tokens).toBe(0);
    expect(usage?.prompt_tokens_details?.cached_tokens).toBe(0);
    expect(request_id).toMatch(/^req_/);
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('500');
    expect(response.headers.get('openai-version')).toBe('2020-10-01');
  });

  it.each([
    ['o3', 'o3-2025-04-16'],
    ['omni-vision', 'omni-vision'],
    ['gpt-6-luna', 'gpt-6-luna'],
    ['llama3.2:3b', 'llama3.2:3b'],
  ])('echoes %s as %s without a fingerprint', async (asked, echoed) => {
    const answer = await ask(asked);
    expect(answer.model).toBe(echoed);
    expect(answer.system_fingerprint).toBeNull();
  });

  it('keeps a body of typical size', async () => {
    const text = await ask('gpt-4o')
      .asResponse()
      .then((response) => response.text());
    expect(text.length).toBeGreaterThan(1_500);
    expect(text.length).toBeLessThan(2_300);
  });

  it('streams what it would answer, with usage when asked for', async () => {
    const stream = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Which bicycles suit commuters in Bremen?' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(text.length).toBeGreaterThan(1_000);
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], model: 'gpt-4o-2024-08-06' });
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(Math.ceil(text.length / 4));
    expect(chunks.every((chunk) => chunk.system_fingerprint === chunks[0]?.system_fingerprint)).toBe(true);
  });

  it('answers JSON that satisfies the schema, and any object for json_object', async () => {
    const schema = {
      type: 'object',
      properties: { brand: { type: 'string' }, score: { type: 'integer', minimum: 1, maximum: 5 } },
      required: ['brand', 'score'],
      additionalProperties: false,
    };
    const format = { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } };
    const strict = await ask('gpt-4o', { response_format: format });
    const value: unknown = JSON.parse(strict.choices[0]?.message.content ?? '');
    expect(z.fromJSONSchema(schema as JsonSchema).safeParse(value).success).toBe(true);
    const loose = await ask('gpt-4o', { response_format: { type: 'json_object' } });
    expect(JSON.parse(loose.choices[0]?.message.content ?? '')).toBeTypeOf('object');
  });

  it('stops at the token limit and at a stop sequence', async () => {
    const cut = await ask('gpt-4o', { max_tokens: 12 });
    expect(cut.choices[0]?.finish_reason).toBe('length');
    expect(cut.usage?.completion_tokens).toBe(12);
    const stopped = await ask('gpt-4o', { stop: ['.'] });
    expect(stopped.choices[0]?.finish_reason).toBe('stop');
    expect(stopped.choices[0]?.message.content).not.toContain('.');
  });

  it('cites its sources on the search model only', async () => {
    const answer = await ask('gpt-5-search-api', { web_search_options: {} });
    const message = answer.choices[0]?.message;
    const citation = message?.annotations?.[0]?.url_citation;
    expect(message?.content?.slice(citation?.start_index, citation?.end_index)).toContain(citation?.url);
    expect(await refusal(ask('gpt-4o', { web_search_options: {} }))).toMatchObject({
      status: 400,
      param: 'web_search_options',
    });
  });

  it.each([
    ['o3', { temperature: 0.2 }, 'unsupported_value', 'temperature'],
    ['o1', { temperature: 1 }, 'unsupported_parameter', 'temperature'],
    ['gpt-5-mini', { temperature: 0.5 }, 'unsupported_value', 'temperature'],
    ['gpt-6-sol', { temperature: 0.5 }, 'unsupported_value', 'temperature'],
    ['gpt-6-astra', { reasoning_effort: 'none' }, 'unsupported_value', 'reasoning_effort'],
    ['gpt-4o', { reasoning_effort: 'low' }, 'unsupported_parameter', 'reasoning_effort'],
    ['gpt-5.1', { reasoning_effort: 'xhigh' }, 'unsupported_value', 'reasoning_effort'],
    ['gpt-5.5', { reasoning_effort: 'max' }, 'unsupported_value', 'reasoning_effort'],
    ['gpt-5', { max_tokens: 100 }, 'unsupported_parameter', 'max_tokens'],
    ['o3', { stop: ['x'] }, 'unsupported_parameter', 'stop'],
    ['o3', { presence_penalty: 1 }, 'unsupported_parameter', 'presence_penalty'],
    ['gpt-4o', { messages: undefined }, 'missing_required_parameter', 'messages'],
    ['gpt-4o', { top_k: 3 }, 'unknown_parameter', 'top_k'],
    ['gpt-4o', { temperature: 3 }, 'decimal_above_max_value', 'temperature'],
    ['gpt-4o', { temperature: 'hot' }, 'invalid_type', 'temperature'],
    ['gpt-4o', { tools: [{ type: 'web_search' }] }, 'invalid_value', 'tools[0].type'],
  ])('refuses on %s: %j', async (model, extra, code, param) => {
    expect(await refusal(ask(model, extra))).toEqual({
      status: 400,
      code,
      param,
      type: 'invalid_request_error',
    });
  });

  it('takes a temperature where the family does', async () => {
    expect((await ask('gpt-6-luna', { temperature: 0.2, reasoning_effort: 'none' })).choices).toHaveLength(1);
    expect((await ask('my-local-model', { temperature: 0.2 })).choices).toHaveLength(1);
  });

  it('refuses an open schema in strict mode', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    const format = { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } };
    expect(await refusal(ask('gpt-4o', { response_format: format }))).toMatchObject({
      code: 'invalid_json_schema',
    });
  });

  it('sends models that only Responses has there', async () => {
    expect(await refusal(ask('gpt-5-pro'))).toMatchObject({ status: 404, param: 'model' });
  });

  it('refuses a wrong and a missing key', async () => {
    const wrong = new OpenAI({ apiKey: 'invalid', baseURL: `${server.url}/v1`, maxRetries: 0 });
    expect(await refusal(wrong.models.list())).toMatchObject({ status: 401, code: 'invalid_api_key' });
    const response = await fetch(`${server.url}/openai/v1/models`);
    expect(response.status).toBe(401);
  });

  it('lists models with their shutdown dates, and knows any other id', async () => {
    const models = (await client.models.list()).data;
    expect(models.length).toBeGreaterThanOrEqual(12);
    expect(models.find((model) => model.id === 'gpt-4o')).toMatchObject({ shutdown_date: '2027-01-14' });
    expect(models.find((model) => model.id === 'o3')).toMatchObject({ shutdown_date: '2026-12-11' });
    expect(await client.models.retrieve('my-model')).toMatchObject({ id: 'my-model', object: 'model' });
  });

  it('answers an unknown path and a body that is no JSON as OpenAI does', async () => {
    expect(await refusal(client.get('/nowhere'))).toMatchObject({ status: 404 });
    const headers = { authorization: 'Bearer k', 'content-type': 'application/json' };
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers,
      body: '{"a":',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });
});
