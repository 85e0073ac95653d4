import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnyContractProcedure } from '@orpc/contract';
import { contract } from '../../src-shared/contract';
import { startHttpHost, type HttpHost } from '../../src-main/hosts/http';
import { createFakeCore } from './fake-core';
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
  const answer = await fetch(host.issueOpenUrl(), { redirect: 'manual' });
  expect(answer.status).toBe(303);
  return answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
}

describe('hostile requests', () => {
  const good = {
    host: () => `127.0.0.1:${port}`,
    token: () => `Authorization: Bearer ${host.token}`,
  };
  const hosts = [
    '127.0.0.1',
    'localhost',
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1.evil.example:PORT',
    'localhost:PORT.evil.example',
    '127.0.0.1:1',
    '0.0.0.0:PORT',
    '[::ffff:127.0.0.1]:PORT',
    'user@127.0.0.1:PORT',
    'LOCALHOST:PORT',
    ' ',
  ];
  const origins = [
    'http://evil.example',
    'null',
    'http://127.0.0.1:1',
    'http://localhost:PORT',
    'https://127.0.0.1:PORT',
    'http://127.0.0.1:PORT.evil.example',
    'file://',
  ];
  const sites = ['cross-site', 'same-site', 'unheard-of'];
  const tokens = [
    null,
    'Authorization: Bearer',
    'Authorization: Bearer wrong',
    'Authorization: Bearer TOKENx',
    'Authorization: Bearer tokenless TOKEN',
    'Authorization: Basic TOKEN',
    'Authorization: TOKEN',
    'Cookie: prompter_PORT=TOKEN',
    'Cookie: prompter_PORT=',
    'X-Authorization: Bearer TOKEN',
  ];
  const paths = [
    '/v1/status',
    '/v1/templates',
    '/v1/templates/x/archive',
    '/v1/health/',
    '/v1/health/../status',
    '/v1/health/..%2fstatus',
    '/v1/%73tatus',
    '//v1/status',
    '/v1//status',
    '/./v1/status',
    '/v1/status%00',
    '/v1\\status',
    '/assets/../v1/status',
    '/V1/status',
    '/rpc/system/status',
    '/rpc/templates/list',
    '/rpc//system/status',
    '/openapi.json',
    '/metrics',
    '/metrics/',
    'http://127.0.0.1:PORT/v1/status',
    'http://evil.example/v1/status',
    '*',
    '/open',
    '/open?code=',
    '/open?code=TOKEN',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
  ];
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'];
  const fill = (text: string) => text.replaceAll('PORT', String(port)).replaceAll('TOKEN', host.token);

  interface Hostile {
    method: string;
    path: string;
    host: string;
    headers: string[];
  }

  function* table(): Generator<Hostile> {
    const targets = ['/v1/status', '/v1/templates', '/rpc/system/status', '/metrics'];
    // Without a right token or session nothing works, however the path and the method are written.
    for (const path of paths) {
      for (const method of methods) {
        yield { method, path, host: good.host(), headers: [] };
      }
      for (const token of tokens) {
        const headers = token === null ? [] : [fill(token)];
        yield { method: 'GET', path, host: good.host(), headers };
        yield { method: 'POST', path, host: good.host(), headers };
      }
    }
    // With the right token, but from a wrong place.
    for (const path of targets) {
      for (const method of ['GET', 'POST']) {
        for (const name of hosts) yield { method, path, host: fill(name), headers: [good.token()] };
        for (const origin of origins) {
          yield { method, path, host: good.host(), headers: [good.token(), `Origin: ${fill(origin)}`] };
        }
        for (const site of sites) {
          yield { method, path, host: good.host(), headers: [good.token(), `Sec-Fetch-Site: ${site}`] };
        }
        yield { method, path, host: good.host(), headers: [good.token(), 'Host: evil.example'] };
        yield {
          method,
          path,
          host: good.host(),
          headers: [good.token(), 'Upgrade: websocket', 'Origin: http://evil.example'],
        };
      }
    }
  }

  test('of more than 500, none is accepted', async () => {
    const cookie = await sessionCookie();
    const cases = [...table()];
    // With a right session, but a page of another origin (or no sign of which page) that makes the browser send it.
    for (const path of ['/v1/templates', '/rpc/templates/list', '/v1/status', '/metrics']) {
      for (const method of ['GET', 'POST']) {
        for (const origin of [null, ...origins]) {
          for (const site of [null, ...sites]) {
            if (origin === null && site === null && method === 'GET' && path !== '/v1/status') continue;
            cases.push({
              method,
              path,
              host: good.host(),
              headers: [
                `Cookie: ${cookie}`,
                ...(origin === null ? [] : [`Origin: ${fill(origin)}`]),
                ...(site === null ? [] : [`Sec-Fetch-Site: ${site}`]),
              ],
            });
          }
        }
        if (method === 'POST') {
          cases.push({
            method,
            path,
            host: good.host(),
            headers: [`Cookie: ${cookie}`, 'Sec-Fetch-Site: none'],
          });
          cases.push({
            method,
            path,
            host: good.host(),
            headers: [`Cookie: ${cookie}`, 'Sec-Fetch-Site: same-origin'],
          });
        }
      }
    }
    expect(cases.length).toBeGreaterThanOrEqual(500);

    const accepted: unknown[] = [];
    for (const { method, path, host: name, headers } of cases) {
      const body = method === 'POST' ? '{}' : '';
      const answer = await rawRequest(
        port,
        [
          `${method} ${fill(path)} HTTP/1.1`,
          `Host: ${name}`,
          ...headers,
          ...(body ? ['Content-Type: application/json', `Content-Length: ${body.length}`] : []),
        ],
        body,
      );
      // 0: the connection was closed without an answer.
      const refused = answer.status === 0 || (answer.status >= 400 && answer.status < 500);
      if (!refused) accepted.push({ method, path, host: name, headers, status: answer.status });
      if (/access-control-allow/.test(answer.head)) accepted.push({ cors: true, method, path });
    }
    expect(accepted).toEqual([]);
  });

  test('are told from good ones: the same requests with the right token and place succeed', async () => {
    for (const path of ['/v1/status', '/v1/templates', '/openapi.json', '/metrics']) {
      for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
        const answer = await rawRequest(port, [`GET ${path} HTTP/1.1`, `Host: ${name}`, good.token()]);
        expect([path, name, answer.status]).toEqual([path, name, 200]);
      }
    }
  });
});

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
    const link = host.openUrl;
    const first = await fetch(link, { redirect: 'manual' });
    expect(first.status).toBe(303);
    expect(first.headers.get('location')).toBe('/');
    expect(first.headers.get('set-cookie')).toMatch(
      new RegExp(`^prompter_${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    const second = await fetch(link, { redirect: 'manual' });
    expect(second.status).toBe(403);
    expect(second.headers.get('set-cookie')).toBeNull();
  });

  test('a link expires', async () => {
    const link = host.issueOpenUrl();
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
        if (sent++ > 70) controller.close();
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
    expect(sent).toBeLessThan(72);
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
  test('is not there where it was not built', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'prompter-http-'));
    const bare = await startHttpHost({ core, logger, version: '0', port: 0, rendererDir: empty });
    expect((await fetch(`${bare.url}/`)).status).toBe(404);
    await bare.close();
    rmSync(empty, { recursive: true });
  });
});
