import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRendererFiles } from './renderer-files';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prompter-renderer-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<meta content="__CSP_NONCE__"><style nonce="__CSP_NONCE__">');
  writeFileSync(join(folder, 'assets', 'index-Ab_cd-12.js'), 'export {}');
  writeFileSync(join(folder, 'favicon.svg'), '<svg onload="alert(1)"/>');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the page has the strict policy of its own nonce and is never kept', async () => {
  const file = await openRendererFiles(folder).read('/');
  const policy = file?.headers['content-security-policy'] ?? '';
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
  expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
  expect(file?.body.toString()).toBe(`<meta content="${nonce}"><style nonce="${nonce}">`);
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ]);
  expect(file?.headers['cache-control']).toBe('no-store');
});

test('what is named by its content is kept for ever, other files are asked for again', async () => {
  const files = openRendererFiles(folder);
  const script = await files.read('/assets/index-Ab_cd-12.js');
  expect(script?.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  const icon = await files.read('/favicon.svg');
  expect(icon?.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
  expect(icon?.headers['content-security-policy']).toContain('sandbox');
});

test.each([
  '/nothing',
  '/assets',
  '/assets/',
  '/../etc/passwd',
  '/%2e%2e/etc/passwd',
  '/assets/..%2findex.html',
  '/%',
])('%s is not there', async (pathname) => {
  expect(await openRendererFiles(folder).read(pathname)).toBeNull();
});
