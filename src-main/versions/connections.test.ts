import { describe, expect, it } from 'vitest';
import { connectionTo, newTemplate, practiceCore, type PracticeCore } from '../../test/support/practice-core';
import { createTestClock } from '../../test/support/temp-store';

/** A connection of its own to the practice server, which answers each path the same. */
const connect = ({ core, url }: PracticeCore, name: string) =>
  connectionTo(core, `${url}/openai/v1`, { name, secret: 'any' });

const fingerprintOf = (model: string): string => `gpt-4o@fingerprint=${model}`;

describe('a probe of a model over one connection', () => {
  it('is no answer for the same model over another one, within the same hour', async () => {
    const clock = createTestClock();
    const practice = await practiceCore({ clock });
    const { core, requests } = practice;
    const [a, b] = [await connect(practice, 'a'), await connect(practice, 'b')];
    const { template_id } = newTemplate(core);
    const ensure = (connection_id: string) =>
      core.versions.ensure({ template_id, connection_id, model_id: 'gpt-4o', force: false });

    // Both at once, so that each is after the other's key, and then one after the other.
    await Promise.all([ensure(a), ensure(b)]);
    const probed = core.runs
      .list({ template_id, kind: 'probe', limit: 10 })
      .items.map((run) => run.connection_id);
    expect(probed.toSorted()).toEqual([a, b].toSorted());
    expect(requests()).toHaveLength(2);

    clock.advance(301_000);
    for (const connection of [b, a]) {
      expect(await ensure(connection)).toMatchObject({ source: 'live', verified: true });
      expect(await ensure(connection)).toMatchObject({ source: 'cache', verified: true });
    }
    expect(requests()).toHaveLength(4);
  });

  it('does not let a pin pass that another connection would refuse', async () => {
    const clock = createTestClock();
    const practice = await practiceCore({
      clock,
      script: [{ match: { nth: 2 }, do: { fingerprint: 'fp_other' } }],
    });
    const { core } = practice;
    const [a, b] = [await connect(practice, 'a'), await connect(practice, 'b')];
    const { template_id } = newTemplate(core);
    const found = await core.versions.ensure({ template_id, connection_id: a, force: false });
    const pin = { note: null, pinned_by: null };
    core.versions.pin({ template_id, provider_version_key: found.provider_version_key, ...pin });
    await expect(
      core.runs.start({ template_id, connection_id: b, variables: { word: 'x' } }),
    ).rejects.toMatchObject({ code: 'VERSION_MISMATCH', data: { actual: 'fp_other', connection_id: b } });
  });
});

describe('a template that allows some fingerprints only', () => {
  const word = { variables: { word: 'hello' } };
  const allowing = async (allowed: string[], env: Record<string, string> = {}) => {
    const practice = await practiceCore({ env });
    const connection_id = await connect(practice, 'chat');
    const { template_id } = newTemplate(practice.core, { fingerprint_allowlist: allowed });
    const start = (fingerprint: string) =>
      practice.core.runs.start({
        template_id,
        connection_id,
        model_id: fingerprintOf(fingerprint),
        ...word,
      });
    return { core: practice.core, requests: practice.requests, template_id, start };
  };

  it('runs on them, and refuses others before anything of the prompt is sent', async () => {
    const { core, template_id, start, requests } = await allowing(['fp_one', 'fp_two']);
    for (const fingerprint of ['fp_one', 'fp_two']) {
      const { run } = await start(fingerprint);
      expect(run).toMatchObject({ status: 'succeeded', system_fingerprint: fingerprint });
    }
    await expect(start('fp_three')).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      data: { allowed_fingerprints: ['fp_one', 'fp_two'], system_fingerprint: 'fp_three' },
    });
    // What went out for the third was the probe, and it is not asked again.
    await expect(start('fp_three')).rejects.toMatchObject({ data: { source: 'cache' } });
    expect(requests().filter(({ model }) => model === fingerprintOf('fp_three'))).toHaveLength(1);
    const [probe] = core.runs.list({ template_id, kind: 'probe', limit: 1 }).items;
    expect(core.runs.get({ run_id: probe?.run_id ?? '' })).toMatchObject({
      model_id: fingerprintOf('fp_three'),
      rendered_prompt: expect.not.stringContaining('hello'),
    });
  });

  it('fails the run where only the answer shows it, and keeps the answer', async () => {
    const { start } = await allowing(['fp_one'], { PROMPTER_PROBE_DISABLED: 'true' });
    const { run } = await start('fp_three');
    expect(run).toMatchObject({
      status: 'failed',
      failure_code: 'version_mismatch',
      processing_status: 'parsed',
    });
    expect(run.failure_message).toContain('fp_three');
  });

  it('fails the run as well where the answer names no fingerprint at all', async () => {
    const { core } = await practiceCore({ env: { PROMPTER_PROBE_DISABLED: 'true' } });
    const { template_id } = newTemplate(core, {
      provider: 'practice-anthropic',
      model_id: 'claude-haiku-5-5',
      fingerprint_allowlist: ['fp_one'],
    });
    expect((await core.runs.start({ template_id, ...word })).run).toMatchObject({
      status: 'failed',
      failure_code: 'version_mismatch',
      failure_message: expect.stringContaining('no fingerprint') as string,
    });
  });
});
