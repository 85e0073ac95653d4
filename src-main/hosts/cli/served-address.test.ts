import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commandLine } from '../../../test/support/program';

const { home, prompter } = commandLine();

const file = () => join(home(), 'served.json');

/** `prompter serve`, ended once it is ready. */
async function serve(...args: string[]): Promise<{ port: number; err: string }> {
  let isReady = false;
  const { out, err } = await prompter(['serve', ...args], (written) => {
    if (isReady || !written.out.endsWith('\n')) return;
    isReady = true;
    process.emit('SIGTERM');
  });
  return { port: Number(new URL(JSON.parse(out).url).port), err };
}

/** Another program on the port. */
async function occupy(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ port, host: '127.0.0.1' }, resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(close);
  return close;
}

test('a store keeps its address, where browsers keep its drafts', async () => {
  const first = await serve();
  expect(await serve()).toEqual({ port: first.port, err: '' });
  if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);

  // Any port is asked for, and none is kept.
  expect((await serve('--port', '0')).port).not.toBe(first.port);
  expect((await serve()).port).toBe(first.port);
});

test('a port that is asked for wins, and is the address from then on', async () => {
  const { port } = await serve('--port', '0');
  expect((await serve('--port', String(port))).port).toBe(port);
  expect((await serve()).port).toBe(port);
});

test('a store whose port is taken is served elsewhere, says where its drafts are, and comes back', async () => {
  const { port } = await serve();
  const leave = await occupy(port);
  const moved = await serve();
  expect(moved.port).not.toBe(port);
  expect(moved.err).toBe(
    `warning: Drafts written at http://127.0.0.1:${port} are kept there: the port is in use.\n`,
  );
  await leave();
  expect(await serve()).toEqual({ port, err: '' });
});

test.each([
  ['no JSON', () => writeFileSync(file(), '{"port":')],
  ['no port', () => writeFileSync(file(), '{"port":65536}')],
  [
    'a folder',
    () => {
      rmSync(file());
      mkdirSync(file());
    },
  ],
])('an address that cannot be read is said, not guessed: %s', async (_what, spoil) => {
  await serve();
  spoil();
  expect((await serve()).err).toContain(
    'warning: The address that drafts were written at is unknown: ' + file(),
  );
  rmSync(file(), { recursive: true, force: true });
  const { port, err } = await serve();
  expect(err).toBe('');
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ port });
});
