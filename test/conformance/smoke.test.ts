import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { runSchema, templateSchema } from '../../src-shared/domain';
import { startHttpHost, type HttpHost } from '../../src-main/hosts/http';
import { startPracticeServer, type PracticeServer } from '../../src-main/practice';
import { openTestCore, type TestCore } from './test-core';

// The smoke tests of a deployment, as a script would make them: plain HTTP against a running server.

let real: TestCore;
let host: HttpHost;
let vendors: PracticeServer;

beforeAll(async () => {
  vendors = await startPracticeServer({});
  real = await openTestCore();
  host = await startHttpHost({
    core: real.core,
    logger: { log: () => {} },
    version: '0.0.0-test',
    port: 0,
    rendererDir: null,
  });
  // The vendors' own providers, spoken with over their own protocols, at an address of this machine.
  for (const [provider, path] of [
    ['openai', '/openai/v1'],
    ['anthropic', '/anthropic'],
    ['google', '/google'],
    // A compatible server speaks chat completions, which have a system fingerprint; Responses have none.
    ['lm-studio', '/openai/v1'],
  ]) {
    const answer = await post('/v1/connections', {
      name: `${provider} here`,
      provider,
      base_url: `${vendors.url}${path}`,
      secret: 'practice-key',
    });
    expect(answer.status).toBe(201);
  }
});

afterAll(async () => {
  await host.close();
  await real.close();
  await vendors.close();
});

async function request(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${host.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}
const post = (path: string, body: unknown) => request('POST', path, body);

const avea = {
  org_id: 'default',
  workspace_id: 'workspace-avea-001',
  name: 'AVEA Brand Analysis',
  system_instructions: 'Be concise and accurate',
  user_prompt_template: 'What is AVEA known for?',
  country_set: ['CH', 'US'],
  model_id: 'gpt-4o',
  inference_params: { temperature: 0.7, max_tokens: 1000 },
};

const errorSchema = z.object({
  code: z.string(),
  status: z.number(),
  data: z.object({ template_id: z.string(), name: z.string(), diff: z.array(z.unknown()) }),
});
const versionSchema = z.object({
  version_id: z.string(),
  provider: z.string(),
  model_id: z.string(),
  provider_version_key: z.string(),
  evidence_grade: z.string(),
  created: z.boolean(),
  source: z.string(),
  verified: z.boolean(),
});

describe('templates', () => {
  test('a new one is 201, the same again 409 with what is there, in another workspace 201', async () => {
    const first = await post('/v1/templates', avea);
    expect(first.status).toBe(201);
    const { template_id } = templateSchema.parse(first.body);

    const again = await post('/v1/templates', { ...avea, name: 'Another name' });
    expect(again.status).toBe(409);
    const refusal = errorSchema.parse(again.body);
    expect(refusal).toMatchObject({ code: 'TEMPLATE_DUPLICATE', status: 409 });
    expect(refusal.data).toMatchObject({ template_id, name: avea.name });

    const elsewhere = await post('/v1/templates', { ...avea, workspace_id: 'workspace-other-001' });
    expect(elsewhere.status).toBe(201);

    const check = await post('/v1/templates/check-duplicate', avea);
    expect(check).toMatchObject({ status: 200, body: { exact_match: true, template_id } });
  });

  test('of five at once one is 201 and four are 409', async () => {
    const draft = { ...avea, name: 'Five at once', user_prompt_template: 'Five at once?' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('/v1/templates', draft)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
  });
});

describe('ensure-version', () => {
  let templateId: string;
  beforeAll(async () => {
    const created = await post('/v1/templates', {
      ...avea,
      name: 'Versions',
      user_prompt_template: 'Versions?',
    });
    templateId = templateSchema.parse(created.body).template_id;
  });
  const ensure = async (body: object) => {
    const answer = await post(`/v1/templates/${templateId}/ensure-version`, {
      org_id: 'default',
      workspace_id: 'workspace-avea-001',
      ...body,
    });
    expect(answer.status).toBe(200);
    return versionSchema.parse(answer.body);
  };

  test.each(['gpt-4o', 'o3', 'omni-vision'])('%s is recognised as OpenAI’s', async (model_id) => {
    const version = await ensure({ model_id, inference_params: { temperature: 0, max_tokens: 1 } });
    expect(version).toMatchObject({ provider: 'openai', model_id, verified: true });
    expect(version.provider_version_key).not.toBe('unknown');
  });

  test('gpt-4o answers with a fingerprint where the API has one', async () => {
    const version = await ensure({ provider: 'lm-studio', model_id: 'gpt-4o' });
    expect(version.provider_version_key).toMatch(/^fp_\w+$/);
  });

  test('gemini-2.0-flash answers as gemini-2.0-flash-001', async () => {
    const version = await ensure({ provider: 'google', model_id: 'gemini-2.0-flash' });
    expect(version.provider_version_key).toBe('gemini-2.0-flash-001');
  });

  test('claude-3-opus-20240229 is its own version', async () => {
    const version = await ensure({ provider: 'anthropic', model_id: 'claude-3-opus-20240229' });
    expect(version.provider_version_key).toBe('claude-3-opus-20240229');
  });

  test('a second question is answered from what is known', async () => {
    const body = { provider: 'openai', model_id: 'gpt-4o-mini' };
    expect(await ensure(body)).toMatchObject({ created: true, source: 'live' });
    expect(await ensure(body)).toMatchObject({ created: false, source: 'cache' });
  });
});

test.each([
  // Responses: priced, a dated snapshot. A compatible server: a fingerprint, and no price.
  { provider: 'openai', version: /^gpt-4o-\d{4}-\d\d-\d\d$/, fingerprint: null, priced: true },
  { provider: 'lm-studio', version: /^fp_/, fingerprint: expect.stringMatching(/^fp_/), priced: false },
])('a run over $provider fills its audit columns, and the bytes are kept', async (expected) => {
  const created = await post('/v1/templates', {
    ...avea,
    name: 'Run',
    provider: expected.provider,
    user_prompt_template: 'What is {{ brand }} known for?',
  });
  const { template_id } = templateSchema.parse(created.body);
  const rendered_prompt = 'What supplements does AVEA Life offer?';
  const answer = await post(`/v1/templates/${template_id}/run`, {
    country: 'CH',
    brand_name: 'AVEA Life',
    rendered_prompt,
    use_grounding: false,
    analysis_scope: 'brand+products',
  });
  expect(answer.status).toBe(201);
  const { run_id } = runSchema.parse(answer.body);

  const stored = runSchema.parse((await request('GET', `/v1/runs/${run_id}`)).body);
  expect(stored).toMatchObject({
    status: 'succeeded',
    provider: expected.provider,
    country: 'CH',
    brand_name: 'AVEA Life',
    grounding_mode: 'none',
    rendered_prompt: expect.stringContaining(rendered_prompt),
    system_fingerprint: expected.fingerprint,
    provider_version_key: expect.stringMatching(expected.version),
    request_json: { model: 'gpt-4o' },
    response_json: { model: expect.stringMatching(/^gpt-4o/) },
    output_text: expect.stringMatching(/\w/),
    cost_usd: expected.priced ? expect.stringMatching(/^0\.\d+$/) : null,
    analysis_config: { scope: 'brand+products', timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
  });
  expect(JSON.stringify(stored.request_json)).toContain(rendered_prompt);
  expect(stored.usage.input_tokens).toBeGreaterThan(0);
  for (const hash of [stored.rendered_prompt_sha256, stored.response_output_sha256]) {
    expect(hash).toMatch(/^[\da-f]{64}$/);
  }

  const raw = await fetch(`${host.url}/v1/runs/${run_id}/raw`, {
    headers: { authorization: `Bearer ${host.token}` },
  });
  const bytes = Buffer.from(await raw.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(stored.raw_response_sha256);
  expect(bytes.length).toBe(stored.raw_response_size);
});
