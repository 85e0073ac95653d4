import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestClock, openTempStore, testIds } from '../../test/support/temp-store';
import { AppError, newConnectionSchema } from '../../src-shared/domain';
import type { NewConnectionInput } from '../../src-shared/domain';
import { createSessionKeyVault } from '../keys';
import type { KeyVault } from '../ports';
import { createProviderClients } from './clients';
import { createConnectionsService } from './connections';
import type { Connections } from './connections';
import { startPracticeServer } from '../practice';
import { createProvidersService } from './registry';
import { testServer } from '../../test/support/provider-calls';

const CANARY = 'sk-canary-0123456789abcdef';

async function setup(options: { vault?: KeyVault; env?: Record<string, string> } = {}) {
  const store = openTempStore();
  let server: Awaited<ReturnType<typeof startPracticeServer>> | undefined;
  onTestFinished(() => server?.close());
  const practice = {
    async url() {
      server ??= await startPracticeServer();
      return server.url;
    },
    close: () => Promise.resolve(),
  };
  const vault = options.vault ?? createSessionKeyVault();
  const env = options.env ?? {};
  const make = () =>
    createConnectionsService({
      store,
      vault,
      clients: createProviderClients(),
      practice,
      clock: createTestClock(),
      ids: testIds,
      env,
      listedFacts: () => ({ price: null, context_tokens: null }),
    });
  const connections = make();
  const create = (input: NewConnectionInput) => connections.create(newConnectionSchema.parse(input));
  return {
    store,
    connections,
    create,
    practice,
    vault,
    make,
    providers: createProvidersService({ store, connections }),
  };
}

async function errorOf(work: () => unknown): Promise<AppError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Everything an error could carry to a log or a screen. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  return [
    error.message,
    error.stack,
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
    everythingIn(error.cause ?? null),
  ].join('\n');
}

describe('practice connections', () => {
  it('are there from the first start, once, and need no key', async () => {
    const { connections, make } = await setup();
    make();
    const { items } = await connections.list();
    expect(
      items.map(({ name, provider, key_source, key_available, is_default }) => ({
        name,
        provider,
        key_source,
        key_available,
        is_default,
      })),
    ).toEqual(
      ['practice-openai', 'practice-anthropic', 'practice-google'].map((name) => ({
        name,
        provider: name,
        key_source: 'none',
        key_available: true,
        is_default: true,
      })),
    );
  });

  it('reach the built-in server, each under its own path', async () => {
    const { connections, practice } = await setup();
    const url = await practice.url();
    const { items } = await connections.list();
    const bases = await Promise.all(
      items.map(
        async ({ connection_id }) => (await connections.resolveEndpoint(connection_id)).endpoint.baseUrl,
      ),
    );
    expect(bases).toEqual([`${url}/openai/v1`, `${url}/anthropic`, `${url}/google`]);
    for (const { connection_id } of items) {
      expect(await connections.test({ connection_id, calls: true })).toMatchObject({
        ok: true,
        reached: ['network', 'authorised', 'models'],
      });
      expect((await connections.models({ connection_id, refresh: false })).items.length).toBeGreaterThan(0);
    }
  });

  it('may point to a server of their own by its root address, and the built-in ones stay', async () => {
    const { connections, create } = await setup();
    const own = await create({
      name: 'sim',
      provider: 'practice-google',
      base_url: 'http://127.0.0.1:4010/',
    });
    expect((await connections.resolveEndpoint(own.connection_id)).endpoint.baseUrl).toBe(
      'http://127.0.0.1:4010/google',
    );
    const builtIn = (await connections.list()).items[0];
    expect(
      (await errorOf(() => connections.archive({ connection_id: builtIn?.connection_id ?? '' }))).code,
    ).toBe('VALIDATION_FAILED');
  });
});

describe('creating a connection', () => {
  it('puts the secret into the vault and shows it nowhere', async () => {
    const { connections, create, vault, store } = await setup();
    const made = await create({ name: 'mine', provider: 'openai', secret: ` ${CANARY}\n` });
    expect(made).toMatchObject({
      key_source: 'session',
      key_available: true,
      base_url: null,
      is_default: true,
    });
    expect(await vault.get(`connection:${made.connection_id}`)).toBe(CANARY);
    expect((await connections.resolveEndpoint(made.connection_id)).endpoint).toMatchObject({
      secret: CANARY,
      baseUrl: 'https://api.openai.com/v1',
      protocol: 'openai_responses',
    });
    expect(JSON.stringify([made, await connections.list()])).not.toContain(CANARY);
    const dump = store.write((tx) =>
      tx.prepare<[], Record<string, unknown>>('SELECT * FROM connections').all(),
    );
    expect(JSON.stringify(dump)).not.toContain(CANARY);
  });

  it('refuses a taken name, an unknown provider, no key, two keys, no address and a key that is none', async () => {
    const { create, vault } = await setup();
    await create({ name: 'mine', provider: 'openai', secret: 'sk-1' });
    const cases: [NewConnectionInput, string][] = [
      [{ name: 'mine', provider: 'anthropic', secret: CANARY }, 'CONNECTION_NAME_TAKEN'],
      [{ name: 'x', provider: 'nobody', secret: CANARY }, 'PROVIDER_UNKNOWN'],
      [{ name: 'x', provider: 'anthropic' }, 'VALIDATION_FAILED'],
      [{ name: 'x', provider: 'anthropic', secret: CANARY, key_env: 'KEY' }, 'VALIDATION_FAILED'],
      [{ name: 'x', provider: 'azure-openai', secret: CANARY }, 'VALIDATION_FAILED'],
      [{ name: 'x', provider: 'openai', secret: `${CANARY}\n${CANARY}` }, 'VALIDATION_FAILED'],
    ];
    for (const [input, code] of cases) {
      const error = await errorOf(() => create(input));
      expect(error.code, JSON.stringify(input)).toBe(code);
      expect(everythingIn(error)).not.toContain(CANARY);
    }
    expect(await vault.get('connection:x')).toBeNull();
  });

  it('says what to do where there is no keychain', async () => {
    const error = new AppError('KEYCHAIN_UNAVAILABLE', 'No keychain.', {
      data: { hint: 'PROMPTER_KEYCHAIN=session' },
    });
    const vault: KeyVault = {
      status: () => Promise.resolve({ mode: 'os', available: false, message: 'No keychain.' }),
      get: () => Promise.resolve(null),
      set: () => Promise.reject(error),
      delete: () => Promise.resolve(),
    };
    const { create, connections } = await setup({ vault, env: { MY_KEY: 'sk-env' } });
    expect(await errorOf(() => create({ name: 'a', provider: 'openai', secret: CANARY }))).toBe(error);
    expect((await connections.list()).items.map(({ name }) => name)).not.toContain('a');
    const fromEnv = await create({ name: 'a', provider: 'openai', key_env: 'MY_KEY' });
    expect(fromEnv).toMatchObject({ key_source: 'env', key_env: 'MY_KEY', key_available: true });
    expect((await connections.resolveEndpoint(fromEnv.connection_id)).endpoint.secret).toBe('sk-env');
  });

  it('tells a key that cannot be had, before anything is sent', async () => {
    const { create, connections } = await setup();
    const made = await create({ name: 'a', provider: 'openai', key_env: 'NOT_SET' });
    expect(made.key_available).toBe(false);
    expect((await errorOf(() => connections.resolveEndpoint(made.connection_id))).code).toBe(
      'CREDENTIAL_MISSING',
    );
    expect(await connections.test({ connection_id: made.connection_id, calls: true })).toMatchObject({
      ok: false,
      reached: [],
      message: expect.stringContaining('NOT_SET'),
    });
  });

  it('replaces a secret, and removes it with its connection', async () => {
    const { create, connections, vault } = await setup();
    const { connection_id } = await create({ name: 'a', provider: 'openai', key_env: 'NOT_SET' });
    expect(await connections.setSecret({ connection_id, secret: CANARY })).toMatchObject({
      key_source: 'session',
      key_env: null,
      key_available: true,
    });
    expect(await connections.archive({ connection_id })).toMatchObject({ key_available: false });
    expect(await vault.get(`connection:${connection_id}`)).toBeNull();
    expect((await errorOf(() => connections.resolveEndpoint(connection_id))).code).toBe('NO_CONNECTION');
    expect((await create({ name: 'a', provider: 'openai', secret: 'sk-2' })).name).toBe('a');
  });
});

describe('choosing a connection', () => {
  const ask = (connections: Connections, fields: object) =>
    connections.findConnection({ org_id: 'default', model_id: 'gpt-4o', ...fields });

  it('takes the named one, else the oldest of the given or inferred provider', async () => {
    const { create, connections } = await setup();
    const first = await create({ name: 'first', provider: 'openai', secret: 'sk-1' });
    const second = await create({ name: 'second', provider: 'openai', secret: 'sk-2' });
    const lms = await create({ name: 'lms', provider: 'lm-studio' });
    expect(ask(connections, {}).connection_id).toBe(first.connection_id);
    expect(ask(connections, { connection_id: second.connection_id }).name).toBe('second');
    expect(ask(connections, { provider: 'practice-google' }).name).toBe('practice-google');
    expect(ask(connections, { model_id: 'llama3:8b' }).connection_id).toBe(lms.connection_id);
  });

  it('says what to do where there is none', async () => {
    const { connections } = await setup();
    expect((await errorOf(() => ask(connections, {}))).message).toContain(
      'connections add NAME --provider openai',
    );
    expect((await errorOf(() => ask(connections, { model_id: 'mystery' }))).code).toBe('NO_CONNECTION');
    expect(await errorOf(() => ask(connections, { provider: 'nobody' }))).toMatchObject({
      code: 'PROVIDER_UNKNOWN',
      message: expect.stringContaining('Available: openai') as string,
    });
    expect((await errorOf(() => ask(connections, { connection_id: 'nope' }))).code).toBe('NOT_FOUND');
    expect(
      (await errorOf(() => ask(connections, { org_id: 'other', provider: 'practice-openai' }))).code,
    ).toBe('NO_CONNECTION');
  });
});

describe('testing a connection', () => {
  it('has its own words for each failure and quotes no key', async () => {
    const { create, connections } = await setup();
    const answers: [number, string, RegExp][] = [
      [
        401,
        JSON.stringify({ error: { message: `Incorrect API key: ${CANARY}` } }),
        /key was not accepted.*\[redacted\]/,
      ],
      [403, '{"error":{"message":"no"}}', /not allowed to list models/],
      [404, '<html>nothing here</html>', /Check the base URL/],
      [404, '{"error":{"message":"no such route"}}', /no model list.*Check the base URL.*no such route/],
      [429, '{"error":{"message":"slow down"}}', /Too many requests/],
      [500, '{"error":{"message":"oops"}}', /internal problem/],
      [302, '', /redirect.*does not follow/],
      [200, '<!doctype html>', /not with a list of models.*HTML/],
      [200, '{"hello":1}', /not with a list of models/],
    ];
    for (const [status, body, words] of answers) {
      const server = await testServer((_, response) =>
        response.writeHead(status, { location: 'https://elsewhere.example/' }).end(body),
      );
      const { connection_id } = await create({
        name: `c${status}${body.length}`,
        provider: 'openai',
        base_url: `${server.url}/v1`,
        secret: CANARY,
      });
      const result = await connections.test({ connection_id, calls: true });
      await server.close();
      expect(result).toMatchObject({ ok: false, message: expect.stringMatching(words) });
      expect(result.message.split('Check the base URL').length).toBeLessThanOrEqual(2);
      expect(JSON.stringify([result, await connections.list()])).not.toContain(CANARY);
      const refused = await connections.test({ connection_id, calls: true });
      expect(refused.message).toMatch(/refused/);
      expect(refused.reached).toEqual([]);
    }
    const nowhere = await create({
      name: 'dns',
      provider: 'openai',
      base_url: 'https://no-such-host.invalid/v1',
      secret: CANARY,
    });
    expect((await connections.test({ connection_id: nowhere.connection_id, calls: true })).message).toMatch(
      /DNS/,
    );
    const error = await errorOf(() =>
      connections.models({ connection_id: nowhere.connection_id, refresh: true }),
    );
    expect(error.code).toBe('PROVIDER_FAILURE');
    expect(everythingIn(error)).not.toContain(CANARY);
  });
});

describe('models of a provider', () => {
  it('come from the cache until they are refreshed', async () => {
    const { connections, providers, create } = await setup();
    let ids = ['m1'];
    const server = await testServer((_, response) =>
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ data: ids.map((id) => ({ id })) })),
    );
    onTestFinished(() => server.close());
    await create({ name: 'local', provider: 'ollama', base_url: `${server.url}/v1` });
    expect((await errorOf(() => providers.models({ provider_id: 'nobody', refresh: false }))).code).toBe(
      'NOT_FOUND',
    );
    expect((await errorOf(() => providers.models({ provider_id: 'openai', refresh: false }))).code).toBe(
      'NO_CONNECTION',
    );
    const modelIds = async (refresh: boolean) =>
      (await providers.models({ provider_id: 'ollama', refresh })).items.map(({ model_id }) => model_id);
    expect(await modelIds(false)).toEqual(['m1']);
    ids = ['m2'];
    expect(await modelIds(false)).toEqual(['m1']);
    expect(await modelIds(true)).toEqual(['m2']);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect((await connections.list()).items.some(({ name }) => name === 'local')).toBe(true);
    expect(providers.list().items.map(({ provider_id }) => provider_id)).toContain('google');
  });
});

describe('a server that needs no key', () => {
  it('is connected without one where it is the user’s own, whoever’s protocol it speaks', async () => {
    const { create } = await setup();
    const own = await create({ name: 'own', provider: 'openai', base_url: 'http://localhost:8000/v1' });
    expect(own).toMatchObject({ key_source: 'none', key_available: true });
    const error = await errorOf(() => create({ name: 'vendor', provider: 'openai' }));
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(error.message + JSON.stringify(error.data)).toMatch(/--key-stdin.*--key-env/);
  });
});
