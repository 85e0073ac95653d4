import { describe, expect, it } from 'vitest';
import { byteServer, json } from '../../test/support/byte-server';
import { chatBody } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';

const schema = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};

/** A server that answers with JSON, and refuses what it does not know. */
async function strangerThat(refuses: readonly string[]) {
  const bodies: Record<string, unknown>[] = [];
  const url = await byteServer((socket, _, request) => {
    const body = JSON.parse(request.slice(request.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;
    bodies.push(body);
    const unknown = refuses.find((field) => JSON.stringify(body).includes(`"${field}"`));
    socket.write(
      unknown === undefined
        ? json(chatBody('{"a":"yes"}'))
        : json(
            `{"detail":[{"loc":["body","${unknown}"],"msg":"Extra inputs are not permitted"}]}`,
            '422 Unprocessable',
          ),
    );
  });
  const { core } = await practiceCore();
  const connection_id = await connectionTo(core, url);
  const run = async (more: { stream?: boolean; response_schema?: typeof schema }) => {
    const { stream, ...fields } = more;
    const { template_id } = newTemplate(core, fields);
    const started = await core.runs.start({
      template_id,
      connection_id,
      model_id: 'm',
      variables: { word: 'JSON' },
      ...(stream && { stream }),
    });
    return started.run;
  };
  return { core, connection_id, bodies, run };
}

describe('a server that does not know stream_options', () => {
  it('is asked for them as long as nothing is known, and its refusal says what to set', async () => {
    const { run, core, connection_id, bodies } = await strangerThat(['stream_options']);
    const refused = await run({ stream: true });
    expect(refused).toMatchObject({ status: 'failed', failure_code: 'invalid_request' });
    expect(refused.failure_message).toMatch(/body\.stream_options: Extra inputs.* --stream-options omit/);

    const set = await core.connections.setDialect({ connection_id, stream_options: 'omit' });
    expect(set.dialect).toMatchObject({ stream_options: 'omit', response_format: null });
    expect(await run({ stream: true })).toMatchObject({ status: 'succeeded' });
    expect(bodies.map((body) => 'stream_options' in body)).toEqual([true, false]);
    // Back to what is known: nothing.
    await core.connections.setDialect({ connection_id, stream_options: null });
    expect((await run({ stream: true })).status).toBe('failed');
  });
});

describe('a server that does not know json_schema', () => {
  it.each([
    ['json_object', { type: 'json_object' }],
    ['none', undefined],
  ] as const)('is asked for %s; the prompt stays, the answer is checked here', async (mode, sent) => {
    const { run, core, connection_id, bodies } = await strangerThat(['json_schema']);
    const refused = await run({ response_schema: schema });
    expect(refused.failure_message).toMatch(/--response-format json_object/);

    await core.connections.setDialect({ connection_id, response_format: mode });
    const ran = await run({ response_schema: schema });
    expect(ran).toMatchObject({ status: 'succeeded', output_json: { a: 'yes' }, output_json_valid: true });
    expect(ran.analysis_config).toMatchObject({
      schema_not_enforced: [expect.stringContaining(`response format ${mode}`) as string],
    });
    expect(bodies.at(-1)?.['response_format']).toEqual(sent);
    expect(JSON.stringify(bodies.at(-1)?.['messages'])).not.toContain('properties');

    const strict = await run({ response_schema: { ...schema, required: ['a', 'b'] } });
    expect(strict).toMatchObject({ status: 'failed', failure_code: 'output_invalid' });
  });
});
