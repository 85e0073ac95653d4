import { expect, it, vi } from 'vitest';
import type { RetryWait } from '../../src-shared/domain';
import { byteServer, json } from '../../test/support/byte-server';
import { chatBody } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';

const limited = (seconds: number) =>
  json('{"error":{"message":"Slow down"}}', '429 Too Many Requests', [`retry-after: ${seconds}`]);
const good = json(chatBody('good'));

/** A server that turns the first call away, a template, and its run. */
async function turnedAway(seconds: number) {
  let calls = 0;
  const url = await byteServer((socket) => {
    calls += 1;
    socket.write(calls === 1 ? limited(seconds) : good);
  });
  const { core } = await practiceCore();
  const connection_id = await connectionTo(core, url);
  const { template_id } = newTemplate(core);
  const listed = () => core.runs.listOfTemplate({ template_id, scope: 'template', limit: 5 }).items[0];
  return { core, template_id, calls: () => calls, listed, run };

  /** Runs it; `during` is called while the run waits to be sent again. */
  function run(during: (wait: RetryWait) => void) {
    return core.runs.start(
      { template_id, connection_id, model_id: 'm', variables: { word: 'hello' } },
      { onWait: during },
    );
  }
}

it('a run that waits to be sent again is not over, and says which call comes next, why and when', async () => {
  const { core, run, listed, calls } = await turnedAway(0.05);
  const waits: unknown[] = [];
  const before = Date.now();
  const { run: ended } = await run((wait) => {
    const shown = listed();
    waits.push({ ...wait, retry_at: Date.parse(wait.retry_at) >= before + 50 });
    expect(shown?.status).toBe('pending');
    expect(core.runs.get({ run_id: shown?.run_id ?? '' })).toMatchObject({
      status: 'pending',
      cost_unknown_because: null,
    });
    expect(() => core.runs.reparse({ run_id: shown?.run_id ?? '' })).toThrow('still in progress');
  });
  expect(waits).toEqual([
    {
      attempt: 2,
      attempts: 4,
      retry_at: true,
      failure_code: 'rate_limited',
      failure_message: expect.stringContaining('Slow down') as string,
    },
  ]);
  expect(ended.status).toBe('succeeded');
  expect(listed()?.status).toBe('succeeded');
  expect(calls()).toBe(2);
});

it('one that is stopped meanwhile has failed, is never sent again, and those who follow it hear of that', async () => {
  const { core, run, listed, calls } = await turnedAway(9);
  const seen: unknown[] = [];
  const left = new AbortController();
  const follow = (async () => {
    for await (const { entity } of core.system.changes(left.signal))
      if (entity === 'runs') seen.push(listed()?.status);
  })();
  const { run: ended } = await run(() => {
    void vi
      .waitUntil(() => seen.includes('pending'))
      .then(() => core.runs.stop({ run_id: listed()?.run_id ?? '' }));
  });
  expect(ended).toMatchObject({ status: 'failed', failure_code: 'rate_limited' });
  await expect.poll(() => seen.at(-1)).toBe('failed');
  expect(calls()).toBe(1);
  left.abort();
  await follow;
});

it('the cost of a call that was turned away is known: it was not billed, and nothing needs explaining', async () => {
  const { run } = await turnedAway(60);
  const { run: ended } = await run(() => undefined);
  expect(ended).toMatchObject({
    status: 'failed',
    failure_code: 'rate_limited',
    cost_usd: null,
    cost_unknown_because: null,
  });
});

it('one that is stopped amid its answer keeps what had arrived, and one that is over cannot be stopped', async () => {
  const { core } = await practiceCore();
  const { template_id } = newTemplate(core);
  const started = Promise.withResolvers<string>();
  const { run } = await core.runs.start(
    { template_id, model_id: 'gpt-4o@slowstream=600', variables: { word: 'hello' }, stream: true },
    {
      onStart: started.resolve,
      onText: () => void started.promise.then((run_id) => core.runs.stop({ run_id })),
    },
  );
  expect(run.status).toBe('failed');
  expect(core.runs.raw({ run_id: run.run_id }).bytes.length).toBeGreaterThan(0);
  expect(await core.runs.stop({ run_id: run.run_id })).toEqual({ stopped: false });
  await expect(core.runs.stop({ run_id: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
