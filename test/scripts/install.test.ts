import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/temporary';

/** A fresh clone, as far as installing needs one. */
function clone(): string {
  const folder = join(temporaryFolder(), 'Prömpter – a new clone');
  mkdirSync(folder);
  for (const name of ['scripts', 'package.json', 'package-lock.json', '.npmrc']) {
    cpSync(name, join(folder, name), { recursive: true });
  }
  return folder;
}

function start(folder: string, env: Record<string, string>): Promise<{ code: number | null; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'scripts/start.mjs')], {
      cwd: folder,
      env: { ...process.env, npm_config_fetch_retries: '0', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('close', (code) => resolve({ code, err }));
  });
}

async function portOf(server: Server): Promise<number> {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

/** A port of this machine that nobody listens at. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  const port = await portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

test('without a way to the registry, one line says why, what to do and where the details are', async () => {
  const folder = clone();
  const { code, err } = await start(folder, {
    npm_config_registry: `http://127.0.0.1:${await closedPort()}/`,
    npm_config_cache: join(folder, 'an-empty-cache'),
    npm_config_proxy: '',
    npm_config_noproxy: '127.0.0.1',
  });
  expect(code).toBe(1);
  const [progress, line, ...rest] = err.trimEnd().split('\n');
  expect(progress).toBe('Installing packages…');
  expect(line).toMatch(
    /^npm ci failed: the npm registry cannot be reached\. Check the network.* Details: .*npm-ci\.log$/,
  );
  expect(rest).toEqual([]);
  const log = /Details: (.*)$/.exec(line ?? '')?.[1] ?? '';
  expect(existsSync(log) && readFileSync(log, 'utf8')).toContain('ECONNREFUSED');
});

test('a cache that cannot be written is left alone', async () => {
  const folder = clone();
  const cache = join(folder, 'a-file-in-place-of-a-cache');
  writeFileSync(cache, '');
  const registry = createHttpServer((_request, response) => response.end('no package'));
  onTestFinished(() => void registry.close());
  const { err } = await start(folder, {
    npm_config_registry: `http://127.0.0.1:${await portOf(registry.listen(0, '127.0.0.1'))}/`,
    npm_config_cache: cache,
    npm_config_noproxy: '127.0.0.1',
  });
  // What fails in the end is the answer: npm got as far as the cache, which was another one.
  expect(err).toContain('npm ci failed: the npm registry cannot be reached.');
  expect(existsSync(join(folder, '.cache/npm/_cacache'))).toBe(true);
});

test('without npm, one line says that it is missing', async () => {
  const { code, err } = await start(clone(), { PATH: '' });
  expect(code).toBe(1);
  expect(err.trimEnd().split('\n')).toEqual([
    'Installing packages…',
    expect.stringContaining('there is no `npm` on the PATH'),
  ]);
});
