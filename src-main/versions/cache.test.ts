import { describe, expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';
import { createTestClock } from '../../test/support/temp-store';

const provider_id = 'practice-openai';
const word = { variables: { word: 'hello' } };

describe('the cache of versions', () => {
  it('is shared by templates, and puts what it knows into the history of whoever asks', async () => {
    const { core, requests } = await practiceCore();
    const [one, other] = [newTemplate(core), newTemplate(core)];
    await core.runs.start({ template_id: one.template_id, ...word });
    const found = await core.versions.ensure({ template_id: other.template_id, force: false });
    expect(found).toMatchObject({ source: 'cache', verified: true, created: true });
    expect(core.versions.list({ template_id: other.template_id }).items).toMatchObject([
      { version_id: found.version_id, provider_version_key: 'gpt-4o-2024-08-06' },
    ]);
    expect(requests()).toHaveLength(1);
  });

  it('is believed for its time to live and no longer, and asks again also within the hour', async () => {
    const clock = createTestClock();
    const env = { PROMPTER_VERSION_CACHE_TTL_SECONDS: '2' };
    const { core, requests } = await practiceCore({ clock, env });
    const { template_id } = newTemplate(core);
    const ensure = async () => (await core.versions.ensure({ template_id, force: false })).source;
    expect([await ensure(), await ensure()]).toEqual(['live', 'cache']);
    for (let round = 2; round < 5; round += 1) {
      clock.advance(2000);
      expect([await ensure(), await ensure()]).toEqual(['live', 'cache']);
      expect(requests()).toHaveLength(round);
    }
  });

  it('outlives the process', async () => {
    const practice = await practiceCore();
    const { template_id } = newTemplate(practice.core);
    await practice.core.versions.ensure({ template_id, force: false });
    const core = await practice.reopen();
    expect(await core.versions.ensure({ template_id, force: false })).toMatchObject({ source: 'cache' });
    expect(practice.requests()).toHaveLength(1);
  });

  it('lets a pin refuse what another template saw, with nothing sent', async () => {
    const { core, requests } = await practiceCore();
    await core.runs.start({ template_id: newTemplate(core).template_id, ...word });
    const { template_id } = newTemplate(core, { model_version_constraint: 'gpt-4o-2024-05-13' });
    await expect(core.runs.start({ template_id, ...word })).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      data: { expected: 'gpt-4o-2024-05-13', actual: 'gpt-4o-2024-08-06', source: 'cache' },
    });
    expect(requests()).toHaveLength(1);
  });
});

describe("a provider's versions", () => {
  it('say where they come from, and change their etag exactly when a version does', async () => {
    const clock = createTestClock();
    const { core, requests } = await practiceCore({ clock });
    const { template_id } = newTemplate(core, { model_id: 'gpt-4o@drift=2' });
    await core.versions.ensure({ template_id, force: false });
    const known = await core.versions.ofProvider({ provider_id, force_refresh: false });
    expect(known).toMatchObject({ provider: provider_id, source: 'cache' });
    expect(known.items).toMatchObject([
      { model_id: 'gpt-4o@drift=2', source: 'cache', verified: true, failure: null },
    ]);
    const [item] = known.items;
    expect(Date.parse(item?.expires_at_utc ?? '') - Date.parse(item?.observed_at ?? '')).toBe(300_000);
    expect(known.expires_at_utc).toBe(item?.expires_at_utc);

    const same = await core.versions.ofProvider({ provider_id, force_refresh: true });
    expect([same.source, same.etag]).toEqual(['live', known.etag]);
    const moved = await core.versions.ofProvider({ provider_id, force_refresh: true });
    expect(moved.source).toBe('live');
    expect(moved.etag).not.toBe(known.etag);
    expect(moved.items[0]?.etag).not.toBe(item?.etag);
    expect(requests()).toHaveLength(3);

    clock.advance(300_000);
    expect(await core.versions.ofProvider({ provider_id, force_refresh: false })).toMatchObject({
      source: 'live',
      items: [{ verified: true }],
    });
    expect(requests()).toHaveLength(4);
  });

  it('are unverified with probes off, and where the model does not answer, which is said', async () => {
    const clock = createTestClock();
    const practice = await practiceCore({ clock, script: [{ match: { nth: [2, 3] }, do: { reset: true } }] });
    const { template_id } = newTemplate(practice.core);
    await practice.core.versions.ensure({ template_id, force: false });
    const { items } = await practice.core.versions.ofProvider({ provider_id, force_refresh: true });
    expect(items).toMatchObject([
      {
        provider_version_key: 'gpt-4o-2024-08-06',
        source: 'cache',
        verified: false,
        failure: { code: 'PROVIDER_FAILURE' },
      },
    ]);
  });

  it('are none where nothing was asked, and not found where there is no such provider', async () => {
    const { core } = await practiceCore();
    expect(await core.versions.ofProvider({ provider_id, force_refresh: true })).toMatchObject({
      source: 'cache',
      expires_at_utc: null,
      items: [],
    });
    await expect(
      core.versions.ofProvider({ provider_id: 'none', force_refresh: false }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('with probes off', () => {
  it('the last known version is given, unverified, once it has expired', async () => {
    const clock = createTestClock();
    const { core, requests } = await practiceCore({ clock, env: { PROMPTER_PROBE_DISABLED: 'true' } });
    const { template_id } = newTemplate(core);
    await core.runs.start({ template_id, ...word });
    const ensure = () => core.versions.ensure({ template_id, force: false });
    expect(await ensure()).toMatchObject({ source: 'cache', verified: true });
    clock.advance(300_000);
    expect(await ensure()).toMatchObject({
      provider_version_key: 'gpt-4o-2024-08-06',
      source: 'cache',
      verified: false,
    });
    const { items } = await core.versions.ofProvider({ provider_id, force_refresh: true });
    expect(items).toMatchObject([{ source: 'cache', verified: false, failure: null }]);
    expect(requests()).toHaveLength(1);
  });
});
