import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

/** A port of this machine that nobody listens at. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
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

test('without npm, one line says that it is missing', async () => {
  const { code, err } = await start(clone(), { PATH: '' });
  expect(code).toBe(1);
  expect(err.trimEnd().split('\n')).toEqual([
    'Installing packages…',
    expect.stringContaining('there is no `npm` on the PATH'),
  ]);
});
