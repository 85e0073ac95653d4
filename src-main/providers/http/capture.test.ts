import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Agent, Dispatcher } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RequestListener } from 'node:http';
import { recorder, testServer } from '../../../test/support/provider-calls';
import type { Recorder } from '../../../test/support/provider-calls';
import { createCapturingFetch, createEchoGuard, createRedactor, MAX_BODY_BYTES } from './index';
import type { CaptureOptions } from './index';

const CANARY = 'sk-canary/secret+123=';

async function serve(listener: RequestListener) {
  const server = await testServer(listener);
  onTestFinished(() => server.close());
  return server;
}

function capture(observer: Recorder = recorder(), options: Partial<CaptureOptions> = {}) {
  const made = createCapturingFetch({
    api: 'openai.responses',
    streamed: false,
    observer,
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    secret: CANARY,
    ...options,
  });
  return { ...made, observer };
}

/** Takes a request up and fails as a socket would that died unnoticed. */
function dyingDispatcher(error: { syscall: string; code: string }) {
  let dispatched = 0;
  const dispatcher: Dispatcher = Object.create(Dispatcher.prototype);
  dispatcher.dispatch = (_, handler) => {
    dispatched++;
    const controller = { aborted: false, paused: false, reason: null, abort() {}, pause() {}, resume() {} };
    handler.onRequestStart?.(controller, null);
    handler.onResponseError?.(controller, Object.assign(new Error(error.code), error));
    return true;
  };
  return Object.assign(dispatcher, { dispatched: () => dispatched });
}

const post = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } };

describe('the capturing fetch', () => {
  it('gives the whole answer to the observer before the SDK sees any of it', async () => {
    const server = await serve((_, response) => response.setHeader('set-cookie', 's=1').end('{"ok":true}'));
    const order: string[] = [];
    const { fetch, outcome } = createCapturingFetch({
      api: 'openai.chat_completions',
      streamed: false,
      observer: {
        async onExchange(exchange) {
          order.push('stored');
          await new Promise((resolve) => setImmediate(resolve));
          order.push('durable');
          expect(Buffer.from(exchange.bytes).toString()).toBe('{"ok":true}');
          expect(exchange).toMatchObject({
            requestBody: '{"a":1}',
            httpStatus: 200,
            complete: true,
            streamed: false,
          });
          expect(exchange.headers.map(([name]) => name)).not.toContain('set-cookie');
          expect(exchange.latencyMs).toBeGreaterThanOrEqual(exchange.firstByteMs);
          for (const ms of [exchange.latencyMs, exchange.firstByteMs])
            expect(String(ms)).toMatch(/^\d+(\.\d{1,3})?$/);
        },
      },
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      secret: null,
    });
    const response = await fetch(`${server.url}/x?y=1`, post);
    order.push('sdk');
    expect(await response.json()).toEqual({ ok: true });
    expect(order).toEqual(['stored', 'durable', 'sdk']);
    expect(outcome()).toEqual({ kind: 'answered' });
    expect(server.requests[0]?.url).toBe('/x?y=1');
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('does not count the wait for a socket as latency', async () => {
    const ends: (() => void)[] = [];
    const arrived = new Map<number, () => void>();
    const first = new Promise<void>((done) => arrived.set(1, done));
    const second = new Promise<void>((done) => arrived.set(2, done));
    const server = await serve((_, response) => {
      ends.push(() => response.end('{}'));
      arrived.get(ends.length)?.();
    });
    const dispatcher = new Agent({ connections: 1 });
    onTestFinished(() => dispatcher.destroy());
    const calls = [capture(recorder(), { dispatcher }), capture(recorder(), { dispatcher })];
    const started = performance.now();
    const answers = Promise.all(calls.map(({ fetch }) => fetch(server.url, post)));
    await first;
    ends[0]?.();
    await second;
    ends[1]?.();
    await answers;
    const elapsed = performance.now() - started;
    // One socket: the calls took turns, so their times do not overlap.
    const sum = calls.reduce((total, { observer }) => total + (observer.exchanges[0]?.latencyMs ?? NaN), 0);
    expect(sum).toBeLessThanOrEqual(elapsed);
  });

  it('answers a redirect as it is, so that no key travels to another host', async () => {
    const elsewhere = await serve((_, response) => response.end('{}'));
    const server = await serve((_, response) => response.writeHead(307, { location: elsewhere.url }).end());
    const { fetch, outcome, observer } = capture();
    expect((await fetch(server.url, post)).status).toBe(307);
    expect(outcome()).toEqual({ kind: 'answered' });
    expect(observer.exchanges[0]?.httpStatus).toBe(307);
    expect(elsewhere.requests).toEqual([]);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)(
    'keeps the wire bytes of a server that sends %s anyway, and decodes them for the SDK',
    async (name, compress) => {
      const wire = compress(Buffer.from('{"ok":"ü"}'));
      const server = await serve((_, response) => response.setHeader('content-encoding', name).end(wire));
      const { fetch, observer } = capture();
      expect(await (await fetch(server.url, post)).json()).toEqual({ ok: 'ü' });
      expect(Buffer.from(observer.exchanges[0]?.bytes ?? []).equals(wire)).toBe(true);
    },
  );

  it('keeps what came of an answer that broke off', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('0123456789', () => response.destroy());
    });
    const { fetch, outcome, observer } = capture(recorder(), { streamed: true });
    await fetch(server.url, post);
    expect(outcome()).toEqual({ kind: 'answered' });
    expect(observer.exchanges[0]).toMatchObject({ complete: false, streamed: true });
    expect(Buffer.from(observer.exchanges[0]?.bytes ?? []).toString()).toBe('0123456789');
  });

  it('ends an answer that grows beyond the limit', async () => {
    const chunk = Buffer.alloc(4 * 1024 * 1024, 'x');
    const server = await serve((_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more);
      };
      response.on('error', () => undefined);
      more();
    });
    const { fetch, observer } = capture();
    await fetch(server.url, post);
    const exchange = observer.exchanges[0];
    expect(exchange?.complete).toBe(false);
    expect(exchange?.bytes.length).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(exchange?.bytes.length).toBeGreaterThan(MAX_BODY_BYTES - 1024 * 1024);
  });

  it('proves that nothing was sent: refused, unknown host, cancelled before, no TLS', async () => {
    const closed = await testServer((_, response) => response.end());
    await closed.close();
    const refused = capture();
    await expect(refused.fetch(closed.url, post)).rejects.toThrow(/refused/);
    expect(refused.outcome()).toMatchObject({
      kind: 'not_sent',
      failure: { code: 'network_error', providerCode: 'ECONNREFUSED', retryable: true },
    });
    const unknown = capture();
    await expect(unknown.fetch('http://no-such-host.invalid/', post)).rejects.toThrow(/DNS/);
    expect(unknown.outcome()).toMatchObject({ kind: 'not_sent' });

    const server = await serve((_, response) => response.end());
    const cancelled = capture(recorder(), { signal: AbortSignal.abort() });
    await expect(cancelled.fetch(server.url, post)).rejects.toThrow(/cancelled/);
    expect(cancelled.outcome()).toMatchObject({ kind: 'not_sent', failure: { providerCode: 'CANCELLED' } });
    expect(server.requests).toEqual([]);

    const plain = capture();
    await expect(plain.fetch(server.url.replace('http:', 'https:'), post)).rejects.toThrow(/TLS/);
    expect(plain.outcome()).toMatchObject({ kind: 'not_sent', failure: { retryable: false } });
  });

  it('does not know what became of what was sent: reset, timeout, cancelled', async () => {
    const resetting = await serve((request) => request.socket.resetAndDestroy());
    const reset = capture();
    await expect(reset.fetch(resetting.url, post)).rejects.toThrow(/may have been processed/);
    expect(reset.outcome()).toMatchObject({
      kind: 'unknown',
      failure: { code: 'network_error', retryable: false },
    });
    expect(resetting.requests).toHaveLength(1);

    const abort = new AbortController();
    const silent = await serve(() => abort.abort());
    const cancelled = capture(recorder(), { signal: abort.signal });
    await expect(cancelled.fetch(silent.url, post)).rejects.toThrow(/cancelled/);
    expect(cancelled.outcome()).toMatchObject({ kind: 'unknown', failure: { providerCode: 'CANCELLED' } });

    const mute = await serve(() => undefined);
    const late = capture(recorder(), { timeoutMs: 1_000 });
    await expect(late.fetch(mute.url, post)).rejects.toThrow(/within 1000 ms/);
    expect(late.outcome()).toMatchObject({ kind: 'unknown', failure: { code: 'timeout' } });
  });

  it('repeats once, on a new socket, what a dead kept-alive socket provably did not take', async () => {
    const server = await serve((_, response) => response.end('{}'));
    const refusing = dyingDispatcher({ syscall: 'write', code: 'EPIPE' });
    const repeated = capture(recorder(), { dispatcher: refusing });
    expect((await repeated.fetch(server.url, post)).status).toBe(200);
    expect(repeated.outcome()).toEqual({ kind: 'answered' });
    expect(server.requests).toHaveLength(1);
    expect(refusing.dispatched()).toBe(1);
  });

  it.each([
    ['a reset while reading', { syscall: 'read', code: 'ECONNRESET' }, post],
    [
      'a request too large for one write',
      { syscall: 'write', code: 'EPIPE' },
      { ...post, body: 'x'.repeat(100_000) },
    ],
  ])('does not repeat after %s', async (_, error, init) => {
    const server = await serve((__, response) => response.end('{}'));
    const unknown = capture(recorder(), { dispatcher: dyingDispatcher(error) });
    await expect(unknown.fetch(server.url, init)).rejects.toThrow(/may have been processed/);
    expect(unknown.outcome().kind).toBe('unknown');
    expect(server.requests).toEqual([]);
  });

  it('goes on after the server has closed a kept-alive socket', async () => {
    const server = await serve((_, response) => response.end('{}'));
    await capture().fetch(server.url, post);
    const closed = new Promise((resolve) => server.requests[0]?.socket.once('close', resolve));
    server.requests[0]?.socket.destroy();
    await closed;
    const next = capture();
    await next.fetch(server.url, post);
    expect(next.outcome()).toEqual({ kind: 'answered' });
    expect(server.requests).toHaveLength(2);
  });

  it('makes one request for one call, whatever the SDK does', async () => {
    const server = await serve((_, response) => response.end('{}'));
    const { fetch } = capture();
    await fetch(server.url, post);
    await expect(fetch(server.url, post)).rejects.toThrow('One call is one request.');
    expect(server.requests).toHaveLength(1);
  });

  it('hands on what the observer throws: an answer that was not stored is not answered', async () => {
    const server = await serve((_, response) => response.end('{}'));
    const full = new Error('disk full');
    const { fetch, outcome } = capture({ ...recorder(), onExchange: () => Promise.reject(full) });
    await expect(fetch(server.url, post)).rejects.toBe(full);
    expect(() => outcome()).toThrow(full);
    const streaming = capture(
      {
        ...recorder(),
        onPart: () => {
          throw full;
        },
      },
      { streamed: true },
    );
    await streaming.fetch(server.url, post).catch(() => undefined);
    expect(() => streaming.outcome()).toThrow(full);
  });

  it('puts the secret into no message and no stored header', async () => {
    const server = await serve((_, response) => response.setHeader('x-echo', `Bearer ${CANARY}`).end('{}'));
    const { fetch, observer } = capture();
    await fetch(server.url, post);
    expect(JSON.stringify(observer.exchanges[0]?.headers)).not.toContain(CANARY);
    expect(JSON.stringify(observer.exchanges[0]?.headers)).toContain('[redacted]');
    const thrown = capture().outcome(new Error(`Headers.append: "Bearer ${CANARY}\n" is invalid`));
    expect(JSON.stringify(thrown)).not.toContain(CANARY);
  });
});

describe('redaction', () => {
  it('finds a secret in all its forms', () => {
    const forms = [
      CANARY,
      encodeURIComponent(CANARY),
      Buffer.from(CANARY).toString('base64'),
      Buffer.from(CANARY).toString('base64url'),
    ];
    for (const form of forms) {
      expect(createRedactor(CANARY)(`<${form}>`)).not.toContain(form);
      const { bytes, redacted } = createEchoGuard(CANARY).redact(Buffer.from(`<${form}>`));
      expect([redacted, Buffer.from(bytes).toString()]).toEqual([true, `<${'*'.repeat(form.length)}>`]);
    }
    expect(createEchoGuard(CANARY).redact(Buffer.from('nothing here')).redacted).toBe(false);
    expect(createRedactor(null)('text')).toBe('text');
  });
});
