import { expect, it } from 'vitest';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import { isAppError } from '../../src-shared/domain';

const KEY = 'sk-first-0123456789';
const HERE = 'http://127.0.0.1:9/v1';

async function setup(more: { secret?: string } = {}) {
  const { core, reopen, url } = await practiceCore({ env: { OTHER_KEY: 'sk-other-0123456789' } });
  const connection_id = await connectionTo(core, HERE, more);
  const update = (change: Omit<Parameters<typeof core.connections.update>[0], 'connection_id'>) =>
    core.connections.update({ connection_id, ...change });
  const now = async () =>
    (await core.connections.list()).items.find((item) => item.connection_id === connection_id);
  return { core, reopen, url, connection_id, update, now };
}

async function refused(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return isAppError(error)
    ? { code: error.code, message: JSON.stringify([error.message, error.data]) }
    : error;
}

it('a connection changes in what is named; it stays so after a restart, and the log has each change', async () => {
  const { core, reopen, connection_id, update, now } = await setup();
  expect(await update({ name: 'Lab' })).toMatchObject({ name: 'Lab', base_url: HERE, concurrency: 8 });
  expect(await update({ base_url: `${HERE}/`, concurrency: 2 })).toMatchObject({
    name: 'Lab',
    concurrency: 2,
  });
  // Nothing new is no change.
  await update({ name: 'Lab' });
  expect(await now()).toMatchObject({ connection_id, name: 'Lab', base_url: HERE, concurrency: 2 });

  const reopened = await reopen();
  const { items } = await reopened.connections.list();
  expect(items.find((item) => item.connection_id === connection_id)).toMatchObject({
    name: 'Lab',
    concurrency: 2,
  });
  const entries = await reopened.audit.list({ limit: 50, record_type: 'connection_change' });
  expect(entries.items.map(({ record_id }) => record_id)).toEqual([
    `${connection_id}/2`,
    `${connection_id}/1`,
  ]);
  expect(await reopened.audit.verify()).toMatchObject({ ok: true, problem_count: 0 });
  expect(core).toBeDefined();
});

it('a name that another one has is refused; one that was given up is free', async () => {
  const { core, update } = await setup();
  expect(await refused(update({ name: 'practice-openai' }))).toMatchObject({ code: 'CONNECTION_NAME_TAKEN' });
  await update({ name: 'Lab' });
  await connectionTo(core, HERE, { name: 'local' });
  expect(await refused(update({ name: 'local' }))).toMatchObject({ code: 'CONNECTION_NAME_TAKEN' });
});

it('runs that went through it stay as they were recorded, and later ones go to the new address', async () => {
  const { core, connection_id, update, url } = await setup();
  const { template_id } = newTemplate(core, { provider: 'lm-studio', model_id: 'gpt-4o' });
  const run = async () =>
    (await core.runs.start({ template_id, connection_id, model_id: 'gpt-4o', variables: { word: 'yes' } }))
      .run;
  const before = await run();
  expect(before).toMatchObject({ status: 'failed', failure_code: 'network_error' });
  await update({ base_url: `${url}/openai/v1`, name: 'Lab', secret: KEY });
  expect((await run()).status).toBe('succeeded');
  expect(core.runs.get({ run_id: before.run_id })).toEqual(before);
});

it('a stored key does not go to a server that it was not entered for', async () => {
  const { core, update, now } = await setup({ secret: KEY });
  const elsewhere = 'https://elsewhere.example/v1';
  const error = await refused(update({ base_url: elsewhere, name: 'Lab' }));
  expect(error).toMatchObject({
    code: 'VALIDATION_FAILED',
    message: expect.stringMatching(
      /"secret".*http:\/\/127\.0\.0\.1:9 and is not sent to https:\/\/elsewhere/,
    ) as string,
  });
  expect(await now()).toMatchObject({ name: 'local', base_url: HERE });
  // Another path of the same server, or a key for the new one, is fine.
  expect(await update({ base_url: 'http://127.0.0.1:9/v2' })).toMatchObject({ key_source: 'session' });
  const moved = await update({ base_url: elsewhere, secret: 'sk-second-0123456789' });
  expect(moved).toMatchObject({ base_url: elsewhere, key_available: true });
  expect(JSON.stringify([moved, await core.connections.list()])).not.toMatch(/sk-(first|second)/);
});

it('a key gives way to a variable, and the other way', async () => {
  const { update } = await setup({ secret: KEY });
  expect(await update({ key_env: 'OTHER_KEY' })).toMatchObject({
    key_source: 'env',
    key_env: 'OTHER_KEY',
    key_available: true,
  });
  expect(await update({ secret: KEY })).toMatchObject({
    key_source: 'session',
    key_env: null,
    key_available: true,
  });
  expect(await refused(update({ secret: KEY, key_env: 'OTHER_KEY' }))).toMatchObject({
    code: 'VALIDATION_FAILED',
  });
});

it('what was found out of the server before does not speak for the one at the new address', async () => {
  const { core, connection_id, update, url } = await setup();
  await update({ base_url: `${url}/openai/v1`, secret: KEY });
  await core.connections.setDialect({ connection_id, response_format: 'none' });
  const { trial } = await core.connections.test({ connection_id, calls: true });
  expect(trial).toMatchObject({ stream_options: 'send' });
  const moved = await update({ base_url: HERE, key_env: 'OTHER_KEY' });
  expect(moved).toMatchObject({
    last_test_at: null,
    last_test_ok: null,
    dialect: { stream_options_found: null, response_format: 'none' },
  });
  expect(await refused(core.connections.models({ connection_id, refresh: false }))).toMatchObject({
    code: 'PROVIDER_FAILURE',
  });
});

it('what leads nowhere is refused with the field', async () => {
  const { core, update } = await setup();
  const { items } = await core.connections.list();
  const practice = items.find(({ name }) => name === 'practice-openai')?.connection_id ?? '';
  expect(await refused(core.connections.update({ connection_id: practice, name: 'mine' }))).toMatchObject({
    code: 'VALIDATION_FAILED',
    message: expect.stringContaining('"name"') as string,
  });
  expect(await core.connections.update({ connection_id: practice, concurrency: 3 })).toMatchObject({
    concurrency: 3,
  });
  expect(await refused(core.connections.update({ connection_id: 'none', name: 'x' }))).toMatchObject({
    code: 'NOT_FOUND',
  });

  const own = await core.connections.create({
    org_id: 'default',
    name: 'own',
    provider: 'openai',
    base_url: HERE,
  });
  expect(
    await refused(core.connections.update({ connection_id: own.connection_id, base_url: null })),
  ).toMatchObject({ code: 'VALIDATION_FAILED', message: expect.stringContaining('"secret"') as string });
  expect(await update({ base_url: null })).toMatchObject({ base_url: null });
});
