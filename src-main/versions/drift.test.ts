import { describe, expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

const word = { variables: { word: 'hello' } };
const model_id = 'gpt-4o@drift=2';

describe('a model that answers as another version than before', () => {
  it('is recorded once, with what was seen before and after and the runs that show it', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, { model_id });
    const runs = [];
    for (let time = 0; time < 4; time += 1) runs.push((await core.runs.start({ template_id, ...word })).run);
    const keys = runs.map(({ provider_version_key }) => provider_version_key);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[1]);
    expect(keys[3]).toBe(keys[2]);

    const { items, next_cursor } = core.versions.drift({ template_id, limit: 10 });
    expect(next_cursor).toBeNull();
    expect(items).toMatchObject([
      {
        template_id,
        model_id,
        provider: 'practice-openai',
        connection_id: runs[0]?.connection_id,
        before: {
          provider_version_key: keys[0],
          evidence_grade: 'dated_snapshot',
          evidence: { echoed_model: keys[0] },
        },
        after: {
          provider_version_key: keys[2],
          evidence_grade: 'dated_snapshot',
          evidence: { echoed_model: keys[2] },
          run_id: runs[2]?.run_id,
        },
      },
    ]);
    expect([runs[0]?.run_id, runs[1]?.run_id]).toContain(items[0]?.before.run_id);
    expect(core.versions.list({ template_id }).items).toHaveLength(2);
  });

  it('shows what it answered to the same input before and after, and nothing where no input is the same', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, { model_id });
    const run = async (text: string, more: object = {}) =>
      (await core.runs.start({ template_id, variables: { word: text }, ...more })).run;
    const [first, other] = [await run('hello'), await run('rain')];
    const [late, again] = [await run('snow'), await run('hello', { inference_params: { temperature: 0.5 } })];
    const { drift_id } = core.versions.drift({ template_id, limit: 1 }).items[0] ?? { drift_id: '' };
    expect(core.versions.driftAnswers({ drift_id, limit: 3 })).toMatchObject({
      total: 1,
      items: [
        {
          rendered_prompt: first.rendered_prompt,
          // The parameters are not the same, so the version may not be all that the answers differ by.
          same_request: false,
          before: { run_id: first.run_id, output_text: first.output_text },
          after: { run_id: again.run_id, output_text: again.output_text },
        },
      ],
    });
    expect([other, late].map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);

    const strangers = newTemplate(core, { model_id: 'o3@drift=1' });
    for (const text of ['one', 'two'])
      await core.runs.start({ template_id: strangers.template_id, variables: { word: text } });
    const [event] = core.versions.drift({ template_id: strangers.template_id, limit: 1 }).items;
    expect(core.versions.driftAnswers({ drift_id: event?.drift_id ?? '', limit: 3 })).toEqual({
      total: 0,
      items: [],
    });
    expect(() => core.versions.driftAnswers({ drift_id: 'nowhere', limit: 3 })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
  });

  it('compares the answers of probes where no runs have the same input', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, { model_id: 'gpt-4o@drift=1' });
    for (let time = 0; time < 2; time += 1) await core.versions.ensure({ template_id, force: true });
    const [event] = core.versions.drift({ template_id, limit: 1 }).items;
    const { items } = core.versions.driftAnswers({ drift_id: event?.drift_id ?? '', limit: 3 });
    expect(items).toMatchObject([{ before: { kind: 'probe' }, after: { kind: 'probe' } }]);

    await core.runs.start({ template_id, ...word });
    expect(core.versions.driftAnswers({ drift_id: event?.drift_id ?? '', limit: 3 }).items).toHaveLength(1);
  });

  it('is listed for all templates, newest first, page by page', async () => {
    const { core } = await practiceCore();
    const templates = [newTemplate(core, { model_id }), newTemplate(core, { model_id: 'o3@drift=1' })];
    for (const { template_id } of templates)
      for (let time = 0; time < 3; time += 1) await core.runs.start({ template_id, ...word });
    const all = core.versions.drift({ limit: 10 }).items;
    expect(all.map((event) => event.template_id)).toEqual(
      [templates[1], templates[1], templates[0]].map((template) => template?.template_id),
    );
    const first = core.versions.drift({ limit: 2 });
    const rest = core.versions.drift({ limit: 2, cursor: first.next_cursor ?? '' });
    expect([...first.items, ...rest.items]).toEqual(all);
    expect(rest.next_cursor).toBeNull();
  });

  it('tells whoever watches', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, { model_id: 'gpt-4o@drift=1' });
    await core.runs.start({ template_id, ...word });
    const changes = core.system.changes(undefined)[Symbol.asyncIterator]();
    const told = (async () => {
      for (;;) {
        const { value } = await changes.next();
        if (value.entity === 'versions') return value.ids;
      }
    })();
    await core.runs.start({ template_id, ...word });
    expect(await told).toContain(core.versions.drift({ limit: 1 }).items[0]?.drift_id);
  });
});

describe('no drift is', () => {
  it('that another template, or another model, answers otherwise', async () => {
    const { core } = await practiceCore();
    const [one, other] = [newTemplate(core), newTemplate(core, { model_id: 'o3' })];
    for (const { template_id } of [one, other]) await core.runs.start({ template_id, ...word });
    await core.runs.start({
      template_id: one.template_id,
      model_id: 'o3',
      provider: 'practice-openai',
      ...word,
    });
    expect(core.versions.drift({ limit: 10 }).items).toEqual([]);
  });
});
