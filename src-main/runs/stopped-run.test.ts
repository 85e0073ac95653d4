import { expect, it, vi } from 'vitest';
import { heldServer } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';

const START = `data: ${JSON.stringify({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'held-model',
  choices: [{ index: 0, delta: { content: 'The first half' }, finish_reason: null }],
})}\n\n`;

/** A run whose answer has begun to arrive when whoever asked, or the server, ends it. */
async function brokenOff(end: 'by whoever asked' | 'by the server') {
  const { core } = await practiceCore();
  const server = await heldServer();
  const connection_id = await connectionTo(core, server.url);
  const { template_id } = newTemplate(core);
  const started = Promise.withResolvers<string>();
  const heard: string[] = [];
  const running = core.runs.start(
    { template_id, connection_id, model_id: 'm', stream: true, variables: { word: 'hello' } },
    { onStart: started.resolve, onText: (text) => void heard.push(text) },
  );
  await server.hasArrived(1);
  let drop = (): void => undefined;
  server.release((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(START);
    drop = () => response.destroy();
  });
  await vi.waitUntil(() => heard.length > 0);
  if (end === 'by the server') drop();
  else await core.runs.stop({ run_id: await started.promise });
  const { run } = await running;
  return { core, run_id: run.run_id };
}

it.each([
  ['by whoever asked', `Stopped by you after ${START.length} bytes. The provider may bill the call.`],
  ['by the server', `The answer was cut off after ${START.length} bytes.`],
] as const)('an answer that was broken off %s says so, also when it is read again', async (end, message) => {
  const { core, run_id } = await brokenOff(end);
  const told = { status: 'failed', failure_code: 'stream_cut', failure_message: message };
  expect(core.runs.get({ run_id })).toMatchObject({ ...told, output_text: 'The first half' });
  expect(core.runs.list({ limit: 1 }).items).toMatchObject([told]);
  await core.runs.rebuild({ dry_run: false, limit: 10 });
  expect(core.runs.get({ run_id })).toMatchObject(told);
});
