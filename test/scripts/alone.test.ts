import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary';

const module = pathToFileURL(resolve('scripts/lib/alone.mjs')).href;

/** Processes that each note when their work begins and ends; their exit codes. */
async function workAtOnce(folder: string, count: number): Promise<(number | null)[]> {
  const log = join(folder, 'log');
  writeFileSync(log, '');
  const program = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { alone } from ${JSON.stringify(module)};
    const note = (what) => appendFileSync(${JSON.stringify(log)}, what + process.pid + '\\n');
    await alone('work', async () => {
      note('begin ');
      await delay(50);
      note('end ');
    }, ${JSON.stringify(folder)});`;
  return Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<number | null>((done) => {
          spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' }).on(
            'exit',
            done,
          );
        }),
    ),
  );
}

function pairsOf(folder: string): string[][] {
  const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
  return lines.flatMap((line, index) => (index % 2 === 0 ? [[line, lines[index + 1] ?? '']] : []));
}

test('processes that want the same work do it one after the other', async () => {
  const folder = temporaryFolder();
  expect(await workAtOnce(folder, 4)).toEqual([0, 0, 0, 0]);
  const pairs = pairsOf(folder);
  expect(pairs).toHaveLength(4);
  for (const [begin, end] of pairs) expect(end).toBe(begin?.replace('begin', 'end'));
  expect(readdirSync(folder)).toEqual(['log']);
});

test('the lock of a process that was killed holds nobody up', async () => {
  const folder = temporaryFolder();
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(join(folder, 'work.lock'), String(pid));
  expect(await workAtOnce(folder, 3)).toEqual([0, 0, 0]);
  expect(pairsOf(folder)).toHaveLength(3);
  expect(readdirSync(folder)).toEqual(['log']);
});
