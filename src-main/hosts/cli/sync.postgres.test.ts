import { expect, test, vi } from 'vitest';
import { commandLine } from '../../../test/support/program';
import { asAdmin } from '../../../test/support/team/postgres-server';
import { newDatabase } from '../../../test/support/team/team-database';

const { prompter, file } = commandLine();

test('a database is set up, everything is pushed, and each kind is there as often as here', async () => {
  const admin = await newDatabase();
  const { host, port, database, user, password } = admin;
  const place = `${host}:${String(port)}/${database}?sslmode=disable`;
  vi.stubEnv('ADMIN_URL', `postgres://${user}:${password}@${place}`);
  vi.stubEnv('PROMPTER_DATABASE_URL', `postgres://org_${database}:chosen-by-us@${place}`);

  const template = file(
    'greeting.json',
    JSON.stringify({
      name: 'Greeting',
      user_prompt_template: 'Greet {{ name }}',
      model_id: 'gpt-4o',
      provider: 'practice-openai',
    }),
  );
  const rows = file('rows.csv', 'name\nAda\nGrace\n');
  const compared = await prompter([
    'compare',
    template,
    '--targets',
    'practice-openai:gpt-4o',
    '--inputs',
    rows,
  ]);
  expect(compared.exitCode).toBe(0);

  const unprepared = await prompter(['sync', 'push']);
  expect(unprepared).toMatchObject({ exitCode: 1, out: '' });

  const made = await prompter(['sync', 'init', '--url-env', 'ADMIN_URL', '--json']);
  expect(made.exitCode).toBe(0);
  expect(JSON.parse(made.out)).toMatchObject({ role: `org_${database}`, status: { source: 'environment' } });
  // Again, by somebody who does not know: nothing happens.
  expect(await prompter(['sync', 'init', '--url-env', 'ADMIN_URL'])).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('already up to date'),
  });

  const pushed = await prompter(['sync', 'push', '--json']);
  expect(pushed.exitCode).toBe(0);
  const told = JSON.parse(pushed.out) as {
    pushed: number;
    counts: { record_type: string; local: number; remote: number }[];
  };
  expect(told.pushed).toBeGreaterThan(0);
  expect(told.counts.find(({ record_type }) => record_type === 'run')).toEqual({
    record_type: 'run',
    local: 2,
    remote: 2,
  });
  expect(told.counts.filter(({ local, remote }) => local !== remote)).toEqual([]);
  const again = await prompter(['sync', 'push']);
  expect(again).toMatchObject({ exitCode: 0, out: expect.stringContaining('pushed: 0\n') });
  const shown = await prompter(['sync', 'status']);
  expect(shown.out).toContain('waiting    0\n');
  // Somebody with every right took one away: nothing waits, and yet it is not all there.
  await asAdmin(admin, (client) =>
    client.query(`SET session_replication_role = replica;
      DELETE FROM prompter.runs WHERE run_id = (SELECT min(run_id) FROM prompter.runs)`),
  );
  expect(await prompter(['sync', 'push'])).toMatchObject({
    exitCode: 1,
    out: expect.stringMatching(/run +2 +1 +1 missing/),
  });
  expect(JSON.stringify([unprepared, made, pushed, again, shown])).not.toContain('chosen-by-us');
});

test('without PROMPTER_DATABASE_URL, the role and its password are made, and used at once', async () => {
  const { host, port, database, user, password } = await newDatabase();
  vi.stubEnv(
    'ADMIN_URL',
    `postgres://${user}:${password}@${host}:${String(port)}/${database}?sslmode=disable`,
  );
  const made = await prompter(['sync', 'init', '--url-env', 'ADMIN_URL', '--json']);
  expect(made.exitCode).toBe(0);
  expect(JSON.parse(made.out)).toMatchObject({
    status: { configured: true, source: 'settings', password: 'session', database: { database } },
  });
  // The keychain of these tests forgets; what is left says so instead of failing silently.
  expect(made.err).toContain('memory only');
  const shown = await prompter(['sync', 'status']);
  expect(shown.out).toContain('password   missing');
  expect(await prompter(['sync', 'off'])).toMatchObject({ exitCode: 0 });
  expect((await prompter(['sync', 'status'])).out).toContain('Sync is off');
});
