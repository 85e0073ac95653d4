import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { CLI, startCli } from '../support/cli';
import { temporaryFolder } from '../support/temporary';

// What only the built product can get wrong: a bundler that drops code, signals of a real process.

const readySchema = z.strictObject({
  url: z.url(),
  token: z.string(),
  pid: z.number(),
  link: z.url(),
});

async function startServe(home: string) {
  const running = startCli(['serve'], { PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session' });
  if (running.child.stdout === null) throw new Error('no standard output');
  const [line]: unknown[] = await once(running.child.stdout, 'data');
  return { ...running, ready: readySchema.parse(JSON.parse(String(line))) };
}

test('the built host answers, refuses malformed paths, and ends cleanly at Ctrl+C however often it arrives', async () => {
  const home = temporaryFolder();
  const { child, done, ready } = await startServe(home);
  expect(ready.pid).toBe(child.pid);
  const status = async (path: string) => {
    const headers = { authorization: `Bearer ${ready.token}` };
    return (await fetch(`${ready.url}${path}`, { headers })).status;
  };
  expect(await status('/v1/status')).toBe(200);
  expect(await status('/openapi.json')).toBe(200);
  expect(await status('/')).toBe(200);
  expect(await status('/v1/templates/%E2%82')).toBe(400);
  expect(await status('/v1/templates/%00')).toBe(400);
  expect(await status('/..%2f..%2fpackage.json')).toBe(404);

  // From the terminal, from npm, from the starting script: one press.
  for (const _sender of [1, 2, 3]) child.kill('SIGINT');
  expect((await done).code).toBe(0);
  // Closed, not killed: no log of the database is left, and nobody owns the store.
  expect(readdirSync(home).toSorted()).toEqual([
    'audit-head',
    'logs',
    'owner.lock',
    'prompter.db',
    'served.json',
  ]);
});

test('a comparison goes on when whoever read its progress has left', async () => {
  const folder = temporaryFolder();
  const [template, inputs] = [join(folder, 'template.json'), join(folder, 'inputs.jsonl')];
  writeFileSync(template, '{"name":"T","user_prompt_template":"Say {{ word }}.","model_id":"gpt-4o"}');
  writeFileSync(inputs, Array.from({ length: 30 }, (_, word) => JSON.stringify({ word })).join('\n'));
  const { child, done, onProgress } = startCli(
    [
      'compare',
      template,
      '--targets',
      'practice-openai:gpt-4o',
      '--inputs',
      inputs,
      '--concurrency',
      '1',
    ].concat(['--progress', 'jsonl', '--json']),
    { PROMPTER_HOME: join(folder, 'home'), PROMPTER_KEYCHAIN: 'session' },
  );
  onProgress(() => child.stderr?.destroy());
  const { code, stdout } = await done;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', counts: { succeeded: 30 } });
});

const FULL = '/dev/full';

test.skipIf(!existsSync(FULL))('what could not be printed is a failure, with words', async () => {
  const env = { ...process.env, PROMPTER_HOME: temporaryFolder(), PROMPTER_KEYCHAIN: 'session' };
  const full = openSync(FULL, 'w');
  const child = spawn(process.execPath, [CLI, 'templates', 'list', '--json'], {
    env,
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code]: unknown[] = await once(child, 'close');
  expect(code).toBe(1);
  expect(said.join('')).toContain('the output could not be written (ENOSPC');
});
