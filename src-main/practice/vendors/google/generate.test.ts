import { ApiError, GoogleGenAI } from '@google/genai';
import type { GenerateContentConfig } from '@google/genai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startPracticeServer } from '../..';
import type { PracticeServer } from '../..';

/** zod's own reader of JSON Schema is the judge of samples. */
type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

let server: PracticeServer;
let client: GoogleGenAI;

const connect = (apiKey: string, apiVersion: 'v1' | 'v1beta', prefix = '/google') =>
  new GoogleGenAI({
    apiKey,
    vertexai: false,
    apiVersion,
    httpOptions: { baseUrl: `${server.url}${prefix}` },
  });

beforeAll(async () => {
  server = await startPracticeServer();
  client = connect('practice', 'v1');
});
afterAll(() => server.close());

const contents = 'Which bicycles suit commuters in Bremen?';
const ask = (model: string, config: GenerateContentConfig = {}, via: GoogleGenAI = client) =>
  via.models.generateContent({ model, contents, config: { automaticContinuation: false, ...config } });

const SEARCH: GenerateContentConfig = { tools: [{ googleSearch: {} }] };

async function refusal(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`expected an ApiError, got ${String(error)}`);
  const body = z.object({
    error: z.object({
      code: z.number(),
      message: z.string(),
      status: z.string(),
      details: z.array(z.looseObject({})).optional(),
    }),
  });
  return body.parse(JSON.parse(error.message)).error;
}

describe('generateContent', () => {
  it('answers with version, response id and whole usage', async () => {
    const answer = await ask('gemini-3.8-flash', { systemInstruction: 'Be brief.', temperature: 0.3 });
    expect(answer.text?.length).toBeGreaterThan(1_000);
    expect(answer).toMatchObject({
      modelVersion: 'gemini-3.8-flash',
      candidates: [{ finishReason: 'STOP', index: 0 }],
    });
    expect(answer.responseId).toBeTruthy();
    const usage = answer.usageMetadata;
    expect(usage?.totalTokenCount).toBe(
      (usage?.promptTokenCount ?? 0) + (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
    );
  });

  it.each([
    ['gemini-2.0-flash', 'gemini-2.0-flash-001'],
    ['gemini-4-argon', 'gemini-4-argon'],
    ['my-model', 'my-model'],
  ])('answers %s as version %s', async (asked, version) => {
    expect((await ask(asked)).modelVersion).toBe(version);
  });

  it.each(['model', 'model_name'])('can name the version in `%s` alone', async (field) => {
    const headers = { 'x-goog-api-key': 'k', 'content-type': 'application/json' };
    const body = JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] });
    const url = `${server.url}/google/v1beta/models/gemini-2.0-flash@versionfield=${field}:generateContent`;
    const answer: unknown = await fetch(url, { method: 'POST', headers, body }).then((response) =>
      response.json(),
    );
    expect(answer).toHaveProperty(field, 'gemini-2.0-flash-001');
    expect(answer).not.toHaveProperty('modelVersion');
  });

  it('streams partial answers; the last one carries finish and usage', async () => {
    const stream = await client.models.generateContentStream({
      model: 'gemini-3.8-flash',
      contents,
      config: { ...SEARCH, automaticContinuation: false },
    });
    let text = '';
    let last;
    let count = 0;
    for await (const part of stream) {
      text += part.text ?? '';
      last = part;
      count += 1;
    }
    expect(count).toBeGreaterThan(5);
    expect(last?.candidates?.[0]?.finishReason).toBe('STOP');
    expect(last?.usageMetadata?.candidatesTokenCount).toBe(Math.ceil(text.length / 4));
    const support = last?.candidates?.[0]?.groundingMetadata?.groundingSupports?.[0]?.segment;
    expect(Buffer.from(text).subarray(support?.startIndex, support?.endIndex).toString()).toBe(support?.text);
  });

  it('grounds in byte offsets of the part', async () => {
    const answer = await client.models.generateContent({
      model: 'gemini-3.8-flash',
      contents: 'Größe überall: Straße, Fußgänger, Öl',
      config: { ...SEARCH, automaticContinuation: false },
    });
    const grounding = answer.candidates?.[0]?.groundingMetadata;
    expect(grounding?.webSearchQueries).toHaveLength(1);
    expect(grounding?.searchEntryPoint?.renderedContent).toContain('<div');
    const supports = grounding?.groundingSupports ?? [];
    expect(supports.length).toBeGreaterThan(1);
    const bytes = Buffer.from(answer.text ?? '');
    for (const { segment, groundingChunkIndices } of supports) {
      expect(bytes.subarray(segment?.startIndex, segment?.endIndex).toString()).toBe(segment?.text);
      expect(grounding?.groundingChunks?.[groundingChunkIndices?.[0] ?? -1]?.web?.uri).toMatch(/^https:/);
    }
    expect(answer.usageMetadata?.toolUsePromptTokenCount).toBeGreaterThan(0);
    expect(
      (await ask('gemini-3.8-flash@ungrounded', SEARCH)).candidates?.[0]?.groundingMetadata,
    ).toBeUndefined();
  });

  it('satisfies a JSON schema, also with search on Gemini 3', async () => {
    const schema = { type: 'object', properties: { brand: { type: 'string' } }, required: ['brand'] };
    const config = { responseMimeType: 'application/json', responseJsonSchema: schema };
    for (const answer of [
      await ask('gemini-2.0-flash', config),
      await ask('gemini-3.8-flash', { ...config, ...SEARCH }),
    ]) {
      const value: unknown = JSON.parse(answer.text ?? '');
      expect(z.fromJSONSchema(schema as JsonSchema).safeParse(value).success).toBe(true);
    }
  });

  it('refuses JSON with search up to 2.5', async () => {
    for (const model of ['gemini-2.0-flash', 'gemini-2.5-pro']) {
      const error = await refusal(ask(model, { ...SEARCH, responseMimeType: 'application/json' }));
      expect(error).toMatchObject({
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: "Tool use with a response mime type: 'application/json' is unsupported",
      });
    }
  });

  it('refuses what a family does not have', async () => {
    expect(await refusal(ask('gemma-3-27b-it', { systemInstruction: 'Be brief.' }))).toMatchObject({
      code: 400,
    });
    expect(await refusal(ask('gemini-3.8-flash', { candidateCount: 2 }))).toMatchObject({ code: 400 });
    const prefilled = client.models.generateContent({
      model: 'gemini-4-argon',
      contents: [
        { role: 'user', parts: [{ text: 'Hello' }] },
        { role: 'model', parts: [{ text: 'Well' }] },
      ],
    });
    expect(await refusal(prefilled)).toMatchObject({ code: 400 });
  });

  it('refuses unknown fields and missing contents as protobuf does', async () => {
    const headers = { 'x-goog-api-key': 'k', 'content-type': 'application/json' };
    const url = `${server.url}/google/v1/models/gemini-3.8-flash:generateContent`;
    const post = (body: object) => fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    const contentsOf = [{ parts: [{ text: 'Hello' }] }];
    const unknown = await post({ contents: contentsOf, generationConfig: { max_tokens: 5 } });
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({
      error: { details: [{ fieldViolations: [{ field: 'generation_config' }] }] },
    });
    expect((await post({})).status).toBe(400);
  });

  it('has -latest aliases on v1beta only', async () => {
    expect((await ask('gemini-flash-latest', {}, connect('practice', 'v1beta'))).text).toBeTruthy();
    expect(await refusal(ask('gemini-flash-latest'))).toMatchObject({ code: 404, status: 'NOT_FOUND' });
  });

  it('refuses a wrong key with 400 and a missing one with 401', async () => {
    expect(await refusal(ask('gemini-3.8-flash', {}, connect('invalid', 'v1')))).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      details: [{ reason: 'API_KEY_INVALID' }],
    });
    expect((await fetch(`${server.url}/google/v1/models`)).status).toBe(401);
  });

  it('reports refusals, blocked prompts, limits and continuations', async () => {
    expect((await ask('gemini-3.8-flash@refusal')).candidates?.[0]?.finishReason).toBe('SAFETY');
    const blocked = await ask('gemini-3.8-flash@blocked');
    expect(blocked.candidates).toBeUndefined();
    expect(blocked.promptFeedback?.blockReason).toBe('PROHIBITED_CONTENT');
    expect((await ask('gemini-3.8-flash@length')).candidates?.[0]?.finishReason).toBe('MAX_TOKENS');
    expect((await ask('gemini-3.8-flash', { maxOutputTokens: 10 })).candidates?.[0]?.finishReason).toBe(
      'MAX_TOKENS',
    );
    const paused = await ask('gemini-3.8-flash@paused');
    expect(paused.candidates?.[0]).toMatchObject({ finishReason: 'CONTINUATION' });
    const continuationToken = paused.candidates?.[0]?.continuationToken;
    const resumed = await ask('gemini-3.8-flash@paused', { continuationToken });
    expect(resumed.candidates?.[0]?.finishReason).toBe('STOP');
  });

  it('lists models page by page on both versions, and at the root', async () => {
    const names: (string | undefined)[] = [];
    for await (const model of await client.models.list({ config: { pageSize: 5 } })) names.push(model.name);
    expect(new Set(names).size).toBe(12);
    expect(names).toContain('models/gemini-3.8-flash');
    const beta = await connect('practice', 'v1beta', '').models.list();
    expect(beta.page.map((model) => model.name)).toContain('models/gemini-flash-latest');
    expect(await client.models.get({ model: 'gemini-2.0-flash' })).toMatchObject({
      name: 'models/gemini-2.0-flash',
      version: '2.0',
      supportedActions: ['generateContent', 'countTokens'],
    });
  });
});
