import { hash } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startPracticeServer } from '.';

const HEADERS = {
  authorization: 'Bearer k',
  'x-goog-api-key': 'k',
  'anthropic-version': '2026-10-21',
  'content-type': 'application/json',
};

describe('the server', () => {
  it('refuses a body beyond 32 MB with 413 in the vendor’s shape', async () => {
    const server = await startPracticeServer();
    const body = Buffer.alloc(32 * 1024 * 1024 + 1, 0x20);
    const response = await fetch(`${server.url}/anthropic/v1/messages`, {
      method: 'POST',
      headers: HEADERS,
      body,
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'request_too_large' } });
    expect(server.journal()[0]).toMatchObject({ request_sha256: hash('sha256', body, 'hex') });
    await server.close();
  });

  it('listens on loopback only', async () => {
    await expect(startPracticeServer({ host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });

  it('says so when its port is taken', async () => {
    const server = await startPracticeServer();
    await expect(startPracticeServer({ port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await server.close();
  });

  it('answers many requests on one connection', async () => {
    const server = await startPracticeServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    const ask = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const call = httpRequest(
          `${server.url}/openai/v1/models`,
          { agent, headers: HEADERS },
          (response) => {
            sockets.add(response.socket);
            response.resume().on('end', () => resolve(response.statusCode));
          },
        );
        call.on('error', reject).end();
      });
    for (let index = 0; index < 5; index += 1) expect(await ask()).toBe(200);
    expect(sockets.size).toBe(1);
    agent.destroy();
    await server.close();
  });

  it('answers any JSON at all without failing itself', async () => {
    const server = await startPracticeServer({ keepJournal: false });
    const message = fc.record({
      role: fc.constantFrom('user', 'system', 'model', 'assistant'),
      content: fc.jsonValue(),
    });
    const model = fc.oneof(fc.constantFrom('gpt-4o', 'o3', 'claude-opus-5-5', 'x'), fc.string());
    const value = (field: string): fc.Arbitrary<unknown> =>
      fc.oneof(fc.constant(KNOWN[field]), fc.jsonValue({ maxDepth: 3 }));
    const requests = Object.entries(FIELDS).map(([path, fields]) =>
      fc
        .tuple(
          fc.record(Object.fromEntries(fields.map((field) => [field, value(field)])), { requiredKeys: [] }),
          model,
          fc.array(message),
        )
        .map(([extra, name, messages]) => ({
          path,
          body: path.startsWith('/google')
            ? { contents: messages.map(({ role, content }) => ({ role, parts: [content] })), ...extra }
            : {
                model: name,
                [path.endsWith('responses') ? 'input' : 'messages']: messages,
                max_tokens: 50,
                ...extra,
              },
        })),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(...requests), async ({ path, body }) => {
        const text = JSON.stringify(body);
        const response = await fetch(`${server.url}${path}`, {
          method: 'POST',
          headers: HEADERS,
          body: text,
        });
        if (response.status >= 500) throw new Error(`${path} ${text}: ${await response.text()}`);
        await response.arrayBuffer();
      }),
      { numRuns: 600 },
    );
    await server.close();
  });
});

const SCHEMA = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};

/** A value that each field takes; the property mixes these with anything. */
const KNOWN: Readonly<Record<string, unknown>> = {
  stream: true,
  response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema: SCHEMA } },
  text: { format: { type: 'json_schema', name: 'x', schema: SCHEMA } },
  tools: [{ type: 'web_search' }, { type: 'web_search_20250305' }, { googleSearch: {} }],
  output_config: { format: { type: 'json_schema', schema: SCHEMA } },
  generationConfig: { responseMimeType: 'application/json', responseJsonSchema: SCHEMA },
  systemInstruction: { parts: [{ text: 'Be brief.' }] },
  system: [{ type: 'text', text: 'Be brief.' }],
  thinking: { type: 'adaptive' },
  stop: ['a'],
  stop_sequences: ['a'],
};

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '/openai/v1/chat/completions': [
    'stream',
    'response_format',
    'stop',
    'temperature',
    'web_search_options',
    'n',
  ],
  '/openai/v1/responses': [
    'stream',
    'text',
    'tools',
    'include',
    'reasoning',
    'instructions',
    'tool_choice',
    'input',
  ],
  '/anthropic/v1/messages': [
    'stream',
    'output_config',
    'tools',
    'system',
    'thinking',
    'stop_sequences',
    'cache_control',
  ],
  '/google/v1/models/gemini-3.8-flash:generateContent': [
    'generationConfig',
    'tools',
    'systemInstruction',
    'contents',
  ],
  '/google/v1beta/models/gemini-2.0-flash:streamGenerateContent': [
    'generationConfig',
    'tools',
    'continuationToken',
  ],
};
