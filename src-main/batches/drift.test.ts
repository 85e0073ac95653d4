import { describe, expect, it } from 'vitest';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import type { Core } from '../ports';

type BatchInput = Parameters<Core['batches']['start']>[0];

const FIRST = 'gpt-4o-2024-08-06';

/** Cells one after the other over one model, which answers as another version after every `every` requests. */
function plan(template_id: string, every: number, more: Partial<BatchInput> = {}): BatchInput {
  return {
    template_id,
    targets: [{ provider: 'practice-openai', model_id: `gpt-4o@drift=${every}` }],
    inputs: Array.from({ length: 6 }, (_, index) => ({ word: `word ${index}` })),
    replicates: 1,
    drift_policy: 'pause',
    stream: false,
    concurrency: 1,
    ...more,
  };
}

async function settledBatch(core: Core, input: BatchInput) {
  const started = await core.batches.start(input);
  await core.batches.settled(started.batch_id);
  return { ...started, batch: core.batches.get({ batch_id: started.batch_id }) };
}

describe('the preflight of a batch', () => {
  it('locks the version that answers, verified by one probe, and none where the cache is fresh', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const expected = [
      {
        target_index: 0,
        provider_version_key: FIRST,
        evidence_grade: 'dated_snapshot',
        evidence: { echoed_model: FIRST },
        verified: true,
      },
    ];
    const first = await settledBatch(core, plan(template_id, 100));
    expect(first.lock).toMatchObject(expected);
    expect(first.batch).toMatchObject({ status: 'completed', lock: expected, drift: [] });
    expect(requests()).toHaveLength(7);
    expect((await settledBatch(core, plan(template_id, 100))).lock).toMatchObject(expected);
    expect(requests()).toHaveLength(13);
  });

  it('says that a lock is unverified with probes off; the first answer then becomes it', async () => {
    const { core } = await practiceCore({ env: { PROMPTER_PROBE_DISABLED: 'true' } });
    const { template_id } = newTemplate(core);
    const { lock, batch } = await settledBatch(core, plan(template_id, 4));
    expect(lock).toMatchObject([{ provider_version_key: null, evidence_grade: null, verified: false }]);
    expect(batch).toMatchObject({
      status: 'paused',
      lock: [{ provider_version_key: FIRST, verified: true }],
      drift: [{ expected: { provider_version_key: FIRST } }],
    });
  });

  it('does so too where nobody answers', async () => {
    const { core } = await practiceCore();
    const connection_id = await connectionTo(core, 'http://127.0.0.1:9/v1');
    const { template_id } = newTemplate(core);
    const targets = [{ connection_id, model_id: 'm' }];
    const { lock } = await settledBatch(core, plan(template_id, 1, { targets }));
    expect(lock).toMatchObject([{ provider_version_key: null, verified: false }]);
  });

  it('spends nothing on a lock that decides nothing', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { batch } = await settledBatch(core, plan(template_id, 100, { drift_policy: 'record' }));
    expect(batch.lock).toMatchObject([{ provider_version_key: FIRST }]);
    expect(requests()).toHaveLength(6);
  });
});

describe('a batch whose model changes', () => {
  it('pauses with both pieces of evidence, and goes on with the new version as its lock', async () => {
    const practice = await practiceCore();
    const { template_id } = newTemplate(practice.core);
    // The probe and two cells, then another version for three, then a third.
    const { batch_id, batch } = await settledBatch(practice.core, plan(template_id, 3));
    const changed = batch.drift[0]?.actual.provider_version_key ?? '';
    expect(changed).not.toBe(FIRST);
    expect(batch).toMatchObject({
      status: 'paused',
      counts: { succeeded: 3, pending: 3 },
      drift: [
        {
          target_index: 0,
          expected: { provider_version_key: FIRST, evidence: { echoed_model: FIRST } },
          actual: { evidence_grade: 'dated_snapshot', evidence: { echoed_model: changed } },
          accepted_at: null,
        },
      ],
    });
    for (const part of [FIRST, changed]) expect(batch.status_reason).toContain(part);

    // The decision may be taken later, by another process.
    const core = await practice.reopen();
    expect(core.batches.get({ batch_id })).toEqual(batch);
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    const after = core.batches.get({ batch_id });
    expect(after).toMatchObject({
      status: 'paused',
      counts: { succeeded: 6, pending: 0 },
      lock: [{ provider_version_key: changed, verified: true }],
      drift: [
        { accepted_at: expect.any(String) },
        { expected: { provider_version_key: changed }, accepted_at: null },
      ],
    });
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).status).toBe('completed');
    expect(practice.requests()).toHaveLength(7);
  });

  it('stops under the policy stop', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { batch } = await settledBatch(core, plan(template_id, 3, { drift_policy: 'stop' }));
    expect(batch).toMatchObject({ status: 'stopped', counts: { succeeded: 3, pending: 3 } });
    expect(batch.drift).toHaveLength(1);
  });

  it('goes on under the policy record, with each version noted once', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { batch_id, batch } = await settledBatch(core, plan(template_id, 2, { drift_policy: 'record' }));
    expect(batch).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
    expect(batch.lock).toMatchObject([{ provider_version_key: FIRST }]);
    expect(batch.drift.map(({ accepted_at }) => accepted_at)).toEqual([null, null]);
    // What stops nothing is not accepted by going on, either.
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ lock: batch.lock, drift: batch.drift });
    expect(core.versions.drift({ template_id, limit: 10 }).items).toHaveLength(2);
  });

  it('under a pin keeps what was sent as version_mismatch, and goes on when the pin was mended', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, { model_id: 'gpt-4o@drift=4' });
    const change = { template_id, note: null, pinned_by: null };
    core.versions.pin({ ...change, provider_version_key: FIRST });
    const { batch_id, batch } = await settledBatch(core, plan(template_id, 4));
    expect(batch).toMatchObject({ status: 'paused', counts: { succeeded: 3, failed: 1, pending: 2 } });
    expect(batch.status_reason).toContain(`pinned to ${FIRST}`);
    expect(batch.status_reason).not.toContain('accepts the new version');
    const resume = () => core.batches.resume({ batch_id, retry_unknown: false });
    expect(resume).toThrow(expect.objectContaining({ code: 'VERSION_MISMATCH' }));
    core.versions.unpin(change);
    resume();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'completed',
      counts: { succeeded: 5, failed: 1 },
    });
    const { items } = core.runs.list({ batch_id, status: 'failed', limit: 10 });
    expect(items.map(({ failure_code }) => failure_code)).toEqual(['version_mismatch']);
  });
});

describe('the audit log of a batch', () => {
  it('has who moved it, when and why: the user, and Prompter by itself', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { batch_id, batch } = await settledBatch(core, plan(template_id, 3));
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    core.batches.cancel({ batch_id });
    const { items } = await core.audit.list({ limit: 100, record_type: 'batch_status' });
    const told = items.toReversed().map(({ seq, actor }) => ({
      actor,
      ...(JSON.parse(core.audit.entry({ seq }).content ?? '') as object),
    }));
    expect(told).toMatchObject([
      { actor: 'local', changed_by: 'local', status: 'running', reason: null },
      { actor: 'prompter', changed_by: 'prompter', status: 'paused', reason: batch.status_reason },
      { actor: 'local', changed_by: 'local', status: 'running', reason: null },
      { actor: 'prompter', changed_by: 'prompter', status: 'paused' },
      { actor: 'local', changed_by: 'local', status: 'cancelled', reason: 'Cancelled by you.' },
    ]);
    expect(await core.audit.verify()).toMatchObject({ ok: true, problems: [] });
  });
});
