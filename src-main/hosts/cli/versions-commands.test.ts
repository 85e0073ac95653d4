import { expect, onTestFinished, test, vi } from 'vitest';
import { byteServer, json } from '../../../test/support/byte-server';
import { commandLine } from '../../../test/support/program';
import { startPracticeServer } from '../../practice';

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
  // By its file as well; a file that is no template's makes none.
  expect((await prompter(['versions', 'unpin', path])).exitCode).toBe(0);
  const other = file('other.json', '{"name":"Other","model_id":"gpt-4o","user_prompt_template":"Hi"}');
  expect(await prompter(['versions', 'unpin', other])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('No template has the configuration of'),
  });
  expect((await prompter(['templates', 'list'])).out).not.toContain('Other');
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

test('a comparison pauses where a model changes, says both versions, and goes on with the new one', async () => {
  // A server that outlives the commands: the practice models of a command start anew with it.
  const server = await startPracticeServer({ keepJournal: true });
  onTestFinished(() => server.close());
  vi.stubEnv('KEY_OF_MOVING', 'any');
  const added = ['connections', 'add', 'moving', '--provider', 'lm-studio', '--key-env', 'KEY_OF_MOVING'];
  await prompter([...added, '--base-url', `${server.url}/openai/v1`]);
  const compare = (...more: string[]) => prompter(['compare', ...more, '--json', '--progress', 'none']);
  const what = ['--targets', 'moving:gpt-4o@drift=2', '--inputs', file('row.csv', 'name\nAda\n')];
  const how = ['--replicates', '3', '--concurrency', '1', '--on-drift', 'pause'];

  const paused = await compare(template(), ...what, ...how);
  expect(paused.exitCode).toBe(1);
  const { batch_id, status, counts } = JSON.parse(paused.out) as Record<string, unknown>;
  expect([status, counts]).toMatchObject(['paused', { succeeded: 2, pending: 1 }]);
  const versions = [...new Set(paused.err.match(/fp_[0-9a-f]+/g))];
  expect(versions).toHaveLength(2);
  expect(paused.err).toContain('Resuming accepts the new version');
  expect(paused.err).toContain(`prompter compare --resume ${String(batch_id)}`);

  const resumed = await compare('--resume', String(batch_id));
  expect(resumed.exitCode).toBe(0);
  expect(JSON.parse(resumed.out)).toMatchObject({ status: 'completed', counts: { succeeded: 3 } });
  expect(server.journal().filter(({ event }) => event === 'request')).toHaveLength(4);
});

test('a version key as long as a book is named by its start, and kept whole', async () => {
  const key = `fp_${'é'.repeat(500_000)}`;
  const url = await byteServer((socket) =>
    socket.write(
      json(
        JSON.stringify({
          model: 'm',
          system_fingerprint: key,
          choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello' } }],
        }),
      ),
    ),
  );
  await prompter(['connections', 'add', 'endless', '--provider', 'lm-studio', '--base-url', url]);
  const target = ['--target', 'endless:m'];
  const ran = await prompter(['run', template(), ...target, '--var', 'name=Ada']);
  expect(ran).toMatchObject({ exitCode: 0, out: expect.stringContaining('é… (500003 characters) (') });
  expect(ran.out.length).toBeLessThan(1_000);
  const whole = await prompter(['run', template(), ...target, '--var', 'name=Ada', '--json']);
  const { provider_version_key, template_id } = JSON.parse(whole.out) as Record<string, string>;
  expect(provider_version_key).toBe(key);

  await prompter(['versions', 'pin', template_id ?? '', 'fp_other', ...target]);
  const refused = await prompter(['run', template(), ...target, '--var', 'name=Ada']);
  expect(refused.exitCode).toBe(3);
  expect(`${refused.out}${refused.err}`.length).toBeLessThan(2_000);
  const listed = await prompter(['versions', 'list', template_id ?? '']);
  expect(listed).toMatchObject({ exitCode: 0, out: expect.stringMatching(/fp_é+…/) });
  expect(listed.out.length).toBeLessThan(2_000);
});
