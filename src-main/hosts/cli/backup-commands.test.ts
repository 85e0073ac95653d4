import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../../../test/support/program';
import { startStoreChild } from '../../../test/support/processes/store-child';

const { prompter, file, folder, home } = commandLine();

const template = (name: string): string =>
  file(
    `${name}.json`,
    JSON.stringify({
      name,
      user_prompt_template: `Greet ${name}`,
      model_id: 'gpt-4o',
      provider: 'practice-openai',
    }),
  );
const json = async (...args: string[]) => JSON.parse((await prompter([...args, '--json'])).out) as unknown;
const names = async (): Promise<string[]> =>
  ((await json('templates', 'list')) as { items: { name: string }[] }).items
    .map(({ name }) => name)
    .toSorted();

test('a backup is made, listed, checked and restored, and what it replaces can be had back', async () => {
  await prompter(['templates', 'create', template('first')]);
  const out = join(folder, 'copy.db');
  expect(await prompter(['backup', '--out', out])).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('read back'),
  });
  expect(await prompter(['backup', '--out', out])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('exists'),
  });
  const unmounted = join(folder, 'stick');
  expect(await prompter(['backup', '--out', join(unmounted, 'copy.db')])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining(`the folder ${unmounted} does not exist`),
  });
  expect(existsSync(unmounted)).toBe(false);
  await prompter(['templates', 'create', template('second')]);
  expect(await prompter(['backup'])).toMatchObject({ exitCode: 0 });

  const asked = await prompter(['restore', out]);
  expect([asked.exitCode, asked.out]).toEqual([
    0,
    expect.stringMatching(/is intact: .*templates: 1[^]*--yes/),
  ]);
  expect(await names()).toEqual(['first', 'second']);

  const done = await prompter(['restore', out, '--yes']);
  expect([done.exitCode, done.out]).toEqual([0, expect.stringContaining('is kept as')]);
  expect(await names()).toEqual(['first']);
  expect(await json('audit', 'verify')).toMatchObject({ ok: true, restores: [{ from_file: 'copy.db' }] });

  const { items } = (await json('backup', 'list')) as { items: { path: string; reason: string }[] };
  expect(items.map(({ reason }) => reason)).toEqual(['before_restore', 'manual']);
  expect((await prompter(['backup', 'list'])).out).toContain('manual');
  // A name from the list will do.
  await prompter(['restore', basename(items[0]?.path ?? ''), '--yes']);
  expect(await names()).toEqual(['first', 'second']);
});

test('while Prompter runs a backup is made all the same, and a restore is refused with who is in the way', async () => {
  await prompter(['templates', 'create', template('first')]);
  const child = await startStoreChild(home());
  const made = (await json('backup')) as { path: string; rows: Record<string, number> };
  expect(made.rows).toMatchObject({ templates: 1 });
  const refused = await prompter(['restore', made.path, '--yes']);
  expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining(`process ${child.pid}`)]);
  await child.close();
});

test.each([
  ['is not there', null, 'does not exist'],
  ['is not a store', 'not a database, but long enough to look like one'.repeat(50), 'not an intact backup'],
])('a file that %s is refused before anything is touched', async (_what, content, said) => {
  await prompter(['templates', 'create', template('first')]);
  const path = join(folder, 'nothing.db');
  if (content !== null) writeFileSync(path, content);
  for (const yes of [[], ['--yes']]) {
    const refused = await prompter(['restore', path, ...yes]);
    expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining(said)]);
  }
  expect(await names()).toEqual(['first']);
});

test('a damaged store names the newest good backup and how to put it back', async () => {
  await prompter(['templates', 'create', template('first')]);
  const { path } = (await json('backup')) as { path: string };
  const store = join(home(), 'prompter.db');
  // As a crash leaves it: the owner's trace is there, and the disk did not keep what it was given.
  writeFileSync(join(home(), 'owner.json'), '{}');
  const bytes = readFileSync(store);
  bytes.fill(0xff, 8192 * 2, 8192 * 12);
  writeFileSync(store, bytes);

  const refused = await prompter(['templates', 'list']);
  expect(refused.exitCode).toBe(1);
  expect(refused.err).toContain(`prompter restore "${path}" --yes`);
  expect(readFileSync(store).equals(bytes)).toBe(true);
  expect((await prompter(['doctor'])).exitCode).toBe(1);

  expect((await prompter(['restore', path, '--yes'])).exitCode).toBe(0);
  expect(await names()).toEqual(['first']);
  const { items } = (await json('backup', 'list')) as { items: { path: string }[] };
  expect(items.some((item) => existsSync(item.path) && readFileSync(item.path).equals(bytes))).toBe(true);
});
