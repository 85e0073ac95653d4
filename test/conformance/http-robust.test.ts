import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpHost, type HttpHost } from '../../src-main/hosts/http';
import type { Core } from '../../src-main/ports';
import { createFakeCore } from './fake-core';
import { rawRequest } from './raw-request';
import { openTestCore, type TestCore } from './test-core';

const quiet = { log: () => {} };
const common = { logger: quiet, version: '1.2.3', port: 0, rendererDir: null };
const portOf = (host: HttpHost) => Number(new URL(host.url).port);
const bearer = (host: HttpHost) => ({ authorization: `Bearer ${host.token}` });

describe('requests that are not as they should be', () => {
  let host: HttpHost;
  beforeAll(async () => {
    host = await startHttpHost({ ...common, core: createFakeCore() });
  });
  afterAll(() => host.close());
  const call = (
    method: string,
    path: string,
    { body, headers = {} }: { body?: string; headers?: Record<string, string> } = {},
  ) => fetch(`${host.url}${path}`, { method, body, headers: { ...bearer(host), ...headers } });

  test.each([
    ['{"name":"a",\n"name":"b"}', /^The body, line 2, column 1: The key "name" is repeated/],
    [
      '{"variables":{"id":12345678901234567890}}',
      /column 20: the number 12345678901234567890 cannot be kept exactly/,
    ],
  ])('what would be changed on the way is refused with its place: %s', async (body, message) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await call('POST', '/v1/templates', { body, headers });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ message: expect.stringMatching(message) });
  });

  test.each([
    ['POST', '/v1/status', 'GET'],
    ['DELETE', '/v1/templates', 'POST, GET'],
    ['PATCH', '/v1/templates/x', 'GET'],
    ['GET', '/v1/templates/x/run', 'POST'],
    ['HEAD', '/v1/status', 'GET'],
    ['GET', '/rpc/templates/list', 'POST'],
    ['PUT', '/metrics', 'GET'],
  ])('%s %s is not allowed, and what is allowed there is said', async (method, path, allowed) => {
    const answer = await call(method, path);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
    if (method !== 'HEAD') expect(await answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });

  test.each([
    ['DELETE', '/v1/nothing'],
    ['GET', '/v1/nothing'],
    ['GET', '/v1/status/'],
    ['POST', '/v1/templates//run'],
    ['POST', '/rpc/templates/nothing'],
    ['PUT', '/somewhere'],
  ])('%s %s finds nothing', async (method, path) => {
    const answer = await call(method, path);
    expect([400, 404]).toContain(answer.status);
    expect(await answer.json()).toMatchObject({ status: answer.status, data: {} });
  });

  test('an id that is not UTF-8 is a bad request, not a bug', async () => {
    expect((await call('GET', '/v1/templates/%E2%82')).status).toBe(400);
  });

  test('a body that is packed is refused, not read as if it were not', async () => {
    const answer = await call('POST', '/v1/templates', {
      body: '{}',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(answer.status).toBe(415);
  });

  test('no name in a query or a body reaches the prototype of all objects', async () => {
    const json = { 'content-type': 'application/json' };
    await call('GET', '/v1/templates?__proto__[a]=1&constructor[prototype][b]=1&q[__proto__][c]=1');
    await call('POST', '/v1/templates', { body: '{"__proto__":{"d":1}}', headers: json });
    await call('POST', '/rpc/templates/list', {
      body: '{"json":{"__proto__":{"e":1}},"meta":[[1,"__proto__","f"]]}',
      headers: json,
    });
    const fresh: Record<string, unknown> = {};
    expect(['a', 'b', 'c', 'd', 'e', 'f'].filter((name) => fresh[name] !== undefined)).toEqual([]);
  });

  test.each([
    ['two lengths', ['Content-Length: 2', 'Content-Length: 3'], 400],
    ['a length and chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked'], 400],
    ['a space before a colon', ['X-A : b'], 400],
    ['a folded header', ['X-A: b', ' c'], 400],
    ['headers without end', [`X-A: ${'a'.repeat(20_000)}`], 431],
  ])('a request with %s is refused in the shape of all errors', async (_what, lines, status) => {
    const answer = await rawRequest(
      portOf(host),
      [
        'POST /v1/templates HTTP/1.1',
        `Host: 127.0.0.1:${portOf(host)}`,
        `Authorization: Bearer ${host.token}`,
        ...lines,
      ],
      `0\r\n\r\nGET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:${portOf(host)}\r\n\r\n`,
    );
    expect(answer.status).toBe(status);
    expect(answer.head).toContain('connection: close');
    // Exactly one answer: what came after it on the connection was not taken for a request.
    expect(JSON.parse(answer.body)).toEqual({
      code: expect.any(String),
      status,
      message: expect.any(String),
      data: {},
    });
  });
});

describe('a client that takes its time', () => {
  let host: HttpHost;
  const core = createFakeCore();
  beforeAll(async () => {
    host = await startHttpHost({ ...common, core, arrival: { headersMs: 1_000, requestMs: 2_000 } });
  });
  afterAll(() => host.close());

  /** Sends the beginning of a request and answers with all that comes back until the server ends it. */
  function slowly(lines: readonly string[]): Promise<string> {
    return new Promise((resolve) => {
      const socket: Socket = connect(portOf(host), '127.0.0.1');
      let received = '';
      socket.setEncoding('utf8').on('data', (text: string) => (received += text));
      socket.on('error', () => {}).on('close', () => resolve(received));
      socket.write(lines.join('\r\n'));
    });
  }

  test('is cut off while it sends, and waited for while it listens', async () => {
    const listener = get(`${host.url}/v1/changes`, { headers: bearer(host) });
    const stream = await new Promise<IncomingMessage>((resolve) => listener.on('response', resolve));
    let ended = false;
    stream.on('error', () => {}).on('close', () => (ended = true));
    stream.resume();

    const head = ['POST /v1/templates HTTP/1.1', `Host: 127.0.0.1:${portOf(host)}`];
    const inHeaders = await slowly(head);
    expect(inHeaders).toMatch(/^HTTP\/1\.1 408 .*"code":"REQUEST_TIMEOUT"/s);
    const inBody = await slowly([
      ...head,
      `Authorization: Bearer ${host.token}`,
      'Content-Type: application/json',
      'Content-Length: 100',
      '',
      '{',
    ]);
    expect(inBody === '' || inBody.startsWith('HTTP/1.1 408')).toBe(true);

    expect(ended).toBe(false);
    expect(core.streamSignals.at(-1)?.aborted).toBe(false);
    listener.destroy();
    await expect.poll(() => core.streamSignals.at(-1)?.aborted).toBe(true);
  });
});

describe('streams that nobody reads any more', () => {
  let real: TestCore;
  let host: HttpHost;
  let open = 0;
  let opened = 0;

  /** The same events, counted while they are watched. */
  async function* counted<T>(events: AsyncIterable<T>): AsyncGenerator<T> {
    open += 1;
    opened += 1;
    try {
      yield* events;
    } finally {
      open -= 1;
    }
  }

  beforeAll(async () => {
    real = await openTestCore();
    const { core } = real;
    const watched: Core = {
      ...core,
      system: { ...core.system, changes: (signal) => counted(core.system.changes(signal)) },
      batches: {
        ...core.batches,
        events: (input, signal) => counted(core.batches.events(input, signal)),
      },
    };
    host = await startHttpHost({ ...common, core: watched });
  });
  afterAll(async () => {
    await host.close();
    await real.close();
  });

  /** Opens a stream and leaves, before or after something has happened in it. */
  async function visit(path: string, happening: (() => void) | null): Promise<void> {
    const leaving = new AbortController();
    const answer = await fetch(`${host.url}${path}`, { headers: bearer(host), signal: leaving.signal });
    expect(answer.status).toBe(200);
    const reader = answer.body?.getReader();
    if (happening !== null) {
      happening();
      await reader?.read();
    }
    leaving.abort();
    await reader?.closed.catch(() => {});
  }

  test('end in the core, all of 200', async () => {
    for (let visits = 0; visits < 200; visits += 1) {
      const happening = () => void real.core.system.dismissSample();
      await visit('/v1/changes', visits % 2 === 0 ? happening : null);
    }
    expect(opened).toBe(200);
    await expect.poll(() => open).toBe(0);
  });

  test('of a batch too', async () => {
    const template = real.core.templates.create({
      org_id: 'default',
      workspace_id: 'default',
      name: 'Slow',
      model_id: 'gpt-4o',
      user_prompt_template: 'Hi',
    }).template;
    const { batch_id } = await real.core.batches.start({
      template_id: template.template_id,
      targets: [{ provider: 'practice-openai', model_id: 'gpt-4o@latency=50' }],
      inputs: Array.from({ length: 200 }, () => ({})),
      replicates: 1,
      drift_policy: 'record',
      concurrency: 1,
      stream: true,
    });
    const before = opened;
    for (let visits = 0; visits < 20; visits += 1) await visit(`/v1/batches/${batch_id}/events`, null);
    expect(opened).toBe(before + 20);
    await expect.poll(() => open).toBe(0);
    real.core.batches.cancel({ batch_id });
    await real.core.batches.settled(batch_id);
  });
});
