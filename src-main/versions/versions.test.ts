import { describe, expect, it } from 'vitest';
import { createClient, createRouter } from '../rpc';
import { heldServer } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import { createTestClock } from '../../test/support/temp-store';

const word = { variables: { word: 'hello' } };
const offline = { PROMPTER_PROBE_DISABLED: 'true' };

describe('a version', () => {
  it('is probed once for all who ask at the same moment, and once per model', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const models = ['gpt-4o', 'o3', 'gpt-4o-mini', 'gpt-4.1', 'gpt-5'];
    const found = await Promise.all(
      [...models, ...models].map((model_id) =>
        core.versions.ensure({ template_id, model_id, provider: 'practice-openai', force: false }),
      ),
    );
    expect(requests()).toHaveLength(models.length);
    for (const { model_id, evidence, verified } of found)
      expect([evidence.requested_model, verified]).toEqual([model_id, true]);
  });

  it('that whoever asked first does not wait for is still found for the others', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const client = createClient(createRouter({ core, logger: core.logger, version: 'test' }));
    const gone = new AbortController();
    const first = client.versions.ensure({ template_id }, { signal: gone.signal });
    const second = core.versions.ensure({ template_id, force: false });
    gone.abort();
    await first.catch(() => undefined);
    expect(await second).toMatchObject({ provider_version_key: 'gpt-4o-2024-08-06', source: 'live' });
  });

  it('is only asked for in the workspace of its template', async () => {
    const { core, requests } = await practiceCore();
    const { template_id, org_id, workspace_id } = newTemplate(core);
    for (const other of [{ workspace_id: 'other' }, { org_id: 'other' }])
      await expect(core.versions.ensure({ template_id, force: false, ...other })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    expect(requests()).toHaveLength(0);
    const found = await core.versions.ensure({ template_id, force: false, org_id, workspace_id });
    expect(found.verified).toBe(true);
  });

  it('of a probe that fails is an error that says why, and is asked for again', async () => {
    const { core } = await practiceCore({ script: [{ match: { nth: 1 }, do: { status: 503 } }] });
    const { template_id } = newTemplate(core);
    const ensure = () => core.versions.ensure({ template_id, force: false });
    await expect(ensure()).rejects.toMatchObject({
      code: 'PROVIDER_FAILURE',
      data: { failure_code: 'overloaded' },
    });
    expect(await ensure()).toMatchObject({ verified: true });
  });

  it('that was seen in the future, by a clock that was wrong, is not fresh for ever', async () => {
    const clock = createTestClock(Date.UTC(2030, 0, 1));
    const { core, requests } = await practiceCore({ clock });
    const { template_id } = newTemplate(core);
    const ensure = () => core.versions.ensure({ template_id, force: false });
    await ensure();
    expect(await ensure()).toMatchObject({ source: 'cache', verified: true });
    expect(requests()).toHaveLength(1);
    clock.advance(-4 * 365 * 86_400_000);
    expect(await ensure()).toMatchObject({ source: 'live', verified: true });
    expect(requests()).toHaveLength(2);
  });
});

describe('a version that nothing is known of, with probes off', () => {
  it('is unknown and never verified, however often it is asked for', async () => {
    const { core, requests } = await practiceCore({ env: offline });
    const { template_id } = newTemplate(core);
    for (let time = 0; time < 2; time += 1)
      expect(await core.versions.ensure({ template_id, force: false })).toMatchObject({
        provider_version_key: 'unknown',
        evidence_grade: 'none',
        verified: false,
      });
    expect(requests()).toHaveLength(0);
  });

  it('is about the model that was asked for, although the key is shared', async () => {
    const { core } = await practiceCore({ env: offline });
    const { template_id } = newTemplate(core);
    for (const model_id of ['gpt-4o', 'o3', 'gpt-4o'])
      expect(
        await core.versions.ensure({ template_id, model_id, provider: 'practice-openai', force: false }),
      ).toMatchObject({ model_id, evidence: { requested_model: model_id } });
  });

  it('does not make a pin refuse what it knows nothing about: the answer decides', async () => {
    const { core } = await practiceCore({
      env: offline,
      script: [{ match: { nth: 1 }, do: { status: 500 } }],
    });
    const { template_id } = newTemplate(core, { model_version_constraint: 'gpt-4o-2024-08-06' });
    const start = async () => (await core.runs.start({ template_id, ...word })).run.status;
    expect(await start()).toBe('failed');
    expect(await start()).toBe('succeeded');
  });

  it('lets a pinned run through where nobody listens: it was not sent', async () => {
    const { core } = await practiceCore({ env: offline });
    const connection_id = await connectionTo(core, 'http://127.0.0.1:9/v1');
    const { template_id } = newTemplate(core, { provider: 'lm-studio', model_version_constraint: 'v1' });
    for (let time = 0; time < 2; time += 1) {
      const { run } = await core.runs.start({ template_id, connection_id, ...word });
      expect([run.status, run.failure_code]).toEqual(['failed', 'network_error']);
    }
  });
});

describe('a version of a model that cannot be reached', () => {
  it('is the last known one, unverified, and says that it is offline', async () => {
    const clock = createTestClock();
    const { core, requests } = await practiceCore({
      clock,
      script: [{ match: { nth: [2, 3] }, do: { reset: true } }],
    });
    const { template_id } = newTemplate(core);
    const ensure = (force: boolean) => core.versions.ensure({ template_id, force });
    expect(await ensure(false)).toMatchObject({ verified: true, unverified_reason: null });
    clock.advance(301_000);
    for (const force of [false, true])
      expect(await ensure(force)).toMatchObject({
        provider_version_key: 'gpt-4o-2024-08-06',
        source: 'cache',
        verified: false,
        unverified_reason: 'offline',
      });
    expect(await ensure(false)).toMatchObject({ source: 'live', verified: true, unverified_reason: null });
    expect(requests()).toHaveLength(4);
  });

  it('is unknown where nothing was ever seen', async () => {
    const { core } = await practiceCore({ script: [{ do: { reset: true } }] });
    const { template_id } = newTemplate(core);
    expect(await core.versions.ensure({ template_id, force: false })).toMatchObject({
      provider_version_key: 'unknown',
      verified: false,
      unverified_reason: 'offline',
    });
  });
});

describe('a pin, with probes on and nobody who answers', () => {
  it('refuses the run: it cannot be said to hold', async () => {
    const { core } = await practiceCore();
    const connection_id = await connectionTo(core, 'http://127.0.0.1:9/v1');
    const { template_id } = newTemplate(core, { provider: 'lm-studio', model_version_constraint: 'v1' });
    await expect(core.runs.start({ template_id, connection_id, ...word })).rejects.toMatchObject({
      code: 'PROVIDER_FAILURE',
      data: { failure_code: 'network_error' },
    });
  });

  it('refuses it too where the model says nothing of its version', async () => {
    const { core } = await practiceCore();
    const server = await heldServer();
    server.open((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"choices":[{"index":0,"message":{"role":"assistant","content":"pong"}}]}');
    });
    const connection_id = await connectionTo(core, server.url);
    const { template_id } = newTemplate(core, { provider: 'lm-studio', model_version_constraint: 'v1' });
    const start = () => core.runs.start({ template_id, connection_id, ...word });
    for (let time = 0; time < 2; time += 1)
      await expect(start()).rejects.toMatchObject({ code: 'VERSION_MISMATCH', data: { actual: 'unknown' } });
  });
});
