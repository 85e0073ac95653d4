import { describe, expect, it } from 'vitest';
import { derivedRun } from '../../test/support/derived-run';
import { newRun } from '../../test/support/new-run';
import { seedRunParents } from '../../test/support/run-parents';
import { openTempStore, testIds } from '../../test/support/temp-store';
import { timestampOf, type GradedVersion, type Run } from '../../src-shared/domain';
import type { ProviderClients } from '../ports';
import { createEchoGuard } from '../providers/http/redact';
import { createPricing } from '../runs/cost';
import { runView } from '../runs/view';
import {
  finishRun,
  getProvider,
  getRunRow,
  getTemplate,
  insertRun,
  upsertSeenVersion,
  type DerivedRun,
} from '../store';
import { createCurrentVersions, unverifiedVersion, type ProbeRequest, type VersionRequest } from './current';
import { createVersionHistory } from './history';

const START = Date.UTC(2026, 4, 20, 10, 30);
const TTL_MS = 300_000;
const HOUR_MS = 3_600_000;
const HOURLY_KEY = 'probe:default:default:TEMPLATE:practice-openai:m:2026052010';

const versionOf = (key: string): GradedVersion => ({
  provider_version_key: key,
  evidence_grade: 'fingerprint',
  evidence: { requested_model: 'm', echoed_model: 'm', system_fingerprint: key, extra: {} },
});
const SAYS_NOTHING: GradedVersion = {
  provider_version_key: 'unknown',
  evidence_grade: 'none',
  evidence: { requested_model: 'm', echoed_model: null, system_fingerprint: null, extra: {} },
};

/** No adapter is asked: there are no bytes to read. */
const clients: ProviderClients = {
  echoGuard: createEchoGuard,
  clientFor() {
    throw new Error('There is no adapter.');
  },
};

/**
 * A model behind a connection, which gives one answer after the other to probes, each of which is a stored run. As the
 * engine does it, a key answers with the run that succeeded under it.
 */
function modelThatAnswers(
  answers: readonly Partial<DerivedRun>[] = [],
  config: { probesEnabled?: boolean; versionCacheTtlMs?: number } = {},
) {
  const store = openTempStore();
  const { template_ids, connection_id } = seedRunParents(store, 2);
  const [template, other] = template_ids.map((id) => getTemplate(store.read, id));
  const provider = getProvider(store.read, 'practice-openai');
  if (!template || !other || !provider) throw new Error('The store was not seeded.');
  const target = { connectionId: connection_id, name: 'Mine', provider, concurrency: 1 };

  let now = START;
  const clock = { now: () => now, monotonic: () => now - START };
  const configured = { probesEnabled: true, versionCacheTtlMs: TTL_MS, ...config };
  const history = createVersionHistory({ clock, ids: testIds, config: configured });
  const probes: ProbeRequest[] = [];
  const answered = new Map<string, Run>();
  let sent = 0;

  /** A run of the model at this moment, and what it leaves. */
  const answer = (derived: Partial<DerivedRun>, asked: Pick<ProbeRequest, 'template' | 'modelId'>): Run => {
    const run = newRun({
      run_id: testIds.uuid(),
      template_id: asked.template.template_id,
      connection_id,
      model_id: asked.modelId,
      executed_at: timestampOf(now),
    });
    const result = derivedRun({ ...versionOf('fp_1'), ...derived });
    const { status, provider_version_key, evidence_grade, evidence } = result;
    store.write((tx) => {
      insertRun(tx, run);
      finishRun(tx, run.run_id, result);
      if (status === 'succeeded' && provider_version_key && evidence_grade && evidence)
        history.seen(tx, run, { provider_version_key, evidence_grade, evidence });
    });
    const row = getRunRow(store.read, run.run_id);
    if (!row) throw new Error('The run was not stored.');
    return runView(store.read, { clients, pricing: createPricing() }, row);
  };

  const deps = {
    store,
    clock,
    ids: testIds,
    config: configured,
    async probe(request: ProbeRequest) {
      probes.push(request);
      await Promise.resolve();
      const known = answered.get(request.idempotencyKey);
      if (known) return known;
      const run = answer(answers[sent++] ?? {}, request);
      if (run.status === 'succeeded') answered.set(request.idempotencyKey, run);
      return run;
    },
  };
  const request: VersionRequest = { template, target, modelId: 'm' };
  const current = createCurrentVersions(deps);
  return {
    deps,
    store,
    request,
    template,
    other,
    find: (more: Partial<VersionRequest> = {}) => current({ ...request, ...more }),
    /** An answer that nobody asked for to learn the version. */
    answer: (derived: Partial<DerivedRun> = {}) => answer(derived, { template, modelId: 'm' }),
    probes,
    /** Calls that the model answered; a probe that is replayed is none. */
    calls: () => sent,
    keys: () => probes.map(({ idempotencyKey }) => idempotencyKey.replace(template.template_id, 'TEMPLATE')),
    advance: (ms: number) => void (now += ms),
    at: () => timestampOf(now),
  };
}

describe('fresh evidence', () => {
  it('is the answer until its time to live is over, and nothing is sent', async () => {
    const { find, answer, advance, calls } = modelThatAnswers();
    answer();
    const known = {
      version: versionOf('fp_1'),
      source: 'cache',
      verified: true,
      observed_at: timestampOf(START),
    };
    expect(await find()).toEqual(known);
    advance(TTL_MS - 1);
    expect(await find()).toEqual(known);
    expect(calls()).toBe(0);
    advance(1);
    expect(await find()).toMatchObject({ source: 'live', observed_at: timestampOf(START + TTL_MS) });
    expect(calls()).toBe(1);
  });

  it('is asked for again where that is wanted, under a key of its own each time', async () => {
    const { find, answer, probes, calls, keys, request } = modelThatAnswers([
      versionOf('fp_2'),
      versionOf('fp_3'),
    ]);
    answer();
    for (const key of ['fp_2', 'fp_3'])
      expect(await find({ force: true })).toMatchObject({ version: versionOf(key), source: 'live' });
    expect(calls()).toBe(2);
    expect(new Set(keys()).size).toBe(2);
    for (const key of keys()) expect(key.startsWith(`${HOURLY_KEY}:`)).toBe(true);
    expect(probes[0]).toMatchObject({ template: request.template, target: request.target, modelId: 'm' });
  });

  it('is not what a clock saw that was ahead', async () => {
    const { find, answer, advance } = modelThatAnswers();
    answer();
    advance(-1);
    expect(await find()).toMatchObject({ source: 'live', observed_at: timestampOf(START - 1) });
  });

  it('is not an answer that says nothing of its version', async () => {
    const { find, answer, calls } = modelThatAnswers([versionOf('fp_2')]);
    answer(SAYS_NOTHING);
    expect(await find()).toMatchObject({ version: versionOf('fp_2'), source: 'live' });
    expect(calls()).toBe(1);
  });
});

describe('a probe', () => {
  it('is live where the model answered it now', async () => {
    const { find, at, keys } = modelThatAnswers([versionOf('fp_2')]);
    expect(await find()).toEqual({
      version: versionOf('fp_2'),
      source: 'live',
      verified: true,
      observed_at: at(),
    });
    expect(keys()).toEqual([HOURLY_KEY]);
  });

  it('that was answered earlier in the hour is from the cache, and says when it was seen', async () => {
    const { find, advance, calls, keys } = modelThatAnswers([SAYS_NOTHING]);
    const first = await find();
    expect(first).toEqual({
      version: SAYS_NOTHING,
      source: 'live',
      verified: true,
      observed_at: timestampOf(START),
    });
    advance(1);
    expect(await find()).toEqual({ ...first, source: 'cache' });
    expect(calls()).toBe(1);
    expect(keys()).toEqual([HOURLY_KEY, HOURLY_KEY]);
  });

  it('of the hour that has expired is no answer: the model is asked again', async () => {
    const { find, advance, calls, keys, at } = modelThatAnswers([versionOf('fp_2'), versionOf('fp_3')]);
    await find();
    advance(TTL_MS);
    expect(await find()).toMatchObject({ version: versionOf('fp_3'), source: 'live', observed_at: at() });
    expect(calls()).toBe(2);
    expect(keys()).toHaveLength(3);
    expect(keys()[1]).toBe(HOURLY_KEY);
    expect(keys()[2]?.startsWith(`${HOURLY_KEY}:`)).toBe(true);
  });

  it('of another hour has another key', async () => {
    const { find, advance, keys } = modelThatAnswers([SAYS_NOTHING, SAYS_NOTHING]);
    await find();
    advance(HOUR_MS);
    await find();
    expect(keys()).toEqual([HOURLY_KEY, HOURLY_KEY.replace(/10$/, '11')]);
  });

  it('under way is shared by all who ask for that model, and by nobody afterwards', async () => {
    const { find, other, calls } = modelThatAnswers([
      versionOf('fp_2'),
      versionOf('fp_3'),
      versionOf('fp_4'),
    ]);
    const [one, same, elsewhere] = await Promise.all([
      find({ force: true }),
      find({ template: other }),
      find({ modelId: 'n' }),
    ]);
    expect(same).toEqual(one);
    expect(one.version.provider_version_key).toBe('fp_2');
    expect(elsewhere.version.provider_version_key).toBe('fp_3');
    expect(calls()).toBe(2);
    expect((await find({ force: true })).version.provider_version_key).toBe('fp_4');
  });

  it('that fails says why, and the next one asks again', async () => {
    const failure: Partial<DerivedRun> = {
      status: 'failed',
      failure_code: 'overloaded',
      failure_message: 'Too many at once.',
    };
    const { find, request } = modelThatAnswers([failure, { ...failure, failure_message: null }]);
    await expect(find()).rejects.toMatchObject({
      code: 'PROVIDER_FAILURE',
      message: 'The probe of m through "Mine" failed: Too many at once.',
      data: {
        run_id: expect.any(String) as string,
        failure_code: 'overloaded',
        connection_id: request.target.connectionId,
      },
    });
    await expect(find()).rejects.toThrow('The probe of m through "Mine" failed: failed');
    expect(await find()).toMatchObject({ source: 'live', verified: true });
  });

  it.each<Partial<DerivedRun>>([
    { status: 'failed' },
    { provider_version_key: null },
    { evidence_grade: null },
    { evidence: null },
  ])('that came to %o shows no version', async (derived) => {
    const { find } = modelThatAnswers([derived]);
    await expect(find()).rejects.toMatchObject({ code: 'PROVIDER_FAILURE' });
  });
});

describe('where nobody may be asked', () => {
  const off = { probesEnabled: false };

  it('fresh evidence is as good as ever, and what has expired is the last word, unverified', async () => {
    const { find, answer, advance, probes } = modelThatAnswers([], off);
    answer();
    const known = { version: versionOf('fp_1'), source: 'cache', observed_at: timestampOf(START) };
    expect(await find()).toEqual({ ...known, verified: true });
    expect(await find({ force: true })).toEqual({ ...known, verified: false });
    advance(TTL_MS);
    expect(await find()).toEqual({ ...known, verified: false });
    expect(probes).toEqual([]);
  });

  it('an unknown version is said to be unknown, of the model that was asked for', async () => {
    const { find, deps, request } = modelThatAnswers([], off);
    const unknown = { version: SAYS_NOTHING, source: 'cache', observed_at: null, verified: false };
    expect(await find()).toEqual(unknown);
    expect(unverifiedVersion(deps, request)).toEqual(unknown);
    expect((await find({ modelId: 'n' })).version.evidence.requested_model).toBe('n');
  });

  it('what the template saw last is the last word, however recent: of this model, and from no cache', async () => {
    const { find, store, template, other } = modelThatAnswers([], off);
    const { template_id, org_id, workspace_id } = template;
    const place = { org_id, workspace_id, template_id, provider: 'practice-openai' };
    store.write((tx) => {
      for (const [model_id, key] of [
        ['m', 'fp_1'],
        ['n', 'fp_2'],
      ] as const)
        upsertSeenVersion(tx, {
          ...place,
          ...versionOf(key),
          version_id: testIds.uuid(),
          model_id,
          seen_at: timestampOf(START),
        });
    });
    expect(await find()).toEqual({
      version: versionOf('fp_1'),
      source: 'cache',
      observed_at: null,
      verified: false,
    });
    expect((await find({ template: other })).version).toEqual(SAYS_NOTHING);
  });
});
