import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { homeForCommands, type CommandHome } from '../support/served-home';
import { startStoreChild } from '../support/processes/store-child';

const keyOf = ({ home }: CommandHome): string => readFileSync(join(home, 'owner.key'), 'utf8').trim();

/** A program that got the port of a Prompter: it says yes to everything, and writes down what it is sent. */
async function impostorAt(
  port: number,
): Promise<{ url: string; heard: () => string; calls: () => string[] }> {
  const heard: string[] = [];
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(request.url ?? '');
    heard.push(JSON.stringify([request.url, request.rawHeaders]));
    request.on('data', (chunk) => heard.push(String(chunk)));
    request.on('end', () => {
      const proof = 'p'.repeat(43);
      const json = { items: [{ name: 'Forged' }], total: 1, next_cursor: null };
      const body = request.url === '/attach' ? { version: '0.1.0', settings: {}, proof } : { json };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${address.port}`, heard: () => heard.join('\n'), calls: () => calls };
}

describe('the published key', () => {
  test('is for its user alone, another at each start, told to nobody, and gone with the process', async () => {
    const prompter = homeForCommands();
    const served = await prompter.serve();
    const key = keyOf(prompter);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(statSync(join(prompter.home, 'owner.key')).mode & 0o777).toBe(0o600);
    expect(served.token).not.toBe(key);

    const outputs = [
      await prompter.run(['sample']),
      await prompter.run(['doctor', '--json']),
      await prompter.run(['serve', '--json']),
      await prompter.run(['backup', '--json']),
      await prompter.run(['audit', 'export', '--out', join(prompter.home, 'audit.jsonl')]),
    ];
    expect(outputs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 1, 0, 0]);
    expect(JSON.stringify(outputs)).not.toContain(key);
    const files = readdirSync(prompter.home, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(prompter.home, name)).isFile())
      .filter((name) => readFileSync(join(prompter.home, name)).includes(key));
    expect(files).toEqual(['owner.key']);

    await served.end('SIGTERM');
    expect(existsSync(join(prompter.home, 'owner.key'))).toBe(false);
    const again = await prompter.serve();
    expect(keyOf(prompter)).not.toBe(key);
    expect(
      (await fetch(`${again.url}/v1/status`, { headers: { authorization: `Bearer ${key}` } })).status,
    ).toBe(401);
  });

  test.each([
    ['others can read it', (path: string) => chmodSync(path, 0o644), 'can be read by other users (mode 644'],
    [
      'others can write to its folder',
      (path: string) => chmodSync(join(path, '..'), 0o777),
      'other users can write to',
    ],
    [
      'it is a link',
      (path: string) => {
        renameSync(path, `${path}.moved`);
        symlinkSync(`${path}.moved`, path);
      },
      'cannot be read (ELOOP)',
    ],
    ['it holds something else', (path: string) => writeFileSync(path, 'open sesame'), 'holds no key'],
  ] as const)('is not used where %s, and the command says so', async (_where, spoil, why) => {
    const prompter = homeForCommands();
    await prompter.serve();
    spoil(join(prompter.home, 'owner.key'));
    const { exitCode, out, err } = await prompter.run(['templates', 'list']);
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain('This command cannot ask it: ');
    expect(err).toContain(why);
  });

  test('is not written where others could put files, and whoever serves is warned', async () => {
    const prompter = homeForCommands();
    expect((await prompter.run(['templates', 'list'])).exitCode).toBe(0);
    chmodSync(prompter.home, 0o777);
    const serving = prompter.start('serve');
    const warned = await new Promise<string>((resolve) => serving.onProgress(resolve));
    expect(warned).toContain('other commands cannot use this Prompter: other users can write to');
    expect(existsSync(join(prompter.home, 'owner.key'))).toBe(false);
  });
});

describe('a program that answers in place of Prompter', () => {
  test('after a crash gets no key and is not believed: the command opens the store itself and cleans up', async () => {
    const prompter = homeForCommands();
    const served = await prompter.serve();
    const key = keyOf(prompter);
    await served.end('SIGKILL');
    expect(existsSync(join(prompter.home, 'owner.key'))).toBe(true);
    const impostor = await impostorAt(Number(new URL(served.url).port));

    const { exitCode, out } = await prompter.run(['templates', 'list']);
    expect([exitCode, out.includes('Forged')]).toEqual([0, false]);
    expect(impostor.calls()).toEqual(['/attach']);
    expect(impostor.heard()).not.toContain(key);
    expect(existsSync(join(prompter.home, 'owner.key'))).toBe(false);
  });

  test('while another process has the store gets no key either, and the command says what is wrong', async () => {
    const prompter = homeForCommands();
    const impostor = await impostorAt(0);
    await startStoreChild(prompter.home);
    const owner = join(prompter.home, 'owner.json');
    writeFileSync(owner, JSON.stringify({ ...JSON.parse(readFileSync(owner, 'utf8')), url: impostor.url }));
    const { exitCode, out, err } = await prompter.run(['templates', 'list']);
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain(`what answers at ${impostor.url} did not prove that it has this store`);
    expect(new Set(impostor.calls())).toEqual(new Set(['/attach']));
    expect(impostor.heard()).not.toContain(keyOf(prompter));
    expect((await prompter.run(['link'])).err).toContain('did not prove that it has this store');
  });

  test('is not even asked where the address is not on this machine', async () => {
    const prompter = homeForCommands();
    await startStoreChild(prompter.home);
    const owner = join(prompter.home, 'owner.json');
    const said = JSON.parse(readFileSync(owner, 'utf8'));
    writeFileSync(owner, JSON.stringify({ ...said, url: 'http://prompter.example:80' }));
    const { exitCode, err } = await prompter.run(['templates', 'list']);
    expect([exitCode, err]).toEqual([1, expect.stringContaining('is in use by another Prompter process')]);
  });
});

describe('a Prompter that is not like the command', () => {
  test('of another version is not asked', async () => {
    const prompter = homeForCommands();
    await prompter.serve();
    const { exitCode, err } = await prompter.runAs('9.9.9', ['templates', 'list']);
    expect([exitCode, err]).toEqual([
      1,
      expect.stringMatching(/^error: Prompter \S+ has the store .*, and this is 9\.9\.9\./),
    ]);
  });

  test('that goes by other settings than the command was given is not asked', async () => {
    const prompter = homeForCommands();
    await prompter.serve();
    const given = { PROMPTER_PROBE_DISABLED: 'true', PROMPTER_VERSION_CACHE_TTL_SECONDS: '300' };
    const { exitCode, err } = await prompter.runWith(given, ['templates', 'list']);
    expect([exitCode, err]).toEqual([2, expect.stringContaining('PROMPTER_PROBE_DISABLED: differs from')]);
    expect(err).not.toContain('CACHE_TTL');
  });
});

test('commands that come at once are all answered by a running Prompter; alone, none goes wrong', async () => {
  const prompter = homeForCommands();
  const atOnce = () =>
    Promise.all(
      ['templates', 'runs', 'connections'].map((group) => prompter.start(group, 'list', '--json').done),
    );
  // One has the store at a time. The others wait a moment, which on a slow machine may not be enough.
  const alone = (await atOnce()).map(({ code, stdout }) => code === 0 || JSON.parse(stdout).error.code);
  expect(alone).toContain(true);
  expect(alone.filter((one) => one !== true && one !== 'STORE_LOCKED')).toEqual([]);
  await prompter.serve();
  expect((await atOnce()).map(({ code }) => code)).toEqual([0, 0, 0]);
});
