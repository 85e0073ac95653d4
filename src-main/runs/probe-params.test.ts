import { expect, it } from 'vitest';
import { byteServer, json } from '../../test/support/byte-server';
import { chatBody } from '../../test/support/held-server';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

const refusal = (param: string, message: string) =>
  json(
    JSON.stringify({
      error: { message, type: 'invalid_request_error', param, code: 'unsupported_parameter' },
    }),
    '400 Bad Request',
  );

it.each(['o3', 'our-deployment'])(
  'a probe of the deployment %s follows what the server says of its parameters',
  async (model_id) => {
    const limits: (string | undefined)[] = [];
    const url = await byteServer((socket, _, request) => {
      const name = /"(max_\w+)":/.exec(request)?.[1];
      limits.push(name);
      if (name === 'max_tokens')
        socket.write(
          refusal('max_tokens', "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        );
      else if (name === 'max_completion_tokens')
        socket.write(refusal('max_completion_tokens', 'The model output limit was reached.'));
      else socket.write(json(chatBody('pong')));
    });
    const { core } = await practiceCore();
    const { connection_id } = await core.connections.create({
      org_id: 'default',
      name: 'azure',
      provider: 'azure-openai',
      base_url: url,
      secret: 'key-of-some-length',
    });
    const { template_id } = newTemplate(core, { provider: 'azure-openai', model_id });
    expect(await core.versions.ensure({ template_id, connection_id, force: false })).toMatchObject({
      verified: true,
    });
    expect(limits).toEqual(['max_tokens', 'max_completion_tokens', undefined]);
  },
);

it('a refusal that names no parameter of the probe ends it after one call', async () => {
  let calls = 0;
  const url = await byteServer((socket) => {
    calls += 1;
    socket.write(refusal('messages', 'No messages today.'));
  });
  const { core } = await practiceCore();
  const { connection_id } = await core.connections.create({
    org_id: 'default',
    name: 'azure',
    provider: 'azure-openai',
    base_url: url,
    secret: 'key-of-some-length',
  });
  const { template_id } = newTemplate(core, { provider: 'azure-openai', model_id: 'o3' });
  await expect(core.versions.ensure({ template_id, connection_id, force: false })).rejects.toMatchObject({
    code: 'PROVIDER_FAILURE',
  });
  expect(calls).toBe(1);
});
