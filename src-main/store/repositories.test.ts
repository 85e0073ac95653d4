import { expect, test } from 'vitest';
import { openTempStore, testIds } from '../../test/support/temp-store';
import { seedTemplates } from '../../test/bench/seed-templates';
import {
  archiveConnection,
  findActiveConnectionByName,
  getConnection,
  getProvider,
  getSetting,
  insertConnection,
  insertConnectionChange,
  latestVersion,
  listActiveConnections,
  listModels,
  listTemplates,
  listVersions,
  recordOfKey,
  takeKey,
  putSetting,
  replaceModels,
  setConnectionKey,
  setConnectionTest,
  upsertSeenVersion,
  type ConnectionRecord,
  type SeenVersion,
  type Store,
} from '.';

function connection(overrides: Partial<ConnectionRecord> = {}): ConnectionRecord {
  return {
    connection_id: testIds.uuid(),
    org_id: 'default',
    name: 'My OpenAI',
    provider: 'openai',
    base_url: null,
    key_source: 'keychain',
    key_ref: 'entry-1',
    key_env: null,
    concurrency: 8,
    created_at: '2026-01-01T00:00:00.000Z',
    last_test_at: null,
    last_test_ok: null,
    last_test_message: null,
    deleted_at: null,
    ...overrides,
  };
}

function aTemplateId(store: Store): string {
  seedTemplates(store, { count: 2, ids: testIds });
  const [template] = listTemplates(store.read, { include_archived: false }, { limit: 1 }).items;
  return template?.template_id ?? '';
}

test('connections: stored, found by id and name, listed oldest first, by provider', () => {
  const store = openTempStore();
  const first = connection();
  const second = connection({ name: 'Local', provider: 'ollama', key_source: 'none', key_ref: null });
  store.write((tx) => [first, second].forEach((each) => insertConnection(tx, each)));

  expect(getConnection(store.read, first.connection_id)).toEqual(first);
  expect(findActiveConnectionByName(store.read, { org_id: 'default', name: 'Local' })).toEqual(second);
  expect(listActiveConnections(store.read)).toEqual([first, second]);
  expect(listActiveConnections(store.read, 'ollama')).toEqual([second]);
});

test('connections: a name is taken once; archiving frees it, and the record stays', () => {
  const store = openTempStore();
  const first = connection();
  store.write((tx) => insertConnection(tx, first));
  const add = (name: string) => store.write((tx) => insertConnection(tx, connection({ name })));
  const change = (name: string) =>
    store.write((tx) =>
      insertConnectionChange(tx, first.connection_id, { name, base_url: null, concurrency: 8 }, '2026-01-02'),
    );
  const [one, other] = [first.name, 'Other'];
  expect(() => add(one)).toThrow('taken: connections.name');
  add(other);
  expect(() => change(other)).toThrow('taken: connections.name');
  // The newest name is the one that is taken; the first is free again.
  change('Third');
  expect(() => add('Third')).toThrow('taken: connections.name');
  add(one);
  change('Fourth');

  expect(store.write((tx) => archiveConnection(tx, first.connection_id, '2026-02-01'))).toBe(true);
  expect(store.write((tx) => archiveConnection(tx, first.connection_id, '2026-02-02'))).toBe(false);
  expect(getConnection(store.read, first.connection_id)).toMatchObject({
    name: 'Fourth',
    deleted_at: '2026-02-01',
  });
  expect(listActiveConnections(store.read).map(({ name }) => name)).toEqual([other, one]);
  add('Fourth');
});

test('connections: key and test result change, nothing else does', () => {
  const store = openTempStore();
  const before = connection();
  const key = { key_source: 'env', key_ref: null, key_env: 'MY_KEY' } as const;
  store.write((tx) => {
    insertConnection(tx, before);
    setConnectionKey(tx, before.connection_id, key);
    setConnectionTest(tx, before.connection_id, { at: '2026-02-01', ok: false, message: 'no answer' });
  });
  expect(getConnection(store.read, before.connection_id)).toEqual({
    ...before,
    ...key,
    last_test_at: '2026-02-01',
    last_test_ok: false,
    last_test_message: 'no answer',
  });
});

test('models: a new listing takes the place of the old one', () => {
  const store = openTempStore();
  const { connection_id } = connection();
  const model = (model_id: string) => ({ model_id, display_name: null, created_at: null, retires_at: null });
  store.write((tx) => {
    insertConnection(tx, connection({ connection_id }));
    replaceModels(tx, connection_id, [model('b'), model('a'), model('a')], '2026-01-01');
  });
  expect(listModels(store.read, connection_id)).toEqual({
    items: [model('a'), model('b')],
    fetched_at: '2026-01-01',
  });
  store.write((tx) => replaceModels(tx, connection_id, [model('c')], '2026-01-02'));
  expect(listModels(store.read, connection_id)).toEqual({ items: [model('c')], fetched_at: '2026-01-02' });
  expect(listModels(store.read, 'another')).toBeNull();
});

test('versions: first sight is kept, last sight moves forward only', () => {
  const store = openTempStore();
  const template_id = aTemplateId(store);
  const seen = (overrides: Partial<SeenVersion>): SeenVersion => ({
    version_id: testIds.uuid(),
    org_id: 'default',
    workspace_id: 'default',
    template_id,
    provider: 'openai',
    model_id: 'gpt-4o',
    provider_version_key: 'fp_1',
    evidence_grade: 'fingerprint',
    evidence: {
      requested_model: 'gpt-4o',
      echoed_model: 'gpt-4o-1',
      system_fingerprint: 'fp_1',
      extra: { tier: 'x' },
    },
    seen_at: '2026-01-01',
    ...overrides,
  });
  const first = seen({});
  const { seen_at: _, ...stored } = first;
  const record = (version: SeenVersion) => store.write((tx) => upsertSeenVersion(tx, version));

  expect(record(first)).toEqual({
    row: { ...stored, first_seen_at: '2026-01-01', last_seen_at: '2026-01-01' },
    created: true,
  });
  const later = seen({ seen_at: '2026-01-03', evidence_grade: 'none', model_id: 'another' });
  expect(record(later)).toEqual({
    row: { ...stored, first_seen_at: '2026-01-01', last_seen_at: '2026-01-03' },
    created: false,
  });
  expect(record(seen({ seen_at: '2026-01-02' })).row.last_seen_at).toBe('2026-01-03');

  const other = record(seen({ provider_version_key: 'fp_2', seen_at: '2026-01-02' })).row;
  const latest = { template_id, provider: 'openai', model_id: 'gpt-4o' };
  expect(latestVersion(store.read, latest)?.provider_version_key).toBe('fp_1');
  expect(latestVersion(store.read, { ...latest, model_id: 'never asked' })).toBeUndefined();
  expect(listVersions(store.read, template_id).map(({ version_id }) => version_id)).toEqual([
    first.version_id,
    other.version_id,
  ]);
});

const DAY_MS = 24 * 3_600_000;
const NEW_YEAR = Date.parse('2026-01-01T00:00:00.000Z');

test('idempotency keys: found until they expire, then free again; another request is refused', () => {
  const store = openTempStore();
  const request = { org_id: 'default', scope: 'templates.create', key: 'k', request_sha256: 'a' };
  const find = (change: Partial<typeof request>, now: number) =>
    recordOfKey(store.read, { ...request, ...change }, 'template_id', now);
  store.write((tx) => takeKey(tx, request, 't1', NEW_YEAR));

  expect(find({}, NEW_YEAR + DAY_MS - 1)).toBe('t1');
  expect(find({ org_id: 'other' }, NEW_YEAR)).toBeNull();
  expect(find({ scope: 'runs.start' }, NEW_YEAR)).toBeNull();
  expect(() => find({ request_sha256: 'b' }, NEW_YEAR)).toThrow(
    expect.objectContaining({
      code: 'IDEMPOTENCY_KEY_REUSED',
      data: { idempotency_key: 'k', template_id: 't1' },
    }),
  );
  expect(find({ request_sha256: 'b' }, NEW_YEAR + DAY_MS)).toBeNull();

  store.write((tx) => takeKey(tx, request, 't2', NEW_YEAR + DAY_MS));
  expect(find({}, NEW_YEAR + DAY_MS)).toBe('t2');
});

test('idempotency keys: what has expired is forgotten a few at a time, what has not stays', () => {
  const store = openTempStore();
  const count = () =>
    store.read.prepare<[], { n: number }>(`SELECT count(*) AS n FROM idempotency_keys`).get()?.n;
  const take = (key: string, now: number) =>
    store.write((tx) => takeKey(tx, { org_id: 'default', scope: 's', key, request_sha256: 'a' }, 'r', now));
  for (let index = 0; index < 150; index++) take(`old ${index}`, NEW_YEAR);
  expect(count()).toBe(150);
  take('new', NEW_YEAR + DAY_MS);
  expect(count()).toBe(51);
  take('newer', NEW_YEAR + DAY_MS);
  expect(count()).toBe(2);
});

test('settings and providers', () => {
  const store = openTempStore();
  expect(getSetting(store.read, 'theme')).toBeNull();
  store.write((tx) => putSetting(tx, 'theme', 'dark'));
  store.write((tx) => putSetting(tx, 'theme', 'light'));
  expect(getSetting(store.read, 'theme')).toBe('light');
  expect(getProvider(store.read, 'practice-google')).toMatchObject({ protocol: 'gemini', simulated: true });
  expect(getProvider(store.read, 'nobody')).toBeUndefined();
});
