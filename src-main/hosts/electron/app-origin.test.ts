import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { APP_URL, createAppResponder, isAppUrl, isOpenableOutside } from './app-origin';

let folder: string;
beforeAll(() => {
  const parent = mkdtempSync(join(tmpdir(), 'prompter-app-'));
  folder = join(parent, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(parent, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'index.html'), '<style nonce="__CSP_NONCE__"></style>');
  writeFileSync(join(folder, 'assets', 'index-abcd1234.js'), 'export {}');
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

test('serves the page with a policy and a nonce of its own for each load', async () => {
  const respond = createAppResponder(folder);
  const pages = await Promise.all([1, 2].map(() => respond(new Request(APP_URL))));
  const nonces = await Promise.all(
    pages.map(async (page) => /nonce="([^"]+)"/.exec(await page.text())?.[1] ?? ''),
  );
  expect(new Set(nonces).size).toBe(2);
  pages.forEach((page, index) => {
    expect(page.headers.get('content-security-policy')).toContain(`'nonce-${nonces[index]}'`);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

test('serves nothing outside the built interface', async () => {
  const respond = createAppResponder(folder);
  const status = async (url: string, method = 'GET') => (await respond(new Request(url, { method }))).status;
  expect(await status(`${APP_URL}assets/index-abcd1234.js`)).toBe(200);
  expect(await status(`${APP_URL}../secret.txt`)).toBe(404);
  expect(await status(`${APP_URL}..%2fsecret.txt`)).toBe(404);
  expect(await status(`${APP_URL}assets/..%2f..%2f..%2fsecret.txt`)).toBe(404);
  expect(await status(`${APP_URL}assets`)).toBe(404);
  expect(await status(`${APP_URL}%ff`)).toBe(404);
  expect(await status('app://elsewhere/')).toBe(403);
  expect(await status(APP_URL, 'POST')).toBe(403);
});

test.each([
  ['app://prompter/', true],
  ['app://prompter/#/compare', true],
  ['app://prompter.evil/', false],
  ['app://evil/prompter', false],
  ['https://prompter/', false],
  ['nonsense', false],
])('%s is of the app: %s', (url, expected) => {
  expect(isAppUrl(url)).toBe(expected);
});

test.each([
  ['https://example.org/a', true],
  ['http://example.org/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['smb://host/share', false],
  ['https://user:pw@example.org/', false],
  ['', false],
])('%s may be opened outside: %s', (url, expected) => {
  expect(isOpenableOutside(url)).toBe(expected);
});
