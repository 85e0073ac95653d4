import type { Core } from '../../src-main/ports';
import { heldServer } from './held-server';
import { connectionTo, newTemplate, practiceCore } from './practice-core';

type BatchInput = Parameters<Core['batches']['start']>[0];

export const words = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ word: `word ${index}` }));

/** A batch of six cells, two at a time, on a server that holds every call. */
export async function heldBatch(
  options: {
    inputs?: BatchInput['inputs'];
    template?: Parameters<typeof newTemplate>[1];
    secret?: string;
  } = {},
) {
  const practice = await practiceCore();
  const { core } = practice;
  const server = await heldServer();
  const { inputs = words(6), template, secret } = options;
  const connection_id = await connectionTo(core, server.url, { concurrency: 2, ...(secret && { secret }) });
  const { template_id } = newTemplate(core, template);
  const { batch_id } = await core.batches.start({
    template_id,
    targets: [{ connection_id, model_id: 'm' }],
    inputs,
    replicates: 1,
    drift_policy: 'record',
    stream: false,
  });
  return { practice, core, server, connection_id, template_id, batch_id };
}
