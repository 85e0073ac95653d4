import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { startHttpHost } from '../../src-main/hosts/http';
import { heldServer } from '../support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../support/practice-core';
import { createTestClock } from '../support/temp-store';

const script = fileURLToPath(new URL('../support/processes/fetch-child-process.mjs', import.meta.url));
const PROCESSES = 4;
const REQUESTS_EACH = 50;

const answersSchema = z.array(
  z.object({
    status: z.number(),
    body: z.object({ provider_version_key: z.string(), verified: z.boolean(), version_id: z.string() }),
  }),
);

test('200 requests of 4 processes for a version whose cache has expired make one call', async () => {
  const clock = createTestClock();
  const { core } = await practiceCore({ clock });
  const host = await startHttpHost({
    core,
    logger: core.logger,
    version: '0.0.0-test',
    port: 0,
    rendererDir: null,
  });
  onTestFinished(() => host.close());
  const server = await heldServer();
  const connection_id = await connectionTo(core, server.url);
  const { template_id } = newTemplate(core);
  const target = { template_id, connection_id, model_id: 'm' };
  const first = core.versions.ensure({ ...target, force: false });
  await server.hasArrived(1);
  server.release();
  expect(await first).toMatchObject({ source: 'live', verified: true });
  expect(await core.versions.ensure({ ...target, force: false })).toMatchObject({ source: 'cache' });
  expect(server.arrived).toBe(1);

  // Beyond the time to live of five minutes, and still in the hour of the first probe.
  clock.advance(301_000);
  const url = `${host.url}/v1/templates/${template_id}/ensure-version`;
  const children = Array.from({ length: PROCESSES }, () => {
    const body = JSON.stringify({ connection_id, model_id: 'm' });
    const child = spawn(process.execPath, [script, url, host.token, body, String(REQUESTS_EACH)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    const sent = once(lines, 'line');
    return { sent, answers: sent.then(async () => String((await once(lines, 'line'))[0])) };
  });
  await Promise.all(children.map(({ sent }) => sent));
  await server.hasArrived(2);
  server.open();
  const answers = (
    await Promise.all(children.map(async ({ answers: text }) => JSON.parse(await text)))
  ).flatMap((value) => answersSchema.parse(value));

  expect(answers).toHaveLength(PROCESSES * REQUESTS_EACH);
  for (const { status, body } of answers)
    expect([status, body.provider_version_key, body.verified]).toEqual([200, 'fp_held', true]);
  expect(new Set(answers.map(({ body }) => body.version_id)).size).toBe(1);
  expect(server.arrived).toBe(2);
});
