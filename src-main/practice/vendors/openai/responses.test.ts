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

const QUESTION = {
  instructions: 'Be brief.',
  input: 'Which bicycles suit commuters in Bremen?',
  store: false,
};

const ask = (model: string, extra: Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming> = {}) =>
  client.responses.create({ model, ...QUESTION, ...extra });

async function events(model: string, extra: Partial<OpenAI.Responses.ResponseCreateParamsStreaming> = {}) {
  const stream = await client.responses.create({ model, ...QUESTION, ...extra, stream: true });
  const seen: OpenAI.Responses.ResponseStreamEvent[] = [];
  for await (const event of stream) seen.push(event);
  return seen;
}

const SEARCH: Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming> = {
  tools: [{ type: 'web_search' }],
  include: ['web_search_call.action.sources', 'web_search_call.results'],
};

describe('Responses', () => {
  it('answers without a fingerprint and with whole usage', async () => {
    const answer = await ask('gpt-4o', { temperature: 0.2 });
    expect(answer).toMatchObject({
      object: 'response',
      status: 'completed',
      model: 'gpt-4o-2024-08-06',
      instructions: 'Be brief.',
      store: false,
      temperature: 0.2,
      error: null,
      incomplete_details: null,
    });
    expect(answer).not.toHaveProperty('system_fingerprint');
    expect(answer.output_text.length).toBeGreaterThan(500);
    expect(answer.usage?.total_tokens).toBe(
      (answer.usage?.input_tokens ?? 0) + (answer.usage?.output_tokens ?? 0),
    );
    expect(answer.usage?.input_tokens_details).toMatchObject({ cached_tokens: 0, cache_write_tokens: 0 });
  });

  it('puts a reasoning item first on models that reason', async () => {
    const answer = await ask('gpt-6-sol');
    expect(answer.output.map((item) => item.type)).toEqual(['reasoning', 'message']);
    expect(answer.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
    expect(answer.model).toBe('gpt-6-sol');
  });

  it('satisfies a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: { brands: { type: 'array', items: { type: 'string' } } },
      required: ['brands'],
      additionalProperties: false,
    };
    const answer = await ask('gpt-6-luna', {
      text: { format: { type: 'json_schema', name: 'answer', strict: true, schema } },
    });
    const value: unknown = JSON.parse(answer.output_text);
    expect(z.fromJSONSchema(schema as JsonSchema).safeParse(value).success).toBe(true);
  });

  it('is incomplete at the token limit', async () => {
    const answer = await ask('gpt-4o', { max_output_tokens: 20 });
    expect(answer).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    expect(answer.usage?.output_tokens).toBe(20);
  });

  it('searches and cites when the tool is there', async () => {
    const answer = await ask('gpt-6-sol', SEARCH);
    const [, call, message] = answer.output;
    if (call?.type !== 'web_search_call' || message?.type !== 'message') throw new Error('unexpected output');
    expect(call.status).toBe('completed');
    if (call.action.type !== 'search') throw new Error('unexpected action');
    expect(call.action.sources?.length).toBeGreaterThan(1);
    const [part] = message.content;
    if (part?.type !== 'output_text') throw new Error('unexpected part');
    const [citation] = part.annotations;
    if (citation?.type !== 'url_citation') throw new Error('unexpected citation');
    expect(part.text.slice(citation.start_index, citation.end_index)).toContain(citation.url);
    expect(call.action.sources?.map((source) => source.url)).toContain(citation.url);
    expect(answer.tool_usage?.web_search.num_requests).toBe(1);
  });

  it('does not search when it is told not to, or the fault says so', async () => {
    for (const answer of [
      await ask('gpt-6-sol', { ...SEARCH, tool_choice: 'none' }),
      await ask('gpt-6-sol@ungrounded', SEARCH),
    ]) {
      expect(answer.output.map((item) => item.type)).toEqual(['reasoning', 'message']);
      expect(answer.tool_usage?.web_search.num_requests).toBe(0);
    }
    const broken = await ask('gpt-6-sol@searcherror', SEARCH);
    expect(broken.output[1]).toMatchObject({ type: 'web_search_call', status: 'failed' });
  });

  it('streams typed events in order, ending with the whole answer', async () => {
    const seen = await events('gpt-6-sol', { tools: [{ type: 'web_search' }] });
    expect(seen.map((event) => event.sequence_number)).toEqual(seen.map((_, index) => index));
    const types = new Set(seen.map((event) => event.type));
    for (const type of [
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.web_search_call.searching',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.annotation.added',
      'response.output_text.done',
      'response.output_item.done',
    ] as const) {
      expect(types).toContain(type);
    }
    const last = seen.at(-1);
    if (last?.type !== 'response.completed') throw new Error(`ended with ${String(last?.type)}`);
    const deltas = seen
      .map((event) => (event.type === 'response.output_text.delta' ? event.delta : ''))
      .join('');
    const message = last.response.output.at(-1);
    expect(message).toMatchObject({ type: 'message', content: [{ type: 'output_text', text: deltas }] });
    expect(last.response.usage?.output_tokens).toBeGreaterThan(0);
  });

  it.each([
    ['gpt-4o@length', 'response.incomplete'],
    ['gpt-4o@blocked', 'response.incomplete'],
    ['gpt-4o@failed', 'response.failed'],
    ['gpt-4o@refusal', 'response.completed'],
  ])('ends the stream of %s with %s', async (model, type) => {
    expect((await events(model)).at(-1)?.type).toBe(type);
  });

  it('reports refusals, filters and failures inside a 200', async () => {
    expect((await ask('gpt-4o@refusal')).output.at(-1)).toMatchObject({ content: [{ type: 'refusal' }] });
    expect((await ask('gpt-4o@blocked')).incomplete_details).toEqual({ reason: 'content_filter' });
    expect(await ask('gpt-4o@failed')).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
  });

  it.each([
    ['o3', { temperature: 0.2 }, 'unsupported_parameter', 'temperature'],
    ['gpt-6.1-sol', { temperature: 0.2 }, 'unsupported_parameter', 'temperature'],
    ['gpt-6-sol', { temperature: 0.2, reasoning: { effort: 'low' } }, 'unsupported_parameter', 'temperature'],
    ['gpt-6-astra', { reasoning: { effort: 'none' } }, 'unsupported_value', 'reasoning.effort'],
    ['gpt-4o', { reasoning: { effort: 'low' } }, 'unsupported_parameter', 'reasoning.effort'],
    ['gpt-4o', { input: undefined }, 'missing_required_parameter', null],
    ['gpt-4o', { max_tokens: 5 }, 'unknown_parameter', 'max_tokens'],
  ])('refuses on %s: %j', async (model, extra, code, param) => {
    await expect(ask(model, extra as object)).rejects.toMatchObject({ status: 400, code, param });
  });

  it('takes a temperature with effort none, and pro models', async () => {
    expect((await ask('gpt-6-sol', { temperature: 0.2, reasoning: { effort: 'none' } })).status).toBe(
      'completed',
    );
    expect((await ask('gpt-5-pro')).status).toBe('completed');
  });
});
