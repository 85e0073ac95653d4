import { get } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startHttpHost, type HttpHost } from '../../src-main/hosts/http';
import { createFakeCore, RAW_BYTES, type FakeCore } from './fake-core';

let host: HttpHost;
let core: FakeCore;
const logged: unknown[] = [];
const logger = { log: (...line: unknown[]) => void logged.push(line) };

beforeAll(async () => {
  core = createFakeCore({ rawContentType: 'text/html' });
  host = await startHttpHost({ core, logger, version: '1.2.3', port: 0, rendererDir: null });
});
afterAll(() => host.close());

function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return fetch(`${host.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${host.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}
const template = (name: string, more: object = {}) => ({
  name,
  model_id: 'gpt-4o',
  user_prompt_template: name,
  ...more,
});
async function createTemplate(name: string): Promise<string> {
  const answer = await call('POST', '/v1/templates', template(name));
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { template_id: string }).template_id;
}

test('an error has exactly code, status, message and data', async () => {
  await createTemplate('twin');
  const answer = await call('POST', '/v1/templates', template('twin'));
  expect(answer.status).toBe(409);
  const body = (await answer.json()) as Record<string, unknown>;
  expect(Object.keys(body).toSorted()).toEqual(['code', 'data', 'message', 'status']);
  expect(body).toMatchObject({ code: 'TEMPLATE_DUPLICATE', status: 409, data: { name: 'twin', diff: [] } });
});

test('bad input is 422 and names every field', async () => {
  const answer = await call('POST', '/v1/templates', {
    name: '',
    inference_params: 5,
    country_set: ['x'],
    tempature: 1,
  });
  expect(answer.status).toBe(422);
  const { code, data } = (await answer.json()) as {
    code: string;
    data: { fields: { path: string; message: string }[] };
  };
  expect(code).toBe('VALIDATION_FAILED');
  expect(data.fields.map(({ path }) => path).toSorted()).toEqual([
    'country_set.0',
    'inference_params',
    'model_id',
    'name',
    'tempature',
  ]);
  expect(data.fields.find(({ path }) => path === 'model_id')?.message).toBe('is required');
});

test('a body that is not JSON, or too deep, is refused in the same shape', async () => {
  const broken = await fetch(`${host.url}/v1/templates`, {
    method: 'POST',
    headers: { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' },
    body: '{"name":',
  });
  expect(broken.status).toBe(400);
  expect(await broken.json()).toMatchObject({ code: 'BAD_REQUEST', status: 400 });

  const deep = await fetch(`${host.url}/v1/templates`, {
    method: 'POST',
    headers: { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' },
    body: `{"inference_params":${'['.repeat(500_000)}${']'.repeat(500_000)}}`,
  });
  expect(deep.status).toBe(422);
});

test('an Idempotency-Key replays with 200; the body may carry the key too', async () => {
  const headers = { 'idempotency-key': 'key-1' };
  const first = await call('POST', '/v1/templates', template('idempotent'), headers);
  const second = await call('POST', '/v1/templates', template('idempotent'), headers);
  const third = await call('POST', '/v1/templates', template('idempotent', { idempotency_key: 'key-1' }));
  expect([first.status, second.status, third.status]).toEqual([201, 200, 200]);
  expect(await second.json()).toEqual(await first.json());

  const id = await createTemplate('run-idempotent');
  const run = await call('POST', `/v1/templates/${id}/run`, {}, { 'idempotency-key': 'key-2' });
  const replay = await call('POST', `/v1/templates/${id}/run`, {}, { 'idempotency-key': 'key-2' });
  expect([run.status, replay.status]).toEqual([201, 200]);

  const long = await call('POST', '/v1/templates', template('long'), { 'idempotency-key': 'x'.repeat(256) });
  expect(long.status).toBe(422);
});

test('query values become what the schema asks for; bodies are taken as they are', async () => {
  const page = await call('GET', '/v1/templates?limit=1&include_archived=true&q=twin');
  expect(page.status).toBe(200);
  expect(((await page.json()) as { items: unknown[] }).items).toHaveLength(1);
  expect((await call('GET', '/v1/templates?limit=none')).status).toBe(422);

  const id = await createTemplate('strict');
  const batch = await call('POST', `/v1/templates/${id}/batch-run`, {
    targets: [{ model_id: 'm' }],
    inputs: [{}],
    replicates: '3',
  });
  expect(batch.status).toBe(422);
});

test('a request acts on the record that its path names, whatever its body says; a query has no say', async () => {
  const [mine, other] = [await createTemplate('mine'), await createTemplate('other')];
  const archived = await call('POST', `/v1/templates/${mine}/archive`, { template_id: other });
  expect(await archived.json()).toMatchObject({ template_id: mine });
  const read = await call('GET', `/v1/templates/${mine}?template_id=${other}`);
  expect(read.status).toBe(400);
});

test.each([
  ['GET', '/v1/runs?statuss=failed', 'statuss', 'did you mean "status"?'],
  ['GET', '/v1/runs?Limit=2', 'Limit', 'did you mean "limit"?'],
  ['GET', '/v1/templates?includeArchived=true', 'includeArchived', 'did you mean "include_archived"?'],
  ['GET', '/v1/batches?status=running', 'status', 'is not a known parameter'],
  ['GET', '/v1/insight/costs?groupby=model', 'groupby', 'did you mean "group_by"?'],
  ['GET', '/v1/audit/entries?filter[record_type]=run', 'filter', 'is not a known parameter'],
  // Neither do routes that take no parameter at all, or a body, drop one without a word.
  ['GET', '/v1/connections?provider=openai', 'provider', 'takes no parameters'],
  ['GET', '/v1/status?__proto__=1', '__proto__', 'takes no parameters'],
  ['POST', '/v1/audit/verify?key=k', 'key', 'takes no parameters'],
])('%s %s is refused by the name of the parameter', async (method, path, parameter, words) => {
  const answer = await call(method, path);
  expect(answer.status).toBe(400);
  const { code, message, data } = (await answer.json()) as {
    code: string;
    message: string;
    data: { fields: { path: string }[] };
  };
  expect(code).toBe('UNKNOWN_PARAMETER');
  expect(data.fields.map((field) => field.path)).toEqual([parameter]);
  expect(message).toContain(words);
});

test.each(['0x10', '0b11', '1e1', '5.0', '%205', '5%20', '%2B5', '5_0', 'Infinity', '', '٥'])(
  'a number in a query or a path is written in decimal digits: %j is refused',
  async (text) => {
    for (const [path, field] of [
      [`/v1/runs?limit=${text}`, 'limit'],
      [`/v1/insight/costs?last_hours=${text}`, 'last_hours'],
      [`/v1/insight/costs?stack_top=${text}`, 'stack_top'],
      ...(text === '' ? [] : [[`/v1/audit/entries/${text}`, 'seq']]),
    ] as const) {
      const answer = await call('GET', path);
      expect(answer.status).toBe(422);
      const { data } = (await answer.json()) as { data: { fields: { path: string }[] } };
      expect(data.fields.map((at) => at.path)).toContain(field);
    }
  },
);

test('text in a query that looks like a number stays text', async () => {
  expect((await call('GET', '/v1/templates?q=0x10&limit=016')).status).toBe(200);
});

test('a field of a body that is not known is refused as well, also where nothing is taken', async () => {
  const id = await createTemplate('bodies');
  for (const [path, body, words] of [
    [`/v1/templates/${id}/archive`, { reason: 'x' }, 'reason: is not a known field'],
    [
      `/v1/templates/${id}/run`,
      { variable: {} },
      'variable: is not a known field: did you mean "variables"?',
    ],
    ['/v1/sample', { overwrite: true }, 'overwrite: is not a known field'],
  ] as const) {
    const answer = await call('POST', path, body);
    expect(answer.status).toBe(422);
    expect(((await answer.json()) as { message: string }).message).toContain(words);
  }
});

test.each(['', ' ', '\u200b', '\u2060\ufeff'])(
  'a name that nobody could see (%j) is refused, once',
  async (blank) => {
    const answer = await call('POST', '/v1/templates', { ...template('x'), name: blank, model_id: blank });
    expect(answer.status).toBe(422);
    const { data } = (await answer.json()) as { data: { fields: { path: string; message: string }[] } };
    expect(data.fields).toEqual(
      ['name', 'model_id'].map((path) => ({
        path,
        message: expect.stringMatching(/^must not be empty/) as string,
      })),
    );
    const id = await createTemplate(`unseen ${JSON.stringify(blank)}`);
    expect((await call('POST', `/v1/templates/${id}/pin`, { provider_version_key: blank })).status).toBe(422);
  },
);

test("a provider's bytes come out exactly, as a file that no browser renders", async () => {
  const id = await createTemplate('raw');
  const run = (await (await call('POST', `/v1/templates/${id}/run`, {})).json()) as { run_id: string };
  const raw = await call('GET', `/v1/runs/${run.run_id}/raw`);
  expect(raw.status).toBe(200);
  expect(Buffer.from(await raw.arrayBuffer())).toEqual(Buffer.from(RAW_BYTES));
  // The provider called it text/html.
  expect(raw.headers.get('content-type')).toBe('application/octet-stream');
  expect(raw.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w-]+\.bin"$/);
  expect(raw.headers.get('x-content-type-options')).toBe('nosniff');
  expect(raw.headers.get('content-security-policy')).toContain('sandbox');
});

test('a bug is 500 with an incident id that the log has too, and says nothing more', async () => {
  core.failNextList(new TypeError('secret detail sk-123'));
  const answer = await call('GET', '/v1/templates');
  expect(answer.status).toBe(500);
  const text = await answer.text();
  expect(text).not.toContain('sk-123');
  const body = JSON.parse(text) as { code: string; data: { incident_id: string } };
  expect(body.code).toBe('INTERNAL_SERVER_ERROR');
  expect(body.data.incident_id).toMatch(/^[\da-f-]{36}$/);
  expect(JSON.stringify(logged)).toContain(body.data.incident_id);
});

test('an output that breaks the contract is a bug, not an answer', async () => {
  const broken = vi.spyOn(core.templates, 'lineage').mockReturnValue(JSON.parse('{"ancestors":5}'));
  const id = await createTemplate('broken-output');
  expect((await call('GET', `/v1/templates/${id}/lineage`)).status).toBe(500);
  broken.mockRestore();
});

test('the runs of an unknown template are not found; a filter by one finds none', async () => {
  expect((await call('GET', '/v1/templates/none/runs')).status).toBe(404);
  expect((await call('GET', '/v1/runs?template_id=none')).status).toBe(200);
});

test('a stream that fails before it began has the status of its error', async () => {
  expect((await call('GET', '/v1/batches/none/events')).status).toBe(404);
  expect((await call('POST', '/v1/templates/none/run-stream', {})).status).toBe(404);
});

test('a run streams its text and ends with the stored run', async () => {
  const id = await createTemplate('streamed');
  const answer = await call('POST', `/v1/templates/${id}/run-stream`, {});
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const events = [...(await answer.text()).matchAll(/^data: (\{.*\})$/gm)].map(
    ([, data]) => JSON.parse(data ?? '') as { type: string },
  );
  expect(events.map(({ type }) => type)).toEqual(['started', 'delta', 'delta', 'run']);
});

test('a stream ends when its reader leaves', async () => {
  const before = core.streamSignals.length;
  const reader = get(`${host.url}/v1/changes`, { headers: { authorization: `Bearer ${host.token}` } });
  reader.on('error', () => {});
  await new Promise<void>((resolve) => {
    reader.on('response', (response) => {
      response.on('error', () => {});
      response.once('data', () => resolve());
    });
  });
  const signal = core.streamSignals[before];
  expect(signal?.aborted).toBe(false);
  reader.destroy();
  await expect.poll(() => signal?.aborted).toBe(true);
});

test('a stream ends when the host closes', async () => {
  const second = await startHttpHost({ core, logger, version: '0', port: 0, rendererDir: null });
  const before = core.streamSignals.length;
  const answer = await fetch(`${second.url}/v1/changes`, {
    headers: { authorization: `Bearer ${second.token}` },
  });
  const rest = answer.text().catch(() => 'cut');
  await expect.poll(() => core.streamSignals).toHaveLength(before + 1);
  await second.close();
  expect(await rest).toBe('cut');
  await expect.poll(() => core.streamSignals[before]?.aborted).toBe(true);
});

test('metrics are in the text format of Prometheus', async () => {
  const text = await (await call('GET', '/metrics')).text();
  expect(text).toMatch(/^# TYPE prompter_runs_total counter\nprompter_runs_total \d+$/m);
  expect(text).toMatch(/^prompter_month_spend_usd 0\.25$/m);
});

test('a prompt fetched by label has an entity tag, and whoever has it gets no second copy', async () => {
  const id = await createTemplate('tagged');
  const path = '/v1/prompts/by-name/tagged?label=production';
  const first = await call('GET', path);
  expect([first.status, first.headers.get('etag'), first.headers.get('cache-control')]).toEqual([
    200,
    `"${id}"`,
    'no-cache',
  ]);
  expect(await first.json()).toMatchObject({ template_id: id, label: 'production' });
  for (const known of [`"${id}"`, `"other", W/"${id}"`, '*']) {
    const again = await call('GET', path, undefined, { 'if-none-match': known });
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, `"${id}"`, '']);
  }
  const moved = await call('GET', path, undefined, { 'if-none-match': '"other"' });
  expect([moved.status, await moved.json()]).toEqual([200, expect.objectContaining({ template_id: id })]);
  const unknown = await call('GET', '/v1/prompts/by-name/nobody', undefined, { 'if-none-match': '*' });
  expect([unknown.status, unknown.headers.get('etag')]).toEqual([404, null]);
});
