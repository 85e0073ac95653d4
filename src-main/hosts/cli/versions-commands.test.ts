import { expect, test } from 'vitest';
import { commandLine } from '../../../test/support/program';

const { prompter, file } = commandLine();

const MODEL = 'gpt-4o@drift=1';
const template = (): string =>
  file(
    'greeting.json',
    JSON.stringify({
      name: 'Greeting',
      user_prompt_template: 'Greet {{ name }}',
      model_id: MODEL,
      provider: 'practice-openai',
    }),
  );

test('a pin refuses what answers otherwise, until it is taken away; drift is listed', async () => {
  const path = template();
  const created = await prompter(['templates', 'create', path, '--json']);
  const { template_id: id } = JSON.parse(created.out) as { template_id: string };
  const run = () => prompter(['run', id, '--var', 'name=Ada']);
  expect((await run()).exitCode).toBe(0);

  const pinned = await prompter([
    'versions',
    'pin',
    id,
    'gpt-4o-2024-05-13',
    '--note',
    'as reviewed',
    '--json',
  ]);
  expect(pinned.exitCode).toBe(0);
  expect(JSON.parse(pinned.out)).toMatchObject({
    template_id: id,
    provider_version_key: 'gpt-4o-2024-05-13',
    note: 'as reviewed',
  });
  const refused = await run();
  expect([refused.exitCode, refused.err]).toEqual([
    3,
    expect.stringContaining('pinned to gpt-4o-2024-05-13'),
  ]);

  expect(await prompter(['versions', 'unpin', id])).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('any version'),
  });
  expect(await prompter(['versions', 'drift'])).toMatchObject({ exitCode: 0, out: '(none)\n' });
  // A practice model starts anew with each command, so one command has to see it change.
  const rows = file('rows.csv', 'name\nAda\n');
  const target = `practice-openai:${MODEL}`;
  const compared = await prompter([
    'compare',
    path,
    '--targets',
    target,
    '--inputs',
    rows,
    '--replicates',
    '2',
    '--concurrency',
    '1',
  ]);
  expect(compared.exitCode).toBe(0);
  const drift = await prompter(['versions', 'drift', '--template', id], undefined, { columns: 200 });
  expect(drift.exitCode).toBe(0);
  expect(drift.out).toContain(`practice-openai:${MODEL}`);
  expect(drift.out).toContain('gpt-4o-2024-08-06');
});
