import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

const word = { variables: { word: 'hello' } };
const why = { note: null, pinned_by: null };
const NOW = 'gpt-4o-2024-08-06';

/** As an earlier release wrote it: without the model that it is about. */
function addPinOfBefore(home: string, templateId: string, key: string | null): void {
  const db = new Database(join(home, 'prompter.db'));
  const guard = db
    .prepare(`SELECT sql FROM sqlite_master WHERE name = 'template_pins_model_guard'`)
    .pluck()
    .get();
  db.exec('DROP TRIGGER template_pins_model_guard');
  db.prepare(
    `INSERT INTO template_pins (pin_id, org_id, workspace_id, template_id, provider_version_key, pinned_at)
     VALUES (?, 'default', 'default', ?, ?, '2026-11-01T00:00:00.000Z')`,
  ).run(`p-${key}`, templateId, key);
  db.exec(String(guard));
  db.close();
}

describe('a pin', () => {
  it('holds runs to a version from then on, until it is taken away; the template stays as it is', async () => {
    const { core, requests } = await practiceCore();
    const template = newTemplate(core);
    const { template_id } = template;
    const start = async () => (await core.runs.start({ template_id, ...word })).run;
    expect(await start()).toMatchObject({ status: 'succeeded', model_version_constraint: null });

    core.versions.pin({ template_id, provider_version_key: 'gpt-4o-2024-05-13', ...why, note: 'As tested' });
    await expect(start()).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      data: { expected: 'gpt-4o-2024-05-13', actual: NOW },
    });
    expect(requests()).toHaveLength(1);

    const inList = () =>
      core.templates.list({ include_archived: false, limit: 5 }).items[0]?.pinned_version_key;
    expect(inList()).toBe('gpt-4o-2024-05-13');
    core.versions.pin({ template_id, provider_version_key: NOW, ...why });
    expect(inList()).toBe(NOW);
    expect(await start()).toMatchObject({ status: 'succeeded', model_version_constraint: NOW });
    core.versions.unpin({ template_id, ...why, pinned_by: 'ada' });
    expect(inList()).toBeNull();
    expect(await start()).toMatchObject({ status: 'succeeded', model_version_constraint: null });

    expect(core.templates.get({ template_id })).toEqual(template);
    expect(core.versions.pins({ template_id })).toMatchObject({
      effective: null,
      of_template: null,
      items: [
        { provider_version_key: null, pinned_by: 'ada' },
        { provider_version_key: NOW, note: null },
        { provider_version_key: 'gpt-4o-2024-05-13', note: 'As tested' },
      ],
    });
  });

  it('cannot lift or replace the version that a template was frozen for', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core, { model_version_constraint: 'gpt-4o-2024-05-13' });
    const start = () => core.runs.start({ template_id, ...word });
    await expect(start()).rejects.toMatchObject({ code: 'VERSION_MISMATCH' });
    expect(core.versions.pins({ template_id })).toMatchObject({ effective: 'gpt-4o-2024-05-13', items: [] });
    const frozen = {
      code: 'CONSTRAINT_FROZEN',
      data: { template_id, model_version_constraint: 'gpt-4o-2024-05-13' },
    };
    expect(() => core.versions.unpin({ template_id, ...why })).toThrow(expect.objectContaining(frozen));
    expect(() => core.versions.pin({ template_id, provider_version_key: NOW, ...why })).toThrow(
      expect.objectContaining(frozen),
    );
    // In lists it is shown as what holds it, as a pin is.
    expect(core.templates.list({ include_archived: false, limit: 5 }).items).toMatchObject([
      { template_id, pinned_version_key: 'gpt-4o-2024-05-13' },
    ]);
    // Pinned to what it was frozen for, it is what it was.
    core.versions.pin({ template_id, provider_version_key: 'gpt-4o-2024-05-13', ...why });
    await expect(start()).rejects.toMatchObject({ code: 'VERSION_MISMATCH' });
    expect(requests().filter(({ model }) => model !== 'gpt-4o')).toEqual([]);
  });

  it('holds the model that it is about, and the template on other models runs freely', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const start = async (model_id: string) => (await core.runs.start({ template_id, model_id, ...word })).run;
    core.versions.pin({ template_id, provider_version_key: 'gpt-4o-2024-05-13', ...why });
    await expect(start('gpt-4o')).rejects.toMatchObject({ code: 'VERSION_MISMATCH' });
    expect(await start('gpt-4o-mini')).toMatchObject({ status: 'succeeded', model_version_constraint: null });

    const mini = { provider: 'practice-openai', model_id: 'gpt-4o-mini' };
    core.versions.pin({ template_id, ...mini, provider_version_key: 'gpt-4o-mini-2099-01-01', ...why });
    const sent = requests().length;
    await expect(start('gpt-4o-mini')).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      data: { ...mini, expected: 'gpt-4o-mini-2099-01-01' },
    });
    expect(requests()).toHaveLength(sent);
    const own = { provider: 'practice-openai', model_id: 'gpt-4o' };
    const in_force = [
      { ...own, provider_version_key: 'gpt-4o-2024-05-13', frozen: false },
      { ...mini, provider_version_key: 'gpt-4o-mini-2099-01-01', frozen: false },
    ];
    expect(core.versions.pins({ template_id })).toMatchObject({ effective: 'gpt-4o-2024-05-13', in_force });
    expect(core.templates.list({ include_archived: false, limit: 5 }).items).toMatchObject([
      { template_id, pinned_version_key: 'gpt-4o-2024-05-13', pins: in_force },
    ]);

    core.versions.unpin({ template_id, ...why });
    expect(await start('gpt-4o')).toMatchObject({ status: 'succeeded', model_version_constraint: null });
    // Only another model is still pinned, so an unpin has to say which.
    expect(() => core.versions.unpin({ template_id, ...why })).toThrow(/gpt-4o is not pinned.*gpt-4o-mini/);
    core.versions.unpin({ template_id, ...mini, ...why });
    expect(core.versions.pins({ template_id }).in_force).toEqual([]);
    expect(await start('gpt-4o-mini')).toMatchObject({ status: 'succeeded' });
  });

  it('to a version that was seen is about the model that showed it', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { run } = await core.runs.start({ template_id, model_id: 'gpt-4o-mini', ...word });
    const key = run.provider_version_key ?? '';
    expect(core.versions.pin({ template_id, provider_version_key: key, ...why })).toMatchObject({
      provider: 'practice-openai',
      model_id: 'gpt-4o-mini',
    });
    expect(core.versions.pins({ template_id })).toMatchObject({
      effective: null,
      in_force: [{ model_id: 'gpt-4o-mini', provider_version_key: key }],
    });
  });

  it('of before holds the model whose version it is, until that model has a pin of its own', async () => {
    const practice = await practiceCore();
    const { template_id } = newTemplate(practice.core);
    const { run } = await practice.core.runs.start({ template_id, model_id: 'gpt-4o-mini', ...word });
    await practice.core.close();
    const seen = run.provider_version_key ?? '';
    addPinOfBefore(practice.home, template_id, 'lost');
    addPinOfBefore(practice.home, template_id, seen);
    const core = await practice.reopen();
    const mini = { provider: 'practice-openai', model_id: 'gpt-4o-mini' };
    expect(core.versions.pins({ template_id }).in_force).toEqual([
      { provider: null, model_id: 'gpt-4o-mini', provider_version_key: seen, frozen: false },
    ]);
    expect((await core.runs.start({ template_id, ...word })).run.model_version_constraint).toBeNull();
    const held = await core.runs.start({ template_id, model_id: 'gpt-4o-mini', ...word });
    expect(held.run.model_version_constraint).toBe(seen);
    core.versions.unpin({ template_id, ...mini, ...why });
    const free = await core.runs.start({ template_id, model_id: 'gpt-4o-mini', ...word });
    expect(free.run.model_version_constraint).toBeNull();
  });

  it('that a template was frozen with is about its own model at its own provider', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, { model_version_constraint: 'gpt-4o-2024-05-13' });
    const others = [{ model_id: 'gpt-4o-mini' }, { model_id: 'gpt-4o', provider: 'practice-google' }];
    for (const other of others) {
      const { run } = await core.runs.start({ template_id, ...other, ...word });
      expect(run).toMatchObject({ status: 'succeeded', model_version_constraint: null });
      core.versions.pin({ template_id, ...other, provider_version_key: 'other', ...why });
      await expect(core.runs.start({ template_id, ...other, ...word })).rejects.toMatchObject({
        code: 'VERSION_MISMATCH',
        message: expect.stringContaining('unpin the model'),
      });
    }
    const frozen = core.runs.start({ template_id, ...word });
    await expect(frozen).rejects.toThrow(/Freeze a version of the template without its model_version/);
    expect(core.versions.pins({ template_id }).in_force[0]).toEqual({
      provider: 'practice-openai',
      model_id: 'gpt-4o',
      provider_version_key: 'gpt-4o-2024-05-13',
      frozen: true,
    });
  });

  it('of before, which lifted it, lifts it no more', async () => {
    const practice = await practiceCore();
    const { template_id } = newTemplate(practice.core, { model_version_constraint: 'gpt-4o-2024-05-13' });
    await practice.core.close();
    addPinOfBefore(practice.home, template_id, null);
    const core = await practice.reopen();
    expect(core.versions.pins({ template_id })).toMatchObject({ effective: 'gpt-4o-2024-05-13' });
    await expect(core.runs.start({ template_id, ...word })).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
    });
  });

  it('fails the run as version_mismatch where only the answer shows it, and the answer is kept', async () => {
    const { core } = await practiceCore({ env: { PROMPTER_PROBE_DISABLED: 'true' } });
    const { template_id } = newTemplate(core, { model_id: 'gpt-4o@drift=1' });
    const start = async () => (await core.runs.start({ template_id, ...word })).run;
    const first = await start();
    core.versions.pin({ template_id, provider_version_key: first.provider_version_key ?? '', ...why });
    const second = await start();
    expect(second).toMatchObject({
      status: 'failed',
      failure_code: 'version_mismatch',
      model_version_constraint: first.provider_version_key,
      processing_status: 'parsed',
    });
    expect(core.versions.drift({ template_id, limit: 5 }).items).toMatchObject([
      { before: { run_id: first.run_id }, after: { run_id: second.run_id } },
    ]);
    // Now it is known: the next one is refused before it is sent.
    await expect(start()).rejects.toMatchObject({ code: 'VERSION_MISMATCH', data: { source: 'cache' } });
  });

  it('of a template that does not exist is not found', async () => {
    const { core } = await practiceCore();
    for (const call of [
      () => core.versions.pin({ template_id: 'none', provider_version_key: 'v', ...why }),
      () => core.versions.unpin({ template_id: 'none', ...why }),
      () => core.versions.pins({ template_id: 'none' }),
    ])
      expect(call).toThrow('none');
  });
});

describe('a run under a pin', () => {
  it('is judged by that pin whenever its answer is read again, whatever is pinned by then', async () => {
    const practice = await practiceCore({ env: { PROMPTER_PROBE_DISABLED: 'true' } });
    const { template_id } = newTemplate(practice.core);
    practice.core.versions.pin({ template_id, provider_version_key: 'gpt-4o-2024-05-13', ...why });
    const { run: before } = await practice.core.runs.start({ template_id, ...word });
    expect(before.failure_code).toBe('version_mismatch');
    practice.core.versions.unpin({ template_id, ...why });

    // As a crash leaves it: the bytes are stored, what follows from them is not.
    await practice.core.close();
    const db = new Database(join(practice.home, 'prompter.db'));
    db.exec(
      `UPDATE runs SET status = 'raw_stored', failure_code = NULL, failure_message = NULL, parse_attempts = 0`,
    );
    db.close();
    const after = (await practice.reopen()).runs.get({ run_id: before.run_id });
    expect({ ...after, last_parse_attempt_at: null }).toEqual({ ...before, last_parse_attempt_at: null });
    expect(practice.core.versions.drift({ template_id, limit: 1 }).items).toEqual([]);
  });
});
