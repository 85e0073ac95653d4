import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chatBody } from '../../test/support/held-server';
import { connectionTo, practiceCore } from '../../test/support/practice-core';
import { createEchoGuard } from './http';
import { createCompatibleClient } from './compatible';
import { tryDialect } from './dialect-trial';
import { modelToTry } from './model-to-try';

type Body = Record<string, unknown>;
type Answer = (body: Body, response: ServerResponse) => void;

/** A server of chat completions: it lists its models for nothing, and a script answers its calls. */
async function chatServer(answer: Answer, models: readonly string[] | number = ['bge-m3', 'llama-3.2-3b']) {
  const calls: Body[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      if (request.method === 'GET') {
        if (typeof models === 'number') return reply(response, models, { error: { message: 'no list' } });
        return reply(response, 200, { data: models.map((id) => ({ id })) });
      }
      const body = JSON.parse(text) as Body;
      calls.push(body);
      answer(body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return { url: `http://127.0.0.1:${address.port}/v1`, calls };
}

async function textOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function takes(body: Body, response: ServerResponse): void {
  if (body['stream'] !== true) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(chatBody('{"ok": true}'));
    return;
  }
  const chunk = { id: 'c', object: 'chat.completion.chunk', model: 'm' };
  const events = [
    { ...chunk, choices: [{ index: 0, delta: { content: '{"ok": true}' } }] },
    { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  ];
  response
    .writeHead(200, { 'content-type': 'text/event-stream' })
    .end(
      [...events.map((event) => JSON.stringify(event)), '[DONE]'].map((data) => `data: ${data}\n\n`).join(''),
    );
}

/** Takes everything but what it does not know. */
const refusing =
  (status: number, ...unknown: readonly string[]): Answer =>
  (body, response) => {
    const field = unknown.find((name) => JSON.stringify(body).includes(`"${name}"`));
    if (field === undefined) takes(body, response);
    else reply(response, status, { error: { message: `Unknown field ${field}` } });
  };

const failing =
  (status: number): Answer =>
  (_, response) =>
    reply(response, status, { error: { message: 'not now' } });

async function tested(answer: Answer, models?: readonly string[] | number) {
  const server = await chatServer(answer, models);
  const { core } = await practiceCore();
  const connection_id = await connectionTo(core, server.url);
  const test = (more: { calls?: boolean; model_id?: string } = {}) =>
    core.connections.test({ connection_id, calls: true, ...more });
  const dialect = async () =>
    (await core.connections.list()).items.find((item) => item.connection_id === connection_id)?.dialect;
  return { ...server, core, connection_id, test, dialect };
}

describe('a test of a server of one’s own finds what it understands', () => {
  it.each([
    ['everything', [], 'send', 'json_schema', 2],
    ['no stream_options', ['stream_options'], 'omit', 'json_schema', 3],
    ['no json_schema', ['json_schema'], 'send', 'json_object', 3],
    ['no response_format', ['response_format'], 'send', 'none', 4],
    ['neither', ['stream_options', 'json_schema'], 'omit', 'json_object', 4],
  ] as const)('that takes %s', async (_, unknown, stream_options, response_format, count) => {
    const { test, dialect, calls } = await tested(refusing(400, ...unknown));
    expect(await test()).toMatchObject({
      ok: true,
      trial: { calls: count, model_id: 'llama-3.2-3b', stream_options, response_format },
    });
    expect(calls).toHaveLength(count);
    expect(await dialect()).toEqual({
      stream_options: null,
      stream_options_found: stream_options,
      response_format: null,
      response_format_found: response_format,
    });
  });

  it('and a 422 is a refusal as well', async () => {
    const { test } = await tested(refusing(422, 'stream_options'));
    expect((await test()).trial).toMatchObject({ stream_options: 'omit' });
  });

  it('and a server without a model list is tried with the model that is named', async () => {
    const { test, calls } = await tested(refusing(400, 'json_schema'), 404);
    expect((await test()).trial).toMatchObject({
      calls: 0,
      message: expect.stringContaining('--model') as string,
    });
    expect(await test({ model_id: 'mine' })).toMatchObject({
      ok: false,
      trial: { model_id: 'mine', response_format: 'json_object' },
    });
    expect(calls.every(({ model }) => model === 'mine')).toBe(true);
  });
});

describe('an answer that shows nothing leaves it unknown', () => {
  it.each([
    ['a rate limit', failing(429)],
    ['a fault of the server', failing(500)],
    ['an overload', failing(503)],
    ['a refused key', failing(401)],
    ['a model that is not there', failing(404)],
    ['an answer that is none', (_body, response) => response.writeHead(200).end('<html>')],
    ['a connection that ends', (_body, response) => response.destroy()],
  ] satisfies [string, Answer][])('%s, and nothing more is sent', async (_, answer) => {
    const { test, dialect, calls } = await tested(answer);
    const { trial } = await test();
    expect(trial).toMatchObject({ calls: 1, stream_options: null, response_format: null });
    expect(trial?.message).toMatch(/still unknown: ./);
    expect(calls).toHaveLength(1);
    expect(await dialect()).toMatchObject({ stream_options_found: null, response_format_found: null });
  });

  it('a server that refuses the plain call, too', async () => {
    const { test, dialect, calls } = await tested(failing(400));
    expect((await test()).trial?.message).toMatch(/even a plain call: not now/);
    expect(calls).toHaveLength(2);
    expect(await dialect()).toMatchObject({ stream_options_found: null, response_format_found: null });
  });

  it('a model that fails to write the JSON it was asked for', async () => {
    const { test } = await tested((body, response) =>
      'response_format' in body
        ? reply(response, 400, { error: { message: 'no JSON', code: 'json_validate_failed' } })
        : takes(body, response),
    );
    expect((await test()).trial).toMatchObject({ stream_options: 'send', response_format: null });
  });

  it('a server that does not answer in time', async () => {
    const { url } = await chatServer(() => undefined);
    const trial = await tryDialect(
      {
        client: createCompatibleClient(),
        guard: createEchoGuard(null),
        ids: { uuid: () => 'id' },
      },
      {
        connectionId: 'c',
        providerId: 'lm-studio',
        protocol: 'openai_chat',
        baseUrl: url,
        secret: null,
        dialect: { streamOptions: 'send', responseFormat: 'json_schema' },
      },
      {
        modelId: 'm',
        fields: ['stream_options', 'response_format'],
        signal: new AbortController().signal,
        timeoutMs: 50,
      },
    );
    expect(trial).toMatchObject({ calls: 1, stream_options: null, response_format: null });
  });

  it('and what an earlier test found stays', async () => {
    let answer = refusing(400, 'stream_options');
    const { test, dialect } = await tested((body, response) => answer(body, response));
    await test();
    answer = failing(429);
    await test();
    expect(await dialect()).toMatchObject({
      stream_options_found: 'omit',
      response_format_found: 'json_schema',
    });
  });
});

describe('nothing is sent', () => {
  it('where only the model list was asked for', async () => {
    const { test, calls } = await tested(refusing(400, 'stream_options'));
    expect(await test({ calls: false })).toMatchObject({ ok: true, trial: null });
    expect(calls).toEqual([]);
  });

  it('for what the user set, which stays', async () => {
    const { core, connection_id, test, dialect, calls } = await tested(refusing(400, 'stream_options'));
    await core.connections.setDialect({ connection_id, stream_options: 'send' });
    expect((await test()).trial).toMatchObject({
      calls: 1,
      stream_options: null,
      response_format: 'json_schema',
    });
    expect(await dialect()).toMatchObject({ stream_options: 'send', stream_options_found: null });
    await core.connections.setDialect({ connection_id, response_format: 'none' });
    expect((await test()).trial).toBeNull();
    expect(calls).toHaveLength(1);
  });

  it('to a server that could not list its models for a reason that calls would meet too', async () => {
    const { test, calls } = await tested(takes, 401);
    expect(await test()).toMatchObject({ ok: false, trial: null });
    expect(calls).toEqual([]);
  });

  it('to practice models, whose server is known', async () => {
    const { core, requests } = await practiceCore();
    const { items } = await core.connections.list();
    for (const { connection_id } of items) {
      expect((await core.connections.test({ connection_id, calls: true })).trial).toBeNull();
    }
    expect(requests().filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

it('a key that the server says back is not in what is shown or stored', async () => {
  const secret = 'sk-canary-0123456789';
  const { url } = await chatServer((_, response) =>
    reply(response, 400, { error: { message: `Bad request with ${secret}` } }),
  );
  const { core } = await practiceCore();
  const connection_id = await connectionTo(core, url, { secret });
  const result = await core.connections.test({ connection_id, calls: true });
  expect(result.trial?.calls).toBe(2);
  expect(JSON.stringify([result, await core.connections.list()])).not.toContain(secret);
});

it('the model to try chats and, by its name, costs little', () => {
  const models = (...ids: string[]) => ids.map((model_id) => ({ model_id }));
  expect(modelToTry(models('gpt-4o', 'gpt-4o-mini', 'gpt-4o-mini-tts'))).toBe('gpt-4o-mini');
  expect(modelToTry(models('text-embedding-3', 'llama-3.1-70b'))).toBe('llama-3.1-70b');
  expect(modelToTry(models('whisper-1'))).toBeNull();
});
