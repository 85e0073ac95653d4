import { describe, expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';
import { createTestClock } from '../../test/support/temp-store';
import type { Core } from '../ports';

const word = { variables: { word: 'hello' } };

describe('an idempotency key', () => {
  it('gives the first run again and sends nothing', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const first = await core.runs.start({ template_id, idempotency_key: 'k', ...word });
    const again = await core.runs.start({ template_id, idempotency_key: 'k', ...word });
    expect([first.replayed, again.replayed]).toEqual([false, true]);
    expect(again.run).toEqual(first.run);
    await expect(
      core.runs.start({ template_id, idempotency_key: 'k', variables: { word: 'other' } }),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', data: { run_id: first.run.run_id } });
    expect(requests()).toHaveLength(1);
  });

  it('is refused with a request that has no canonical form, and without one that request is sent', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const variables = { word: JSON.parse(`${'['.repeat(200)}"deep"${']'.repeat(200)}`) };
    await expect(core.runs.start({ template_id, idempotency_key: 'k', variables })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    expect(requests()).toHaveLength(0);
    expect((await core.runs.start({ template_id, variables })).run.status).toBe('succeeded');
  });

  it('lets one of many at the same moment be sent', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => core.runs.start({ template_id, idempotency_key: 'k', ...word })),
    );
    expect(new Set(runs.map(({ run }) => run.run_id)).size).toBe(1);
    expect(runs.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(runs.every(({ run }) => run.status === 'succeeded')).toBe(true);
    expect(requests()).toHaveLength(1);
  });

  it('made hourly never lets different inputs collide', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const ask = (text: string, replicate_index: number) =>
      core.runs.start({ template_id, idempotency: 'hourly', replicate_index, variables: { word: text } });
    await ask('a', 0);
    await ask('b', 0);
    await ask('a', 1);
    expect((await ask('a', 0)).replayed).toBe(true);
    expect(requests()).toHaveLength(3);
  });
});

describe('an hourly key', () => {
  it('tells requests apart that differ in anything that makes another answer', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const ask = (more: Partial<Parameters<typeof core.runs.start>[0]>) =>
      core.runs.start({ template_id, idempotency: 'hourly', ...word, ...more });
    const first = await ask({});
    for (const more of [
      { inference_params: { max_output_tokens: 50 } },
      { grounding_mode: 'preferred' as const },
      { brand_name: 'AVEA' },
      { country: 'CH' },
      { analysis_scope: 'brand' },
      { model_id: 'gpt-4o-mini', provider: 'practice-openai' },
    ])
      expect((await ask(more)).replayed).toBe(false);
    expect(requests()).toHaveLength(7);
    // What makes no difference to the answer is the same request.
    const same = await ask({ stream: true, variables: { ...word.variables, unused: 1 } });
    expect(same.run.run_id).toBe(first.run.run_id);
  });

  it.each(['an hourly key', 'a key of its own'])(
    '%s tells numbers apart beyond six decimals',
    async (which) => {
      const { core, requests } = await practiceCore();
      const { template_id } = newTemplate(core);
      const ask = (top_p: number) =>
        core.runs.start({
          template_id,
          ...(which === 'an hourly key' ? { idempotency: 'hourly' } : { idempotency_key: 'k' }),
          ...word,
          inference_params: { top_p },
        });
      await ask(1);
      if (which === 'an hourly key') expect((await ask(0.9999999)).replayed).toBe(false);
      else await expect(ask(0.9999999)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
      expect((await ask(1)).replayed).toBe(true);
      expect(requests()).toHaveLength(which === 'an hourly key' ? 2 : 1);
    },
  );

  it('tells apart where one text ends and the next begins', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, {
      system_instructions: '{{ a }}',
      user_prompt_template: '{{ b }}',
    });
    const ask = (a: string, b: string) =>
      core.runs.start({ template_id, idempotency: 'hourly', variables: { a, b } });
    await ask('x', 'y\n\nz');
    expect((await ask('x\n\ny', 'z')).replayed).toBe(false);
  });

  it('ends with the hour, to the millisecond', async () => {
    const clock = createTestClock(Date.UTC(2026, 0, 1, 9, 30));
    const { core, requests } = await practiceCore({ clock });
    const { template_id } = newTemplate(core);
    const ask = async () => (await core.runs.start({ template_id, idempotency: 'hourly', ...word })).replayed;
    expect([await ask(), await ask()]).toEqual([false, true]);
    const untilTen = Date.UTC(2026, 0, 1, 10) - clock.now() - 1;
    clock.advance(untilTen);
    expect([await ask(), await ask()]).toEqual([false, true]);
    expect(requests()).toHaveLength(2);
  });

  it('of a run that a crash interrupted gives that run, in doubt, and does not send it again', async () => {
    const practice = await practiceCore({ script: [{ match: { nth: 1 }, do: { reset: true } }] });
    const { template_id } = newTemplate(practice.core);
    const ask = (core: Core) => core.runs.start({ template_id, idempotency_key: 'k', ...word });
    const first = await ask(practice.core);
    expect(first.run.status).toBe('outcome_unknown');
    const again = await ask(await practice.reopen());
    expect([again.replayed, again.run.run_id, again.run.status]).toEqual([
      true,
      first.run.run_id,
      'outcome_unknown',
    ]);
    expect(practice.requests()).toHaveLength(1);
  });
});
