import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { byteServer, json } from '../../test/support/byte-server';
import { chatBody } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import { insightQuerySchema } from '../../src-shared/domain';

const overloaded = json('{"error":{"message":"Overloaded"}}', '529 Site is overloaded', [
  'retry-after: 0.01',
]);
const unavailable = json('{"error":{"message":"Back soon"}}', '503 Service Unavailable', [
  'retry-after: 0.01',
]);
const broken = json('{"error":{"message":"Back soon"}}', '503 Service Unavailable');
const limited = json('{"error":{"message":"Slow down"}}', '429 Too Many Requests', ['retry-after: 0.01']);
const inBody = json('{"error":{"message":"Slow down","code":429}}', '200 OK', ['retry-after: 0.01']);
const usedUp = json('{"error":{"type":"usage_limit_reached","message":"m"}}', '429 Too Many Requests', [
  'retry-after: 0.01',
]);
const credit = json(
  '{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}',
  '400 Bad Request',
);
const half = json(
  '{"error":{"message":"Broke down"},"choices":[{"index":0,"message":{"content":"Half an"},"finish_reason":"error"}]}',
);
const nothing = json('{"error":{"message":"Broke down"}}');
const good = json(chatBody('good'));
const inputs = Array.from({ length: 8 }, (_, index) => ({ word: `word ${index}` }));

async function against(answers: readonly Buffer[]) {
  let calls = 0;
  const url = await byteServer((socket) => {
    calls += 1;
    socket.write(answers[Math.min(calls, answers.length) - 1] ?? good);
  });
  const { core, home } = await practiceCore();
  const connection_id = await connectionTo(core, url, { concurrency: 1 });
  const { template_id } = newTemplate(core);
  return {
    core,
    calls: () => calls,
    async single() {
      const { run } = await core.runs.start({
        template_id,
        connection_id,
        model_id: 'm',
        variables: { word: 'hello' },
      });
      return run;
    },
    async batch() {
      const { batch_id } = await core.batches.start({
        template_id,
        inputs,
        replicates: 1,
        drift_policy: 'record',
        stream: false,
        concurrency: 1,
        targets: [{ connection_id, model_id: 'm' }],
      });
      await core.batches.settled(batch_id);
      return core.batches.get({ batch_id });
    },
    /** What the store holds of each call: the number of the attempt and the status it was answered with. */
    async attempts() {
      await core.close();
      const db = new Database(join(home, 'prompter.db'), { readonly: true });
      const rows = db
        .prepare(
          `SELECT attempt_index, http_status FROM attempts JOIN raw_responses USING (attempt_id) ORDER BY attempts.rowid`,
        )
        .raw()
        .all();
      db.close();
      return rows;
    },
  };
}

describe('a call that was provably not accepted is sent again', () => {
  it.each([
    ['one 529', overloaded, 529],
    ['a 503 that says when to come again', unavailable, 503],
    ['a 429', limited, 429],
    ['a 429 inside of a 200', inBody, 200],
  ])('after %s, by a single run and by a batch, each call recorded', async (_, refusal, status) => {
    const one = await against([refusal, good]);
    expect(await one.single()).toMatchObject({ status: 'succeeded', output_text: 'good' });
    expect(one.calls()).toBe(2);
    expect(await one.attempts()).toEqual([
      [0, status],
      [1, 200],
    ]);

    const many = await against([refusal, good]);
    expect(await many.batch()).toMatchObject({ status: 'completed', counts: { succeeded: 8, failed: 0 } });
    expect(many.calls()).toBe(9);
  });

  it('four times at most', async () => {
    const server = await against([overloaded]);
    expect(await server.single()).toMatchObject({ status: 'failed', failure_code: 'overloaded' });
    expect(server.calls()).toBe(4);
  });

  it('and no other failure is: what broke may have been done', async () => {
    const server = await against([broken, good]);
    expect(await server.single()).toMatchObject({ status: 'failed', failure_code: 'overloaded' });
    expect(server.calls()).toBe(1);
  });
});

describe('an account that has nothing left', () => {
  it.each([
    ['a usage limit under 429', usedUp],
    ['a credit balance too low under 400', credit],
  ])('%s: each call is sent once, and the target is left out after five', async (_, refusal) => {
    const one = await against([refusal]);
    expect(await one.single()).toMatchObject({ status: 'failed', failure_code: 'quota_exhausted' });
    expect(one.calls()).toBe(1);

    const many = await against([refusal]);
    expect(await many.batch()).toMatchObject({ status: 'paused', counts: { failed: 5, pending: 3 } });
    expect(many.calls()).toBe(5);
  });
});

describe('an error whose cost nobody knows', () => {
  it.each([
    ['after half an answer is unpriced, for that half is paid', half, 9, null],
    ['without an answer costs nothing', nothing, 0, '0'],
  ])('%s: in a comparison, in sums and in lists', async (_, answer, unpriced, cost_usd) => {
    const { core, single, batch } = await against([answer]);
    expect(await single()).toMatchObject({ failure_code: 'provider_error', cost_usd: null });
    const { target_totals } = await batch();
    expect(target_totals).toMatchObject([{ failed: 8, unpriced: unpriced === 0 ? 0 : 8, cost_usd }]);
    expect(core.insight.costs(insightQuerySchema.parse({})).totals).toEqual({ runs: 9, unpriced, cost_usd });
    expect(core.runs.list({ counted: 'unpriced', limit: 20 }).items).toHaveLength(unpriced);
  });
});
