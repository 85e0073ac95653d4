import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { AnyContractProcedure } from '@orpc/contract';
import { contract } from '../../src-shared/contract';
import { isProven, newChallenge, proofSchema } from '../../src-main/home';
import { startHttpHost, type HttpHost } from '../../src-main/hosts/http';
import { createFakeCore } from './fake-core';
import { CALLS, hostileRequests, type HostileRequest } from './hostile-requests';
import { rawRequest } from './raw-request';

const logger = { log: () => {} };
let host: HttpHost;
let port: number;
let now = Date.parse('2026-11-20T08:00:00Z');
const core = createFakeCore();

beforeAll(async () => {
  host = await startHttpHost({ core, logger, version: '1.2.3', port: 0, rendererDir: null, now: () => now });
  port = Number(new URL(host.url).port);
});
afterAll(() => host.close());

const bearer = () => ({ authorization: `Bearer ${host.token}` });

async function sessionCookie(): Promise<string> {
  const answer = await fetch(host.issueLink(), { redirect: 'manual' });
  expect(answer.status).toBe(303);
  return answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
}

describe('hostile requests', () => {
  test('of more than 500, none is let in', async () => {
    const requests = [...hostileRequests({ port, token: host.token, cookie: await sessionCookie() })];
    expect(requests.length).toBeGreaterThanOrEqual(500);
    const letIn: unknown[] = [];
    for (const { refusals, ...request } of requests) {
      const { status, head } = await send(request);
      if (!refusals.has(status) || /access-control-allow/.test(head)) letIn.push({ ...request, status });
    }
    expect(letIn).toEqual([]);
  });

  test.each(CALLS)('are told from good ones: $method $path works with the right token', async (call) => {
    for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      const { status } = await send({
        ...call,
        host: name,
        headers: [`Authorization: Bearer ${host.token}`],
      });
      expect(status).toBe(200);
    }
  });
});

function send(request: Omit<HostileRequest, 'refusals'>) {
  const { method, path, host: name, headers, body } = request;
  const about = body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`];
  return rawRequest(port, [`${method} ${path} HTTP/1.1`, `Host: ${name}`, ...headers, ...about], body);
}

describe('access', () => {
  test('every procedure but health needs a token, whichever will be added', async () => {
    const open: string[] = [];
    let seen = 0;
    for (const [area, procedures] of Object.entries(contract)) {
      for (const [name, procedure] of Object.entries<AnyContractProcedure>(procedures)) {
        const { method, path } = procedure['~orpc'].route;
        const target = `/v1${(path ?? '').replace(/\{[^}]+\}/g, 'x')}`;
        const rest = await fetch(`${host.url}${target}`, { method });
        const rpc = await fetch(`${host.url}/rpc/${area}/${name}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        });
        seen += 1;
        if (rest.status !== 401) open.push(`${method} ${target}`);
        if (rpc.status !== 401) open.push(`rpc ${area}.${name}`);
      }
    }
    expect(seen).toBeGreaterThan(30);
    expect(open).toEqual(['GET /v1/health']);
  });

  test('health answers without a token', async () => {
    const answer = await fetch(`${host.url}/v1/health`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'ok', version: '1.2.3' });
  });

  test('a link opens one session, and only once', async () => {
    const link = host.issueLink();
    const first = await fetch(link, { redirect: 'manual' });
    expect(first.status).toBe(303);
    expect(first.headers.get('location')).toBe('/');
    expect(first.headers.get('set-cookie')).toMatch(
      new RegExp(`^prompter_${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    const second = await fetch(link, { redirect: 'manual' });
    expect(second.status).toBe(403);
    expect(second.headers.get('set-cookie')).toBeNull();
    expect(second.headers.get('content-type')).toContain('application/json');
    // A person who opens it again reads a sentence, or is where the link led, if the session is theirs.
    const person = await fetch(link, { redirect: 'manual', headers: { accept: 'text/html' } });
    expect([person.status, person.headers.get('content-type')]).toEqual([403, 'text/plain; charset=utf-8']);
    const cookie = first.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const owner = await fetch(link, { redirect: 'manual', headers: { cookie } });
    expect([owner.status, owner.headers.get('set-cookie')]).toEqual([303, null]);
  });

  test('the published key lets in and buys links like the token, and no foreign page can use it', async () => {
    const buy = (headers: Record<string, string>) => fetch(`${host.url}/open`, { method: 'POST', headers });
    const key = { authorization: `Bearer ${host.key}` };
    for (const headers of [key, bearer()]) {
      const sold = await buy(headers);
      expect(sold.status).toBe(201);
      const { link } = z.object({ link: z.string() }).parse(await sold.json());
      expect((await fetch(link, { redirect: 'manual' })).status).toBe(303);
    }
    expect((await fetch(`${host.url}/v1/status`, { headers: key })).status).toBe(200);
    expect((await buy({})).status).toBe(401);
    expect((await buy({ authorization: 'Bearer guessed' })).status).toBe(401);
    expect((await buy({ cookie: await sessionCookie() })).status).toBe(401);
    expect((await buy({ ...key, origin: 'http://evil.example' })).status).toBe(403);
    expect((await buy({ ...key, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  test('a challenge is answered with a proof of the key for this very server, and for no foreign page', async () => {
    const ask = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${host.url}/attach`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
    const challenge = newChallenge();
    const answer = await ask(JSON.stringify(challenge));
    const text = await answer.text();
    expect([answer.status, text.includes(host.key), text.includes(host.token)]).toEqual([200, false, false]);
    const proof = proofSchema.parse(JSON.parse(text));
    const { url, key } = host;
    expect(isProven(key, challenge, url, proof)).toBe(true);
    expect(isProven(host.token, challenge, url, proof)).toBe(false);
    expect(isProven(key, newChallenge(), url, proof)).toBe(false);
    expect(isProven(key, challenge, 'http://127.0.0.1:1', proof)).toBe(false);
    expect(isProven(key, challenge, url, { ...proof, version: '9.9.9' })).toBe(false);
    expect(isProven(key, challenge, url, { ...proof, settings: { PROMPTER_KEYCHAIN: 'x' } })).toBe(false);

    const good = JSON.stringify(challenge);
    expect((await ask(good, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask(good, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask('{}')).status).toBe(422);
    expect((await ask('{"nonce":"short"}')).status).toBe(422);
    expect((await ask(JSON.stringify({ ...challenge, more: 1 }))).status).toBe(422);
    expect((await fetch(`${host.url}/attach`)).status).toBe(405);
  });

  test('a link expires', async () => {
    const link = host.issueLink();
    now += 5 * 60_000;
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(403);
  });

  test("a session works for this server's own pages", async () => {
    const cookie = await sessionCookie();
    const own = { cookie, origin: host.url, 'sec-fetch-site': 'same-origin' };
    const list = await fetch(`${host.url}/rpc/templates/list`, {
      method: 'POST',
      headers: { ...own, 'content-type': 'application/json' },
      body: JSON.stringify({ json: {} }),
    });
    expect(list.status).toBe(200);
    const status = await fetch(`${host.url}/v1/status`, { headers: { cookie, 'sec-fetch-site': 'none' } });
    expect(status.status).toBe(200);
  });

  test('a body that a plain form could send reaches no procedure', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await fetch(`${host.url}/v1/templates`, {
        method: 'POST',
        headers: { ...bearer(), 'content-type': type },
        body: '{"name":"x","model_id":"m"}',
      });
      expect(answer.status).toBe(415);
    }
  });

  test('a body over 64 MB is refused, announced or not', async () => {
    const head = [
      'POST /v1/templates HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${host.token}`,
    ];
    const announced = await rawRequest(port, [...head, `Content-Length: ${64 * 1024 * 1024 + 1}`]);
    expect(announced.status).toBe(413);
    expect(JSON.parse(announced.body)).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', status: 413 });

    const megabyte = new Uint8Array(1024 * 1024).fill(0x20);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent++ > 400) controller.close();
        else controller.enqueue(megabyte);
      },
    });
    const chunked = await fetch(`${host.url}/v1/templates`, {
      method: 'POST',
      headers: { ...bearer(), 'content-type': 'application/json' },
      body: endless,
      duplex: 'half',
    } as RequestInit).catch((error: unknown) => error);
    // The server may end the connection while the client still writes.
    if (chunked instanceof Response) expect(chunked.status).toBe(413);
    expect(sent).toBeLessThan(400);
  });

  test('answers carry the security headers, and nothing that lets another origin in', async () => {
    for (const path of ['/v1/health', '/v1/status', '/nowhere']) {
      const { headers } = await fetch(`${host.url}${path}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('the interface', () => {
  const parent = mkdtempSync(join(tmpdir(), 'prompter-http-'));
  const rendererDir = join(parent, 'renderer');
  let served: HttpHost;

  beforeAll(async () => {
    mkdirSync(rendererDir);
    writeFileSync(join(parent, 'secret.txt'), 'secret');
    writeFileSync(join(rendererDir, 'index.html'), '<style nonce="__CSP_NONCE__"></style>');
    served = await startHttpHost({ core, logger, version: '0', port: 0, rendererDir });
  });
  afterAll(async () => {
    await served.close();
    rmSync(parent, { recursive: true });
  });

  test('is public, as it holds no data, and strict: a nonce of its own for each load', async () => {
    const pages = await Promise.all([fetch(`${served.url}/`), fetch(`${served.url}/index.html`)]);
    const nonces = pages.map(
      (page) =>
        /style-src 'self' 'nonce-([^']+)'/.exec(page.headers.get('content-security-policy') ?? '')?.[1],
    );
    expect(new Set(nonces).size).toBe(2);
    expect(await pages[0]?.text()).toBe(`<style nonce="${nonces[0]}"></style>`);
    const head = await fetch(`${served.url}/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/..%5csecret.txt',
    '/renderer/../secret.txt',
  ])('%s leads nowhere', async (path) => {
    const { port: servedPort } = new URL(served.url);
    const answer = await rawRequest(Number(servedPort), [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${servedPort}`,
    ]);
    expect([400, 404]).toContain(answer.status);
    expect(JSON.parse(answer.body)).toMatchObject({ status: answer.status });
  });

  test('is not there where it was not built', async () => {
    const bare = await startHttpHost({
      core,
      logger,
      version: '0',
      port: 0,
      rendererDir: join(parent, 'none'),
    });
    expect((await fetch(`${bare.url}/`)).status).toBe(404);
    await bare.close();
  });
});
