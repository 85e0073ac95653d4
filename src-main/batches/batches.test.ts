import { describe, expect, it } from 'vitest';
import type { BatchEvent } from '../../src-shared/domain';
import type { Core } from '../ports';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

type BatchInput = Parameters<Core['batches']['start']>[0];

function plan(template_id: string, more: Partial<BatchInput> = {}): BatchInput {
  return {
    template_id,
    targets: [
      { provider: 'practice-openai', model_id: 'gpt-4o' },
      { provider: 'practice-anthropic', model_id: 'claude-opus-5-5' },
    ],
    inputs: Array.from({ length: 6 }, (_, index) => ({ word: `word ${index}` })),
    replicates: 1,
    drift_policy: 'record',
    stream: false,
    ...more,
  };
}

/** Resolves when so many cells of a batch are stored. */
function storedCells(core: Core, batchId: string, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    const stop = core.batches.onCell(batchId, () => {
      seen += 1;
      if (seen < count) return;
      stop();
      resolve();
    });
  });
}

describe('a batch', () => {
  it('runs every input against every target and repeat, and adds its totals up exactly', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { batch_id, total, estimate } = await core.batches.start(plan(template_id, { replicates: 2 }));
    await core.batches.settled(batch_id);
    const batch = core.batches.get({ batch_id });
    expect(total).toBe(24);
    expect(estimate.calls).toBe(24);
    expect(batch).toMatchObject({ status: 'completed', simulated: true });
    expect(batch.counts).toMatchObject({ pending: 0, running: 0, succeeded: 24, failed: 0 });
    expect(requests()).toHaveLength(24);
    const { rows } = core.batches.rows({ batch_id, from: 0, count: 50 });
    expect(rows.map(({ variables }) => variables['word'])).toEqual(
      plan(template_id).inputs.map(({ word }) => word),
    );
    const cells = rows.flatMap((row) => row.cells);
    expect(cells.map((cell) => cell.batch_run_index)).toEqual(
      Array.from({ length: 24 }, (_, index) => index),
    );
    expect(cells.every((cell) => (cell.output_text ?? '') !== '')).toBe(true);
    for (const { target_index, input_tokens, output_tokens, finished } of batch.target_totals) {
      const own = cells.filter((cell) => Math.floor((cell.batch_run_index ?? 0) / 2) % 2 === target_index);
      expect(finished).toBe(12);
      expect(input_tokens).toBe(own.reduce((sum, cell) => sum + (cell.usage.input_tokens ?? 0), 0));
      expect(output_tokens).toBe(own.reduce((sum, cell) => sum + (cell.usage.output_tokens ?? 0), 0));
    }
  });

  it('says of its inputs, before it starts, what no prompt will hold', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const inputs = [
      { word: 'hello', note: 'x' },
      { word: 'you', note: 'y' },
    ];
    expect((await core.batches.estimate(plan(template_id, { inputs }))).unread_variables).toEqual(['note']);
    const braces = newTemplate(core, { user_prompt_template: 'Say {words}' });
    const nothingRead = plan(braces.template_id, { inputs: [{ words: 'hello' }] });
    await expect(core.batches.start(nothingRead)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      data: { fields: [{ path: 'inputs', message: expect.stringContaining('{{ words }}') as string }] },
    });
    expect(requests()).toEqual([]);
  });

  it('pages its cells in plan order', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start(plan(template_id));
    await core.batches.settled(batch_id);
    const indexes: (number | null)[] = [];
    let cursor: string | undefined;
    do {
      const page = core.batches.runs({ batch_id, limit: 5, cursor });
      indexes.push(...page.items.map((cell) => cell.batch_run_index));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(indexes).toEqual(Array.from({ length: 12 }, (_, index) => index));
  });

  it("goes to the template's provider where a target names none", async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core, { provider: 'practice-openai', model_id: 'gpt-4o' });
    const targets = [{ model_id: 'gpt-4o' }, { model_id: 'our-own' }];
    const { batch_id } = await core.batches.start(plan(template_id, { targets }));
    await core.batches.settled(batch_id);
    const batch = core.batches.get({ batch_id });
    expect(batch.targets.map(({ provider }) => provider)).toEqual(['practice-openai', 'practice-openai']);
    expect(batch.simulated).toBe(true);
  });

  it('are listed page by page, newest first, as they stand', async () => {
    const { core } = await practiceCore();
    const first = newTemplate(core);
    const second = newTemplate(core, { name: 'Second', system_instructions: 'Be brief.' });
    const started: string[] = [];
    for (const { template_id } of [first, second, first]) {
      const { batch_id } = await core.batches.start(plan(template_id));
      await core.batches.settled(batch_id);
      started.unshift(batch_id);
    }
    const newest = core.batches.list({ limit: 2 });
    expect(newest.items).toMatchObject([
      {
        batch_id: started[0],
        status: 'completed',
        counts: core.batches.get({ batch_id: started[0] ?? '' }).counts,
      },
      { batch_id: started[1], template_name: 'Second', simulated: true },
    ]);
    const rest = core.batches.list({ limit: 2, cursor: newest.next_cursor ?? '' });
    expect(rest).toMatchObject({ items: [{ batch_id: started[2] }], next_cursor: null });
    const ofFirst = core.batches.list({ limit: 9, template_id: first.template_id }).items;
    expect(ofFirst.map(({ batch_id }) => batch_id)).toEqual([started[0], started[2]]);
    expect(() => core.batches.list({ limit: 2, cursor: '7' })).toThrow('cursor');
  });

  it('pauses, survives a restart, and resumes with what is left, sending nothing twice', async () => {
    const practice = await practiceCore();
    const { template_id } = newTemplate(practice.core);
    const { batch_id } = await practice.core.batches.start(
      plan(template_id, {
        concurrency: 2,
        targets: [{ provider: 'practice-openai', model_id: 'gpt-4o@latency=5' }],
      }),
    );
    await storedCells(practice.core, batch_id, 2);
    expect(practice.core.batches.pause({ batch_id }).status).toBe('paused');
    await practice.core.batches.settled(batch_id);
    const paused = practice.core.batches.get({ batch_id });
    expect(paused.counts.pending).toBeGreaterThan(0);
    expect(paused.counts.running).toBe(0);

    const core = await practice.reopen();
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'completed',
      counts: { succeeded: 6, pending: 0 },
    });
    expect(practice.requests()).toHaveLength(6);
  });

  it('that is cancelled starts nothing more and stays cancelled', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start(plan(template_id, { concurrency: 1 }));
    await storedCells(core, batch_id, 1);
    core.batches.cancel({ batch_id });
    await core.batches.settled(batch_id);
    const { status, counts } = core.batches.get({ batch_id });
    expect(status).toBe('cancelled');
    expect(counts.pending).toBeGreaterThan(0);
    expect(() => core.batches.resume({ batch_id, retry_unknown: false })).toThrow('cannot be resumed');
  });

  it('stops before the call that would overrun its budget', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const budget_usd = '0.01';
    const { batch_id } = await core.batches.start(
      plan(template_id, {
        budget_usd,
        concurrency: 1,
        inputs: Array.from({ length: 40 }, (_, index) => ({ word: index })),
      }),
    );
    await core.batches.settled(batch_id);
    const batch = core.batches.get({ batch_id });
    expect(batch.status).toBe('stopped');
    expect(batch.status_reason).toContain('budget');
    expect(batch.counts.pending).toBeGreaterThan(0);
    const spent = batch.target_totals.reduce((sum, target) => sum + Number(target.cost_usd), 0);
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(Number(budget_usd));
  });

  it('sends a call again only after a refusal that proves that it was not accepted', async () => {
    const { core, requests } = await practiceCore({
      script: [
        { match: { nth: [1, 2] }, do: { status: 429, retry_after: 0.05 } },
        { match: { nth: 4 }, do: { status: 500 } },
      ],
    });
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start(
      plan(template_id, { concurrency: 1, targets: [{ provider: 'practice-openai', model_id: 'gpt-4o' }] }),
    );
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ succeeded: 5, failed: 1 });
    // Six cells, two of them refused once: eight calls, and none for the one that failed with a 500.
    expect(requests()).toHaveLength(8);

    core.batches.retryFailed({ batch_id });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ succeeded: 6, failed: 0 });
    expect(requests()).toHaveLength(9);
  });

  it('leaves a cell in doubt alone until the user asks for it again', async () => {
    const { core, requests } = await practiceCore({ script: [{ match: { nth: 1 }, do: { reset: true } }] });
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start(
      plan(template_id, { concurrency: 1, targets: [{ provider: 'practice-openai', model_id: 'gpt-4o' }] }),
    );
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ succeeded: 5, outcome_unknown: 1 });
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(requests()).toHaveLength(6);
    core.batches.resume({ batch_id, retry_unknown: true });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({ succeeded: 6, outcome_unknown: 0 });
    expect(requests()).toHaveLength(7);
  });

  it('names the rows that cannot be rendered before anything is sent', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    const inputs: BatchInput['inputs'] = [{ word: 'a' }, { other: 'b' }, { word: 'c' }];
    await expect(core.batches.start(plan(template_id, { inputs }))).rejects.toMatchObject({
      code: 'MISSING_VARIABLE',
      message: expect.stringMatching(/^Row 2: /) as string,
      data: { fields: [{ path: 'inputs.1' }] },
    });
    expect(requests()).toHaveLength(0);
    expect(core.batches.list({ limit: 10 }).items).toEqual([]);
  });

  it('names the rows that a filter has no result for', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core, { user_prompt_template: '{{ 1 | divided_by: word }}' });
    const inputs: BatchInput['inputs'] = [{ word: 1 }, { word: 0 }];
    await expect(core.batches.start(plan(template_id, { inputs }))).rejects.toMatchObject({
      code: 'TEMPLATE_SYNTAX',
      data: { fields: [{ path: 'inputs.1' }] },
    });
    expect(requests()).toHaveLength(0);
  });

  it('names the rows whose prompt shows nothing before anything is sent', async () => {
    const { core, requests } = await practiceCore();
    const { template_id } = newTemplate(core, { user_prompt_template: '{{ word }}' });
    const inputs: BatchInput['inputs'] = [{ word: 'a' }, { word: '\u200b' }, { word: '' }];
    await expect(core.batches.start(plan(template_id, { inputs }))).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      data: { fields: [{ path: 'inputs.1' }, { path: 'inputs.2' }] },
    });
    expect(requests()).toHaveLength(0);
  });

  it('tells whoever watches: progress first, streamed text, each stored cell once, and the end', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start(
      plan(template_id, {
        stream: true,
        targets: [{ provider: 'practice-openai', model_id: 'gpt-4o@slowstream=5' }],
      }),
    );
    const events: BatchEvent[] = [];
    for await (const event of core.batches.events({ batch_id, from_start: false }, undefined))
      events.push(event);
    expect(events[0]?.type).toBe('progress');
    expect(events.some((event) => event.type === 'delta')).toBe(true);
    const cells = events.flatMap((event) => (event.type === 'cell' ? [event.cell.batch_run_index] : []));
    expect(cells.toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 1, 2, 3, 4, 5]);
    const last = events.findLast((event) => event.type === 'progress');
    expect(last).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
  });

  it('tells each cell of the session to who asks for all of them, however late, and those of a retry alone', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const targets = [{ provider: 'practice-openai', model_id: 'gpt-4o@status=500' }];
    const { batch_id, total } = await core.batches.start(plan(template_id, { targets }));
    const cells = async () => {
      const indexes: (number | null)[] = [];
      for await (const event of core.batches.events({ batch_id, from_start: true }, undefined)) {
        if (event.type === 'cell') indexes.push(event.cell.batch_run_index);
      }
      return indexes.toSorted((a, b) => Number(a) - Number(b));
    };
    const all = Array.from({ length: total }, (_, index) => index);
    expect(await cells()).toEqual(all);
    await core.batches.settled(batch_id);
    expect(await cells()).toEqual(all);
    core.batches.retryFailed({ batch_id });
    await core.batches.settled(batch_id);
    expect(await cells()).toEqual(all);
  });
});
