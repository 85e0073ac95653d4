import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/temporary';

/** `npm start` where no window can be opened; what it said first, and its exit code once it has ended. */
function start(home: string) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const child = spawn(process.execPath, [resolve('scripts/start.mjs')], {
    env: { ...env, PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill());
  let text = '';
  const ended = new Promise<number | null>((done) => child.on('close', done));
  const linked = new Promise<void>((done) => {
    const onText = (chunk: string) => {
      text += chunk;
      if (text.includes('/open?code=')) done();
    };
    child.stdout.setEncoding('utf8').on('data', onText);
    child.stderr.setEncoding('utf8').on('data', onText);
  });
  return { child, ended, settled: Promise.race([linked, ended]), said: () => text };
}

test.skipIf(process.platform !== 'linux')(
  'of two starts at the same moment one serves, and the other prints a link to it',
  async () => {
    const home = join(temporaryFolder(), 'home');
    const both = [start(home), start(home)];
    await Promise.all(both.map(({ settled }) => settled));
    const [winner, loser] = both[0]?.said().includes('already running') ? both.toReversed() : both;
    expect(winner?.said()).toContain('Prompter is ready.');
    expect(loser?.said()).toContain('Prompter is already running. Open it with this link');
    expect(await loser?.ended).toBe(0);
    winner?.child.kill('SIGTERM');
    await winner?.ended;
  },
);
