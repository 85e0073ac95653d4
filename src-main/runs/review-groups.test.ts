import { describe, expect, it } from 'vitest';
import type { Core } from '../ports';
import { byteServer, json } from '../../test/support/byte-server';
import { chatBody } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';

const response_schema = {
  type: 'object',
  properties: { items: { type: 'array', items: { type: 'object', properties: { n: { type: 'number' } } } } },
  required: ['items'],
};

/** A core whose model has answered these texts, one after another; the runs' ids. */
async function waiting(...texts: string[]): Promise<{ core: Core; ids: string[] }> {
  const { core } = await practiceCore();
  const connection_id = await connectionTo(
    core,
    await byteServer((socket, request) => socket.write(json(chatBody(texts[request - 1] ?? '')))),
  );
  const { template_id } = newTemplate(core, { response_schema });
  const ids: string[] = [];
  for (let index = 0; index < texts.length; index += 1) {
    const { run } = await core.runs.start({
      template_id,
      connection_id,
      model_id: 'm',
      variables: { word: 'hello' },
    });
    ids.push(run.run_id);
  }
  return { core, ids };
}

const at = (place: number): string =>
  JSON.stringify({ items: Array.from({ length: 4 }, (_, index) => ({ n: index === place ? 'x' : 1 })) });

describe('groups of waiting answers', () => {
  it('hold what has the same problem, wherever in an array it is', async () => {
    const { core, ids } = await waiting(
      at(1),
      'Never.',
      at(3),
      '{"items":"none"}',
      '```{"items":[]}```',
      'No.',
    );
    const { items, grouped, totals } = core.review.groups();
    expect(
      items.map(({ kind, problem, count, run_id }) => [kind, problem, count, ids.indexOf(run_id)]),
    ).toEqual([
      ['schema_mismatch', '/items/*/n must be number', 2, 0],
      ['not_json', 'Not JSON', 2, 1],
      ['schema_mismatch', '/items must be array', 1, 3],
      ['repairable', 'Not JSON; a repair is suggested', 1, 4],
    ]);
    expect([grouped, totals.open]).toEqual([6, 6]);

    const group_id = items[0]?.group_id ?? '';
    const first = core.review.list({ group_id, limit: 1 });
    expect(first.items).toMatchObject([{ run_id: ids[0], group_id }]);
    const second = core.review.list({ group_id, limit: 1, cursor: first.next_cursor ?? '' });
    expect(second).toMatchObject({ items: [{ run_id: ids[2], group_id }], next_cursor: null });
    expect(core.review.get({ run_id: ids[2] ?? '' }).item.group_id).toBe(group_id);
    expect(core.review.list({ group_id: 'none', limit: 5 }).items).toEqual([]);
  });

  it('are decided at once, each answer by a review of its own, and what cannot be is named', async () => {
    const { core, ids } = await waiting(at(1), at(2), 'Never.');
    const [first = '', second = '', prose = ''] = ids;
    core.review.decide({ run_id: second, action: 'dismiss', reason: 'Mine', reviewed_by: 'Ada' });
    const { decided, refused } = await core.review.decideMany({
      run_ids: [first, second, prose, 'gone', first],
      action: 'accept',
      reviewed_by: 'Bob',
    });
    expect(decided).toMatchObject([{ run_id: first, action: 'accept', reviewed_by: 'Bob' }]);
    expect(refused.toSorted((a, b) => ids.indexOf(a.run_id) - ids.indexOf(b.run_id))).toMatchObject([
      { run_id: 'gone', code: 'NOT_FOUND' },
      { run_id: second, code: 'REVIEW_STATE', message: expect.stringContaining('by Ada') as string },
      {
        run_id: prose,
        code: 'REVIEW_STATE',
        message: expect.stringContaining('nothing to accept') as string,
      },
    ]);
    expect(core.review.get({ run_id: first }).reviews).toHaveLength(1);
    expect(core.review.groups()).toMatchObject({ items: [{ run_id: prose }], totals: { open: 1 } });
    const { items } = await core.audit.list({ limit: 50, record_type: 'review' });
    expect(items.map(({ record_id }) => record_id)).toContain(decided[0]?.review_id);

    await expect(core.review.decideMany({ run_ids: [prose], action: 'dismiss' })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    expect(core.review.groups().totals.open).toBe(1);
  });
});
