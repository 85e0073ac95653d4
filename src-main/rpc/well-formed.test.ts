import { expect, test } from 'vitest';
import { createFakeCore } from '../../test/conformance/fake-core';
import { createClient, createRouter } from '.';

const client = createClient(
  createRouter({ core: createFakeCore(), logger: { log: () => {} }, version: 'test' }),
);
const draft = { name: 'Emoji 😀', model_id: 'gpt-4o', user_prompt_template: 'Hi {{ name }} 😀' };

test('half a surrogate pair is refused by its field, wherever it is', async () => {
  const { template_id } = await client.templates.create(draft);
  const target = { provider: 'practice-openai', model_id: 'gpt-4o' };
  const refused: [string, () => Promise<unknown>][] = [
    ['name', () => client.templates.create({ ...draft, name: 'a\ud83d' })],
    [
      'inference_params.a\ufffd',
      () => client.templates.create({ ...draft, inference_params: { 'a\ude00': 1 } }),
    ],
    ['idempotency_key', () => client.runs.start({ template_id, idempotency_key: '\ud83d' })],
    [
      'variables.list.1.x',
      () => client.runs.start({ template_id, variables: { list: [1, { x: '\ud83d ' }] } }),
    ],
    [
      'inputs.1.name',
      () =>
        client.batches.start({
          template_id,
          targets: [target],
          inputs: [{ name: 'ok' }, { name: '\ude00' }],
        }),
    ],
    ['q', () => client.templates.list({ q: '\ud83d' })],
  ];
  for (const [path, call] of refused)
    await expect(call(), path).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      status: 422,
      data: { fields: [{ path }] },
    });
});
