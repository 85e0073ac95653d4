import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startPracticeServer } from '../..';
import type { PracticeServer } from '../..';

/** zod's own reader of JSON Schema is the judge of samples. */
type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

let server: PracticeServer;
let client: Anthropic;

beforeAll(async () => {
  server = await startPracticeServer();
  client = new Anthropic({ apiKey: 'practice', baseURL: `${server.url}/anthropic`, maxRetries: 0 });
});
afterAll(() => server.close());

type Params = Anthropic.MessageCreateParamsNonStreaming;

const params = (model: string, extra: object = {}): Params => ({
  model,
  max_tokens: 1_200,
  system: 'Be brief.',
  messages: [{ role: 'user', content: 'Which bicycles suit commuters in Bremen?' }],
  ...extra,
});

const ask = (model: string, extra: object = {}, headers: Record<string, string> = {}) =>
  client.messages.create(params(model, extra), { headers });

const OLD_VERSION = { 'anthropic-version': '2023-06-01' };
const SEARCH = { tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 3 }] };

async function refusalText(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Anthropic.BadRequestError)) throw new Error(`expected a 400, got ${String(error)}`);
  const body = z.object({
    type: z.literal('error'),
    error: z.object({ message: z.string() }),
    request_id: z.string(),
  });
  return body.parse(error.error).error.message;
}

describe('messages', () => {
  it('answers with the asked model, whole usage and rate headers', async () => {
    const { data, response, request_id } = await ask('claude-haiku-5-5').withResponse();
    expect(data).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-5-5',
      stop_reason: 'end_turn',
      stop_details: null,
      content: [{ type: 'text', citations: null }],
    });
    expect(data.usage).toMatchObject({
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens_details: { thinking_tokens: 0 },
      server_tool_use: null,
      service_tier: 'standard',
    });
    expect(request_id).toMatch(/^req_/);
    expect(response.headers.get('anthropic-ratelimit-input-tokens-limit')).toBe('400000');
    expect(response.headers.get('anthropic-ratelimit-requests-reset')).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('streams the same message, event by event', async () => {
    const stream = client.messages.stream(params('claude-opus-5-5', SEARCH));
    const types = new Set<string>();
    stream.on('streamEvent', (event) => types.add(event.type));
    const message = await stream.finalMessage();
    expect([...types]).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(message.content.map((block) => block.type).slice(0, 3)).toEqual([
      'thinking',
      'server_tool_use',
      'web_search_tool_result',
    ]);
    expect(message.content.find((block) => block.type === 'server_tool_use')?.input).toHaveProperty('query');
    const cited = message.content.filter(
      (block) => block.type === 'text' && (block.citations?.length ?? 0) > 0,
    );
    expect(cited.length).toBeGreaterThan(0);
    expect(message.stop_reason).toBe('end_turn');
    expect(message.usage.output_tokens).toBeGreaterThan(100);
    expect(message.usage.server_tool_use?.web_search_requests).toBe(1);
  });

  it('grounds an answer in sources that it lists', async () => {
    const message = await ask('claude-haiku-5-5', SEARCH);
    const result = message.content.find((block) => block.type === 'web_search_tool_result');
    if (!Array.isArray(result?.content)) throw new Error('no results');
    const urls = result.content.map((item) => item.url);
    const citations = message.content.flatMap((block) =>
      block.type === 'text' ? (block.citations ?? []) : [],
    );
    expect(citations.length).toBeGreaterThan(0);
    for (const citation of citations) {
      if (citation.type !== 'web_search_result_location') throw new Error('unexpected citation');
      expect(urls).toContain(citation.url);
    }
  });

  it('leaves the search out, or reports its failure inside a 200', async () => {
    const ungrounded = await ask('claude-haiku-5-5@ungrounded', SEARCH);
    expect(ungrounded.content.map((block) => block.type)).toEqual(['text']);
    const failed = await ask('claude-haiku-5-5@searcherror', SEARCH);
    expect(failed.content[1]).toMatchObject({
      type: 'web_search_tool_result',
      content: { type: 'web_search_tool_result_error', error_code: 'unavailable' },
    });
    expect(failed.usage.server_tool_use?.web_search_requests).toBe(0);
  });

  it('satisfies an output format', async () => {
    const schema = {
      type: 'object',
      properties: { brand: { type: 'string' }, price: { type: 'number' } },
      required: ['brand', 'price'],
      additionalProperties: false,
    };
    const message = await ask('claude-haiku-5-5', {
      output_config: { format: { type: 'json_schema', schema } },
    });
    const [block] = message.content;
    const value: unknown = JSON.parse(block?.type === 'text' ? block.text : '');
    expect(z.fromJSONSchema(schema as JsonSchema).safeParse(value).success).toBe(true);
  });

  it.each([
    ['claude-haiku-5-5', { temperature: 1 }, {}, 'temperature: Extra inputs are not permitted'],
    ['claude-opus-4-6', { top_k: 5 }, {}, 'top_k: Extra inputs are not permitted'],
    [
      'claude-opus-4-7',
      { temperature: 0.3 },
      OLD_VERSION,
      'temperature: only 1.0 is supported for this model',
    ],
    ['claude-haiku-5-5', { max_tokens: undefined }, {}, 'max_tokens: Field required'],
    ['claude-haiku-5-5', { messages: undefined }, {}, 'messages: Field required'],
    ['claude-haiku-5-5', { seed: 1 }, {}, 'seed: Extra inputs are not permitted'],
    [
      'claude-opus-5-5',
      { thinking: { type: 'disabled' } },
      {},
      'thinking: this model does not support disabling thinking',
    ],
    [
      'claude-sonnet-5-5',
      { tool_choice: { type: 'any' } },
      {},
      'tool_choice: "any" is not supported for this model',
    ],
  ])('refuses on %s: %j %j', async (model, extra, headers, text) => {
    expect(await refusalText(ask(model, extra, headers))).toBe(text);
  });

  it('refuses what structured outputs do not take', async () => {
    const ask4 = (model: string, schema: object) =>
      refusalText(ask(model, { output_config: { format: { type: 'json_schema', schema } } }));
    expect(await ask4('claude-opus-4-20250514', { type: 'object', additionalProperties: false })).toContain(
      'not supported',
    );
    expect(await ask4('claude-haiku-5-5', { type: 'object' })).toContain('additionalProperties');
    const bounded = {
      type: 'object',
      additionalProperties: false,
      properties: { a: { type: 'integer', minimum: 1 } },
    };
    expect(await ask4('claude-haiku-5-5', bounded)).toContain('minimum');
  });

  it('takes a temperature up to 4.6 under the old version', async () => {
    for (const model of ['claude-opus-4-6', 'claude-3-opus-20240229', 'claude-sonnet-4-20250514']) {
      expect((await ask(model, { temperature: 0.3 }, OLD_VERSION)).stop_reason).toBe('end_turn');
    }
    expect((await ask('claude-opus-4-7', { temperature: 1 }, OLD_VERSION)).stop_reason).toBe('end_turn');
  });

  it.each([
    ['claude-haiku-5-5@refusal', 'refusal'],
    ['claude-haiku-5-5@length', 'max_tokens'],
    ['claude-haiku-5-5@paused', 'pause_turn'],
  ])('ends %s with %s', async (model, reason) => {
    expect((await ask(model)).stop_reason).toBe(reason);
  });

  it('says why it refused, and finishes a paused turn that is sent back', async () => {
    expect((await ask('claude-haiku-5-5@refusal')).stop_details).toMatchObject({ category: 'general_harms' });
    const paused = await ask('claude-haiku-5-5@paused');
    const messages = [
      { role: 'user', content: 'Which bicycles suit commuters in Bremen?' },
      { role: 'assistant', content: paused.content },
    ];
    expect((await ask('claude-haiku-5-5@paused', { messages })).stop_reason).toBe('end_turn');
  });

  it('names the stop sequence', async () => {
    expect(await ask('claude-haiku-5-5', { stop_sequences: ['.'] })).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: '.',
    });
  });

  it('refuses a wrong key and a missing version', async () => {
    const wrong = new Anthropic({ apiKey: 'invalid', baseURL: server.url, maxRetries: 0 });
    await expect(wrong.models.list()).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    const response = await fetch(`${server.url}/anthropic/v1/models`, { headers: { 'x-api-key': 'k' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: 'anthropic-version: header is required' },
    });
  });

  it('lists models page by page', async () => {
    const first = await client.models.list({ limit: 5 });
    expect(first).toMatchObject({ has_more: true, first_id: first.data[0]?.id, last_id: first.data[4]?.id });
    const all: Anthropic.ModelInfo[] = [];
    for await (const model of client.models.list({ limit: 5 })) all.push(model);
    expect(new Set(all.map((model) => model.id)).size).toBe(12);
    expect(all.find((model) => model.id === 'claude-3-opus-20240229')).toMatchObject({
      lifecycle: 'retired',
    });
    const opus = all.find((model) => model.id === 'claude-opus-5-5');
    expect(opus?.capabilities?.structured_outputs.supported).toBe(true);
    expect(opus?.capabilities?.thinking.types.disabled.supported).toBe(false);
    expect(await client.models.retrieve('claude-next')).toMatchObject({ id: 'claude-next', type: 'model' });
  });

  it('is found at the root too', async () => {
    const root = new Anthropic({ apiKey: 'practice', baseURL: server.url, maxRetries: 0 });
    expect((await root.messages.create(params('claude-haiku-5-5'))).type).toBe('message');
    expect((await root.models.list()).data[0]?.type).toBe('model');
  });
});
