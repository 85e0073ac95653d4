import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, test } from 'vitest';
import { PROTOCOLS, type Protocol, type SystemProviderId } from '../../src-shared/domain';
import type { Core } from '../ports';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';
import { recordingServer } from '../../test/support/recorded-requests';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNiAAAABgADNjd8qAAAAABJRU5ErkJggg==',
  'base64',
);
const PDF = Buffer.from('%PDF-1.4\n%%EOF\n');

const WHO: Readonly<Record<Protocol, { provider: SystemProviderId; model_id: string; base: string }>> = {
  openai_responses: { provider: 'openai', model_id: 'gpt-6-sol', base: '/v1' },
  openai_chat: { provider: 'lm-studio', model_id: 'some-model', base: '/v1' },
  anthropic: { provider: 'anthropic', model_id: 'claude-opus-5-5', base: '' },
  gemini: { provider: 'google', model_id: 'gemini-3.8-flash', base: '' },
};

const stored = (core: Core, bytes: Buffer, media_type: string): string =>
  core.assets.put({ media_type, base64: bytes.toString('base64') }).asset.asset_sha256;

/** An example turn, a placeholder, a tool with a call and its result, an image, a PDF. */
function conversation(core: Core) {
  return {
    user_prompt_template: undefined,
    inference_params: { max_tokens: 300 },
    messages: [
      { role: 'system' as const, content: 'You answer for {{ shop }}.' },
      { role: 'user' as const, content: 'Is order 1 here?' },
      { role: 'assistant' as const, content: 'Yes: it came on Monday.' },
      { placeholder: 'history', optional: true },
      {
        role: 'user' as const,
        content: [
          { type: 'text' as const, text: 'What is this, {{ name }} asks.' },
          { type: 'image' as const, variable: 'photo' },
          {
            type: 'file' as const,
            asset_sha256: stored(core, PDF, 'application/pdf'),
            media_type: 'application/pdf',
            name: 'terms.pdf',
          },
        ],
      },
      {
        role: 'assistant' as const,
        content: '',
        tool_calls: [{ id: 'call_1', name: 'find_order', arguments: { number: 4711, exact: true } }],
      },
      { role: 'tool' as const, tool_call_id: 'call_1', content: '{"state": "sent {{ when }}"}' },
      { role: 'user' as const, content: 'Then answer.' },
    ],
    tools: [
      {
        name: 'find_order',
        description: 'Finds an order.',
        parameters: { type: 'object', properties: { number: { type: 'integer' } }, required: ['number'] },
        strict: null,
      },
      { name: 'ask_a_person', description: '', parameters: null, strict: false },
    ],
    tool_choice: 'required' as const,
  };
}

const VALUES = (core: Core) => ({
  shop: 'Acme',
  name: 'Ada',
  when: 'today',
  photo: { asset_sha256: stored(core, PNG, 'image/png'), media_type: 'image/png' },
  history: [
    { role: 'user', content: 'A value: {{ shop }}' },
    { role: 'assistant', content: 'It stays as it is.' },
  ],
});

describe.each(PROTOCOLS)('over %s', (protocol) => {
  it.each([false, true])(
    'a conversation goes out as the documentation wants it (streamed: %s)',
    async (stream) => {
      const { core } = await practiceCore();
      const { url, bodies } = await recordingServer();
      const { provider, model_id, base } = WHO[protocol];
      const { connection_id } = await core.connections.create({
        org_id: 'default',
        name: 'recorder',
        provider,
        base_url: `${url}${base}`,
        secret: 'sk-test',
      });
      const { template_id, variables } = newTemplate(core, { ...conversation(core), provider, model_id });
      expect(variables).toEqual(['shop', 'history', 'name', 'photo', 'when']);
      const asked = { template_id, connection_id, variables: VALUES(core), stream };
      const composed = await core.runs.compose({ ...asked, files: 'whole' });
      expect(composed.request_body).toBe(written(protocol, stream));
      expect(new URL(composed.url).origin).toBe(url);
      expect(JSON.stringify(composed)).not.toContain('sk-test');
      expect(bodies).toEqual([]);
      const { run } = await core.runs.start({ template_id, connection_id, variables: VALUES(core), stream });
      expect(run.status).toBe('failed');
      expect(bodies).toEqual([written(protocol, stream)]);
      expect(run.request_json).toEqual(JSON.parse(bodies[0] ?? 'null'));
      expect(run.rendered_prompt).toContain(stored(core, PDF, 'application/pdf'));
      expect(run.rendered_prompt).not.toContain(PNG.toString('base64'));
    },
  );
});

test('a file is stored once, however many requests carry it, and the log still vouches for each of them', async () => {
  const { core, home } = await practiceCore();
  const { url, bodies } = await recordingServer();
  const connection_id = await connectionTo(core, `${url}/v1`);
  const photo = Buffer.concat([PNG, randomBytes(200_000)]);
  const value = { asset_sha256: stored(core, photo, 'image/png'), media_type: 'image/png' };
  const { template_id } = newTemplate(core, {
    user_prompt_template: undefined,
    messages: [{ role: 'user', content: [{ type: 'image', variable: 'photo' }] }],
  });
  for (let sent = 0; sent < 3; sent += 1) {
    const { run } = await core.runs.start({ template_id, connection_id, variables: { photo: value } });
    expect(run.request_json).toEqual(JSON.parse(bodies[sent] ?? 'null'));
  }
  expect(await core.audit.verify()).toMatchObject({ ok: true });
  const database = new Database(join(home, 'prompter.db'), { readonly: true });
  const size = database.prepare(`SELECT sum(length(request_json)) FROM attempts`).pluck().get();
  database.close();
  expect(size).toBeLessThan(2_000);
});

/** A request as it was written down, without its white space. A stream differs in what `streamed` says. */
function written(protocol: Protocol, stream: boolean): string {
  const file = join(import.meta.dirname, '../../test/fixtures/requests', `${protocol}.json`);
  const { streamed, ...body } = JSON.parse(readFileSync(file, 'utf8')) as { streamed: object };
  if (!stream) return JSON.stringify(body);
  const { after, fields } = streamed as { after: string; fields: object };
  const entries = Object.entries(body);
  const at = entries.findIndex(([key]) => key === after) + 1;
  return JSON.stringify(
    Object.fromEntries([...entries.slice(0, at), ...Object.entries(fields), ...entries.slice(at)]),
  );
}

test('a comparison with a model that cannot be sent the prompt is refused with its name, before anything is sent', async () => {
  const { core, requests } = await practiceCore();
  const strict = { name: 'f', description: '', parameters: null, strict: true };
  const { template_id } = newTemplate(core, { tools: [strict] });
  const targets = [
    { provider: 'practice-openai', model_id: 'gpt-4o' },
    { provider: 'practice-google', model_id: 'gemini-2.5-pro' },
  ];
  await expect(
    core.batches.start({
      template_id,
      targets,
      inputs: [{ word: 'x' }],
      replicates: 1,
      drift_policy: 'record',
      concurrency: 1,
      stream: false,
    }),
  ).rejects.toThrow(/targets\.1: gemini-2\.5-pro cannot be sent tools\.0\.strict/);
  await expect(
    core.runs.start({
      template_id,
      provider: 'practice-google',
      model_id: 'gemini-2.5-pro',
      variables: { word: 'x' },
    }),
  ).rejects.toThrow(/tools\.0\.strict: Gemini has no strict tools/);
  expect(requests()).toEqual([]);
  expect(core.runs.list({ limit: 5 }).items).toEqual([]);
});

test.each([
  ['practice-openai', 'gpt-4o'],
  // Later models refuse a forced choice.
  ['practice-anthropic', 'claude-opus-4-6'],
  ['practice-google', 'gemini-2.5-flash'],
])('%s answers a conversation with a call of its tool', async (provider, model_id) => {
  const { core } = await practiceCore();
  const { template_id } = newTemplate(core, {
    ...conversation(core),
    messages: conversation(core).messages.slice(0, 5),
    provider,
    model_id,
    tool_choice: { name: 'find_order' },
  });
  for (const stream of [false, true]) {
    const { run } = await core.runs.start({ template_id, variables: VALUES(core), stream });
    expect(run).toMatchObject({ status: 'succeeded', tool_calls: [{ name: 'find_order' }] });
  }
});
