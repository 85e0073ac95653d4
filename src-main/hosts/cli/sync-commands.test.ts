import { expect, test, vi } from 'vitest';
import { commandLine } from '../../../test/support/program';

const { prompter } = commandLine();
const NOBODY = 'postgres://admin:sEcReT-word@127.0.0.1:1/team?sslmode=disable';

test('sync is off until it is set up, and says so', async () => {
  expect(await prompter(['sync', 'status'])).toMatchObject({
    exitCode: 0,
    out: 'Sync is off: everything stays on this machine.\n',
  });
  const json = await prompter(['sync', 'status', '--json']);
  expect(JSON.parse(json.out)).toMatchObject({ configured: false, state: 'off', waiting: 0 });
});

test.each(['push', 'pause', 'resume'])('sync %s has nothing to do while sync is off', async (command) => {
  const { exitCode, out, err } = await prompter(['sync', command]);
  expect([exitCode, out]).toEqual([1, '']);
  expect(err).toContain('Sync is off');
  expect(err).toContain('prompter sync status');
});

test('sync init takes the address from one place, and never as an argument', async () => {
  expect(await prompter(['sync', 'init'])).toMatchObject({ exitCode: 2 });
  expect(await prompter(['sync', 'init', NOBODY])).toMatchObject({ exitCode: 2 });
  expect(await prompter(['sync', 'init', '--url-env', 'X', '--url-stdin'])).toMatchObject({ exitCode: 2 });
  const unset = await prompter(['sync', 'init', '--url-env', 'NOT_SET_ANYWHERE']);
  expect(unset).toMatchObject({ exitCode: 2, err: expect.stringContaining('NOT_SET_ANYWHERE') });
});

test('sync init tells what failed, and no password', async () => {
  vi.stubEnv('ADMIN_URL', NOBODY);
  const failed = await prompter(['sync', 'init', '--url-env', 'ADMIN_URL', '--json']);
  expect(failed.exitCode).toBe(1);
  expect(JSON.parse(failed.out)).toMatchObject({ error: { code: 'TEAM_UNREACHABLE' } });

  vi.stubEnv('ADMIN_URL', `${NOBODY}&sslmode=whatever=1&x=1`);
  const wrong = await prompter(['sync', 'init', '--url-env', 'ADMIN_URL']);
  expect(wrong).toMatchObject({ exitCode: 2, err: expect.stringContaining('ADMIN_URL') });
  expect(JSON.stringify([failed, wrong])).not.toContain('sEcReT');
});

test('PROMPTER_DATABASE_URL is the team database of this command, and is not stored', async () => {
  vi.stubEnv('PROMPTER_DATABASE_URL', NOBODY);
  const shown = await prompter(['sync', 'status']);
  expect(shown.exitCode).toBe(0);
  expect(shown.out).toContain('127.0.0.1:1/team as admin (not encrypted)');
  expect(shown.out).toContain('in PROMPTER_DATABASE_URL');
  const pushed = await prompter(['sync', 'push', '--json']);
  expect(pushed.exitCode).toBe(1);
  const refused = await prompter(['sync', 'off']);
  expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining('PROMPTER_DATABASE_URL') });
  expect(JSON.stringify([shown, pushed, refused])).not.toContain('sEcReT');
  vi.stubEnv('PROMPTER_DATABASE_URL', '');
  expect((await prompter(['sync', 'status'])).out).toContain('Sync is off');

  vi.stubEnv('PROMPTER_DATABASE_URL', 'sEcReT');
  const wrong = await prompter(['sync', 'status']);
  expect(wrong).toMatchObject({ exitCode: 2, err: expect.stringContaining('PROMPTER_DATABASE_URL') });
  expect(wrong.err).not.toContain('sEcReT');
});
