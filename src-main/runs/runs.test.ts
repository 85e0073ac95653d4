import { hash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

const word = { variables: { word: 'hello' } };

describe('a run', () => {
  it.each([
    ['practice-openai', 'gpt-4o', 'gpt-4o-2024-08-06', 'dated_snapshot'],
    ['practice-anthropic', 'claude-opus-5-5', 'claude-opus-5-5', 'pinned_id'],
    ['practice-google', 'gemini-2.0-flash', 'gemini-2.0-flash-001', 'dated_snapshot'],
  ])(
    'through %s keeps the bytes that the server sent and fills its audit columns',
    async (provider, model_id, key, grade) => {
      const { core, requests } = await practiceCore();
      const { template_id } = newTemplate(core);
      for (const stream of [false, true]) {
        const { run } = await core.runs.start({
          template_id,
          provider,
          model_id,
          stream,
          country: 'CH',
          brand_name: 'AVEA',
          analysis_scope: 'brand+products',
          ...word,
        });
        expect(run).toMatchObject({
          status: 'succeeded',
          provider_version_key: key,
          evidence_grade: grade,
          simulated: true,
          country: 'CH',
          brand_name: 'AVEA',
          processing_status: 'parsed',
          finish_reason: { unified: 'stop' },
        });
        expect(run.analysis_config['scope']).toBe('brand+products');
        expect(run.output_text).not.toBe('');
        expect(run.cost_usd).toMatch(/^0\.0\d+$/);
        expect(run.rendered_prompt_sha256).toBe(hash('sha256', run.rendered_prompt));
        expect(run.request_json).not.toBeNull();
        expect(run.response_json).not.toBeNull();
        const { bytes } = core.runs.raw({ run_id: run.run_id });
        expect(hash('sha256', bytes)).toBe(run.raw_response_sha256);
        expect(bytes.byteLength).toBe(run.raw_response_size);
      }
      expect(requests()).toHaveLength(2);
    },
  );

  it('is listed with the name of its template, newest first', async () => {
    const { core } = await practiceCore();
    const of = [
      newTemplate(core, { name: 'One' }),
      newTemplate(core, { name: 'Other', model_id: 'gpt-4o-mini' }),
    ];
    for (const { template_id } of [...of, ...of]) await core.runs.start({ template_id, ...word });
    const { items } = core.runs.list({ limit: 3 });
    expect(items.map(({ template_name }) => template_name)).toEqual(['Other', 'One', 'Other']);
  });

  it('streams its text while it runs; the stored text is the same', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const pieces: string[] = [];
    const { run } = await core.runs.start(
      { template_id, stream: true, ...word },
      { onText: (delta) => pieces.push(delta) },
    );
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(run.output_text);
  });

  it.each([
    ['status=500', 'failed', 'provider_error'],
    ['status=429,retry_after=30', 'failed', 'rate_limited'],
    ['status=429,code=insufficient_quota', 'failed', 'quota_exhausted'],
    ['status=401', 'failed', 'auth_failed'],
    ['status=403', 'failed', 'permission_denied'],
    ['status=404', 'failed', 'model_not_found'],
    ['status=400', 'failed', 'invalid_request'],
    ['status=529,retry_after=30', 'failed', 'overloaded'],
    ['malformed', 'failed', 'parse_failed'],
    ['malformed=html', 'failed', 'parse_failed'],
    ['malformed=empty', 'failed', 'parse_failed'],
    ['cut=0.5', 'failed', 'stream_cut'],
    ['refusal', 'failed', 'refused'],
    ['reset', 'outcome_unknown', 'network_error'],
  ])('that meets %s ends as %s, %s, with everything that came', async (fault, status, code) => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { run } = await core.runs.start({
      template_id,
      model_id: `gpt-4o@${fault}`,
      provider: 'practice-openai',
      ...word,
    });
    expect([run.status, run.failure_code]).toEqual([status, code]);
    expect(run.failure_message).toBeTruthy();
    if (status === 'failed')
      expect(hash('sha256', core.runs.raw({ run_id: run.run_id }).bytes)).toBe(run.raw_response_sha256);
    else expect(() => core.runs.raw({ run_id: run.run_id })).toThrow('no stored answer');
  });

  it('that is never answered is in doubt, not failed: it may be billed', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { run } = await core.runs.start({
      template_id,
      model_id: 'gpt-4o@timeout',
      provider: 'practice-openai',
      timeout_seconds: 0.2,
      ...word,
    });
    expect([run.status, run.failure_code]).toEqual(['outcome_unknown', 'timeout']);
  });

  it('that nobody could receive is failed and was not sent', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const dead = await core.connections.create({
      org_id: 'default',
      name: 'dead',
      provider: 'practice-openai',
      base_url: 'http://127.0.0.1:9',
    });
    const { run } = await core.runs.start({ template_id, connection_id: dead.connection_id, ...word });
    expect([run.status, run.failure_code]).toEqual(['failed', 'network_error']);
  });

  it('with a cut stream keeps the piece that came', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { run } = await core.runs.start({
      template_id,
      model_id: 'gpt-4o@cut=0.6',
      provider: 'practice-openai',
      stream: true,
      ...word,
    });
    expect([run.status, run.failure_code]).toEqual(['failed', 'stream_cut']);
    expect(core.runs.raw({ run_id: run.run_id }).bytes.byteLength).toBeGreaterThan(100);
  });

  it('whose output is not what the schema asks for is failed with the place', async () => {
    const { core } = await practiceCore();
    const response_schema = {
      type: 'object',
      properties: { answer: { type: 'string' }, score: { type: 'number' } },
      required: ['answer', 'score'],
      additionalProperties: false,
    };
    const { template_id } = newTemplate(core, { response_schema });
    const good = await core.runs.start({ template_id, ...word });
    expect([good.run.status, good.run.output_json_valid]).toEqual(['succeeded', true]);
    expect(good.run.output_json).toMatchObject({ answer: expect.any(String), score: expect.any(Number) });
    for (const fault of ['invalidjson', 'invalidjson=shape']) {
      const { run } = await core.runs.start({
        template_id,
        model_id: `gpt-4o@${fault}`,
        provider: 'practice-openai',
        ...word,
      });
      expect([run.status, run.failure_code, run.output_json_valid]).toEqual([
        'failed',
        'output_invalid',
        false,
      ]);
      expect(run.requires_manual_review).toBe(true);
    }
  });

  it('that must be grounded fails closed without evidence', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, { grounding_mode: 'required' });
    const good = await core.runs.start({ template_id, ...word });
    expect([good.run.status, good.run.grounded]).toEqual(['succeeded', true]);
    expect(good.run.citations?.length).toBeGreaterThan(0);
    const { run } = await core.runs.start({
      template_id,
      model_id: 'gpt-4o@ungrounded',
      provider: 'practice-openai',
      ...word,
    });
    expect([run.status, run.failure_code, run.grounded]).toEqual(['failed', 'not_grounded', false]);
    expect(run.why_not_grounded).toBeTruthy();
  });

  it('names a missing variable and sends nothing', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    await expect(core.runs.start({ template_id })).rejects.toMatchObject({ code: 'MISSING_VARIABLE' });
    expect(requests()).toHaveLength(0);
  });
});

describe('a prompt that shows nothing', () => {
  it('is refused with its field, and nothing is sent', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core, { user_prompt_template: '{{ word }}' });
    for (const blank of ['', ' \n', '\u200b', null]) {
      await expect(core.runs.start({ template_id, variables: { word: blank } })).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        data: { fields: [{ path: 'user_prompt_template' }] },
      });
    }
    await expect(core.runs.start({ template_id, rendered_prompt: '\u2060' })).rejects.toMatchObject({
      data: { fields: [{ path: 'rendered_prompt' }] },
    });
    expect(requests()).toHaveLength(0);
  });

  it('is sent where there are system instructions', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core, {
      system_instructions: 'Say hello.',
      user_prompt_template: '{{ word }}',
    });
    await core.runs.start({ template_id, variables: { word: '' } });
    expect(requests()).toHaveLength(1);
  });
});

describe('a pinned template', () => {
  it('is refused before anything is sent where the version is known to differ', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core, { model_version_constraint: 'gpt-4o-2020-01-01' });
    const refused = {
      code: 'VERSION_MISMATCH',
      data: { expected: 'gpt-4o-2020-01-01', actual: 'gpt-4o-2024-08-06' },
    };
    await expect(core.runs.start({ template_id, ...word })).rejects.toMatchObject(refused);
    expect(requests()).toHaveLength(1);
    await expect(core.runs.start({ template_id, ...word })).rejects.toMatchObject(refused);
    // The probe's evidence is fresh: the second refusal asked nobody.
    expect(requests()).toHaveLength(1);
  });

  it('runs while the version holds, and records an answer of another version as a mismatch', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, {
      model_id: 'gpt-4o@drift=2',
      model_version_constraint: 'gpt-4o-2024-08-06',
    });
    const first = await core.runs.start({ template_id, ...word });
    expect(first.run.status).toBe('succeeded');
    const second = await core.runs.start({ template_id, ...word });
    expect([second.run.status, second.run.failure_code]).toEqual(['failed', 'version_mismatch']);
    expect(second.run.provider_version_key).not.toBe('gpt-4o-2024-08-06');
  });
});

describe('what is derived', () => {
  it('comes out the same when it is derived again from the stored bytes', async () => {
    const practice = await practiceCore();
    const { template_id } = newTemplate(practice.core);
    const models: [string, string][] = [
      ['practice-openai', 'gpt-4o'],
      ['practice-openai', 'gpt-4o@status=503'],
      ['practice-openai', 'gpt-4o@cut=0.5'],
      ['practice-openai', 'gpt-4o@malformed'],
      ['practice-anthropic', 'claude-opus-5-5'],
      ['practice-anthropic', 'claude-opus-5-5@refusal'],
      ['practice-google', 'gemini-2.0-flash'],
      ['practice-google', 'gemini-2.0-flash@length'],
    ];
    const before = [];
    for (const [provider, model_id] of models)
      for (const stream of [false, true])
        before.push(
          (await practice.core.runs.start({ template_id, provider, model_id, stream, ...word })).run,
        );
    await practice.core.close();

    // As if the process had ended between the two commits of each run.
    const db = new Database(join(practice.home, 'prompter.db'));
    db.exec(`UPDATE runs SET status = 'raw_stored', failure_code = NULL, failure_message = NULL, parse_attempts = 0,
      parse_error_message = NULL, response_output_sha256 = NULL, provider_version_key = NULL, evidence = NULL,
      finish_reason = NULL, input_tokens = NULL, output_tokens = NULL, cost_picodollars = NULL, price_snapshot_id = NULL`);
    db.close();

    const core = await practice.reopen();
    for (const run of before) {
      const { last_parse_attempt_at: _, ...again } = core.runs.get({ run_id: run.run_id });
      expect({ ...again, last_parse_attempt_at: run.last_parse_attempt_at }).toEqual(run);
    }
  });
});
