import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { byteServer, json } from '../../test/support/byte-server';
import { heldBatch, words } from '../../test/support/held-batch';
import { chatBody, rateLimited } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import type { BatchEvent } from '../../src-shared/domain';

/** A second connection to the store, to look at it or to make it refuse what a full disk would. */
function storeOf(home: string) {
  const db = new Database(join(home, 'prompter.db'));
  onTestFinished(() => void db.close());
  return {
    refuse: (write: string) =>
      db.exec(`CREATE TRIGGER refused BEFORE ${write} BEGIN SELECT RAISE(ABORT, 'no space'); END`),
    refuseStatus(status: string) {
      this.refuse(`UPDATE OF status ON batches WHEN NEW.status = '${status}'`);
    },
    allow: () => db.exec('DROP TRIGGER refused'),
    column: (sql: string) => db.prepare(sql).pluck().all(),
    db,
  };
}

/** What the log says of an event. */
const logged = (home: string, event: string): unknown[] =>
  readFileSync(join(home, 'logs', 'prompter.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(`"${event}"`))
    .map((line): unknown => JSON.parse(line));
const noSpace = (batch_id: string) => ({ level: 'error', batch_id, error: { message: 'no space' } });

describe('a status that cannot be written', () => {
  it('holds for a pause all the same, and is written when the calls in flight have ended', async () => {
    const { practice, core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    const store = storeOf(practice.home);
    store.refuseStatus('paused');
    expect(() => core.batches.pause({ batch_id })).toThrow('no space');
    const paused = { status: 'paused', status_reason: 'Paused by you.' };
    expect(core.batches.get({ batch_id })).toMatchObject(paused);
    expect(store.column('SELECT status FROM batches')).toEqual(['running']);
    store.allow();
    server.open();
    await core.batches.settled(batch_id);
    expect(store.column('SELECT status FROM batches')).toEqual(['paused']);
    expect(server.arrived).toBe(2);
    const again = await practice.reopen();
    expect(again.batches.get({ batch_id })).toMatchObject({
      ...paused,
      counts: { succeeded: 2, pending: 4 },
    });
  });

  it('leaves a pause as it was when it cannot be resumed', async () => {
    const { practice, core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    core.batches.pause({ batch_id });
    const store = storeOf(practice.home);
    store.refuseStatus('running');
    expect(() => core.batches.resume({ batch_id, retry_unknown: false })).toThrow('no space');
    const paused = { status: 'paused', status_reason: 'Paused by you.' };
    expect(core.batches.get({ batch_id })).toMatchObject(paused);
    store.allow();
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ ...paused, counts: { succeeded: 2, pending: 4 } });
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
    expect(server.arrived).toBe(6);
  });

  it('of a batch that is over is known here, and found out by the next start', async () => {
    const { practice, core, server, batch_id } = await heldBatch();
    const store = storeOf(practice.home);
    store.refuseStatus('completed');
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({ status: 'completed', counts: { succeeded: 6 } });
    expect(store.column('SELECT status FROM batches')).toEqual(['running']);
    expect(logged(practice.home, 'batch.state_not_written')).toMatchObject([noSpace(batch_id)]);
    const again = await practice.reopen();
    expect(again.batches.get({ batch_id })).toMatchObject({
      status: 'paused',
      status_reason: expect.stringContaining('Interrupted') as string,
      counts: { succeeded: 6 },
    });
    store.allow();
    again.batches.resume({ batch_id, retry_unknown: false });
    await again.batches.settled(batch_id);
    expect(again.batches.get({ batch_id })).toMatchObject({ status: 'completed', status_reason: null });
    expect(server.arrived).toBe(6);
  });

  it('of a batch that is over keeps nobody from resuming it here', async () => {
    const { practice, core, server, batch_id } = await heldBatch();
    const store = storeOf(practice.home);
    store.refuseStatus('completed');
    server.open();
    await core.batches.settled(batch_id);
    store.allow();
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(store.column('SELECT status FROM batches')).toEqual(['completed']);
    expect(server.arrived).toBe(6);
  });

  it('keeps a batch from starting: nothing is sent', async () => {
    const { core, home, requests } = await practiceCore();
    const { template_id } = newTemplate(core);
    storeOf(home).refuseStatus('running');
    const targets = [{ provider: 'practice-openai', model_id: 'gpt-4o' }];
    const rest = { replicates: 1, drift_policy: 'record', stream: false } as const;
    await expect(core.batches.start({ template_id, targets, inputs: words(2), ...rest })).rejects.toThrow(
      'no space',
    );
    expect(requests()).toEqual([]);
  });
});

describe('an answer that cannot be stored', () => {
  it('pauses the batch; its call is in doubt, and the rest is sent when the batch is resumed', async () => {
    const { practice, core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    const store = storeOf(practice.home);
    store.refuse('INSERT ON raw_responses');
    server.release();
    await expect.poll(() => core.batches.get({ batch_id }).status).toBe('paused');
    expect(core.batches.get({ batch_id }).status_reason).toBe('Paused by an error: no space');
    store.allow();
    // What was left by the error is put in order first, by a runner of its own.
    expect(() => core.batches.resume({ batch_id, retry_unknown: false })).toThrow(
      'calls of the comparison are still in progress',
    );
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({
      succeeded: 1,
      outcome_unknown: 1,
      pending: 4,
      running: 0,
    });
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'completed',
      counts: { succeeded: 5, outcome_unknown: 1 },
    });
    expect(server.arrived).toBe(6);
  });

  it('during a pause leaves the reason of the pause', async () => {
    const { practice, core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    core.batches.pause({ batch_id });
    const store = storeOf(practice.home);
    store.refuse('INSERT ON raw_responses');
    server.release();
    await expect
      .poll(() => logged(practice.home, 'batch.paused_by_error'))
      .toMatchObject([noSpace(batch_id)]);
    expect(core.batches.get({ batch_id })).toMatchObject({
      status: 'paused',
      status_reason: 'Paused by you.',
    });
    expect(() => core.batches.resume({ batch_id, retry_unknown: false })).toThrow('still in progress');
    store.allow();
    server.open();
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts).toMatchObject({
      succeeded: 1,
      outcome_unknown: 1,
      pending: 4,
      running: 0,
    });
    expect(store.column('SELECT status FROM batch_status_changes ORDER BY seq')).toEqual([
      'running',
      'paused',
    ]);
  });
});

describe('whoever watches a batch', () => {
  it('sees that it is paused while its calls are still under way', async () => {
    const { core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    const events = core.batches.events({ batch_id }, undefined)[Symbol.asyncIterator]();
    const nextProgress = async () => {
      for (;;) {
        const { value } = await events.next();
        if (value?.type === 'progress') return value;
      }
    };
    expect(await nextProgress()).toMatchObject({ status: 'running', status_reason: null });
    core.batches.pause({ batch_id });
    expect(await nextProgress()).toMatchObject({
      status: 'paused',
      status_reason: 'Paused by you.',
      counts: { running: 2, pending: 4 },
    });
    await events.return?.();
    server.open();
  });
});

it('whoever watches a batch sees which cell is under way', async () => {
  const { core, server, batch_id } = await heldBatch();
  await server.hasArrived(2);
  const events = core.batches.events({ batch_id }, undefined)[Symbol.asyncIterator]();
  expect((await events.next()).value).toMatchObject({ type: 'progress' });
  server.release();
  let started: BatchEvent | undefined;
  while (started?.type !== 'started') started = (await events.next()).value ?? undefined;
  expect(started.batch_run_index).toBe(2);
  await events.return?.();
  server.open();
});

describe('a batch that goes over a connection', () => {
  it('uses a replaced key from the next call on', async () => {
    const { core } = await practiceCore();
    const keys: (string | undefined)[] = [];
    const waiting: (() => void)[] = [];
    const url = await byteServer((socket, _count, request) => {
      keys.push(/authorization: Bearer (\S+)/i.exec(request)?.[1]);
      waiting.push(() => socket.write(json(chatBody('answer'))));
    });
    const connection_id = await connectionTo(core, url, { secret: 'the-first-key', concurrency: 1 });
    const { template_id } = newTemplate(core);
    const { batch_id } = await core.batches.start({
      template_id,
      targets: [{ connection_id, model_id: 'm' }],
      inputs: words(2),
      replicates: 1,
      drift_policy: 'record',
      stream: false,
    });
    await expect.poll(() => waiting.length).toBe(1);
    await core.connections.setSecret({ connection_id, secret: 'the-second-key' });
    waiting.shift()?.();
    await expect.poll(() => waiting.length).toBe(1);
    waiting.shift()?.();
    await core.batches.settled(batch_id);
    expect(keys).toEqual(['the-first-key', 'the-second-key']);
  });
});

describe('a cell that is left for later', () => {
  it('fails by itself where its prompt cannot be rendered, and is not sent however often it is asked for', async () => {
    const { practice, core, server, batch_id } = await heldBatch({
      template: { user_prompt_template: '{{ word }}' },
    });
    await server.hasArrived(2);
    core.batches.pause({ batch_id });
    server.open();
    await core.batches.settled(batch_id);
    // Behind its back: a row that is checked when the batch starts cannot come to this.
    const { db } = storeOf(practice.home);
    db.exec(`DROP TRIGGER batch_inputs_update_guard;
             UPDATE batch_inputs SET variables = '{}' WHERE input_index = 4;
             UPDATE batch_inputs SET variables = '{"word": ""}' WHERE input_index = 5;`);
    for (let round = 0; round < 2; round += 1) {
      if (round === 0) core.batches.resume({ batch_id, retry_unknown: false });
      else core.batches.retryFailed({ batch_id });
      await core.batches.settled(batch_id);
      expect(core.batches.get({ batch_id })).toMatchObject({
        status: 'completed',
        counts: { succeeded: 4, failed: 2, pending: 0 },
      });
    }
    const failed = core.batches.runs({ batch_id, limit: 6 }).items.slice(4);
    expect(failed).toMatchObject([
      { failure_code: 'missing_variable', failure_message: expect.stringContaining('word') as string },
      { failure_code: 'invalid_request' },
    ]);
    expect(server.arrived).toBe(4);
  });

  it('is not taken for a failure of its own where the store has lost its input', async () => {
    const { practice, core, server, batch_id } = await heldBatch();
    await server.hasArrived(2);
    core.batches.pause({ batch_id });
    server.open();
    await core.batches.settled(batch_id);
    storeOf(practice.home).db.exec(`DROP TRIGGER batch_inputs_delete_guard;
                                    DELETE FROM batch_inputs WHERE input_index = 5;`);
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    const { status_reason, counts } = core.batches.get({ batch_id });
    expect(status_reason).toContain('is not in the store');
    expect(counts).toMatchObject({ failed: 0, pending: 1 });
  });

  it('keeps its run, and when it was first sent, through every attempt', async () => {
    const { practice, core, server, batch_id } = await heldBatch({ inputs: words(1) });
    await server.hasArrived(1);
    server.release(rateLimited(0.01));
    await server.hasArrived(2);
    server.release((response) => response.writeHead(500).end('{}'));
    await core.batches.settled(batch_id);
    const [before] = core.batches.runs({ batch_id, limit: 1 }).items;
    expect(before?.status).toBe('failed');
    core.batches.retryFailed({ batch_id });
    await server.hasArrived(3);
    server.release(rateLimited(0.01));
    await server.hasArrived(4);
    server.open();
    await core.batches.settled(batch_id);
    const { run_id, executed_at } = before ?? {};
    expect(core.batches.runs({ batch_id, limit: 2 }).items).toMatchObject([
      { run_id, executed_at, status: 'succeeded' },
    ]);
    const attempts = storeOf(practice.home).column('SELECT attempt_index FROM attempts ORDER BY rowid');
    expect(attempts).toEqual([0, 1, 2, 3]);
  });
});

it('a batch at rest has its tally in the store: nobody counts its cells', async () => {
  const { practice, core, server, batch_id } = await heldBatch();
  server.open();
  await core.batches.settled(batch_id);
  const [tally] = storeOf(practice.home).column('SELECT tally FROM batches');
  const { counts, target_totals } = core.batches.get({ batch_id });
  expect(JSON.parse(String(tally))).toEqual({ counts, target_totals });
});
