import {
  AppError,
  DEFAULT_ORG_ID,
  isAppError,
  isPracticeProvider,
  SYSTEM_PROVIDER_IDS,
  validationError,
} from '../../src-shared/domain';
import type { Connection, NewConnection, Provider } from '../../src-shared/domain';
import type {
  Clock,
  ConnectionsService,
  Ids,
  KeyVault,
  PracticeHost,
  ProviderClients,
  ProviderFailure,
} from '../ports';
import {
  archiveConnection,
  findActiveConnectionByName,
  getConnectionDialect,
  getProvider,
  insertConnection,
  isUniqueViolation,
  listActiveConnections,
  listModels,
  replaceModels,
  setConnectionDialect,
  setConnectionKey,
  setConnectionTest,
} from '../store';
import type { ConnectionRecord, Store } from '../store';
import {
  activeConnection,
  findConnection,
  providerUnknown,
  readSecret,
  resolveEndpoint,
  usableKey,
  withoutSlash,
} from './connection-lookup';
import type { ConnectionQuery, Environment, ResolvedConnection } from './connection-lookup';
import { verdictOf, verdictWithoutKey } from './connection-test';

export interface ConnectionsDeps {
  readonly store: Store;
  readonly vault: KeyVault;
  readonly clients: ProviderClients;
  readonly practice: PracticeHost;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly env: Environment;
}

/** What the API offers of connections, and what runs need of them. */
export interface Connections extends ConnectionsService {
  /** @throws NOT_FOUND, NO_CONNECTION, PROVIDER_UNKNOWN, CREDENTIAL_MISSING */
  resolveEndpoint(connectionId: string): Promise<ResolvedConnection>;
  /** @throws NOT_FOUND, PROVIDER_UNKNOWN, NO_CONNECTION with what to do */
  findConnection(query: ConnectionQuery): ConnectionRecord;
}

const DEFAULT_CONCURRENCY = 8;
/** The practice server is this machine: no rate limit to respect. */
const PRACTICE_CONCURRENCY = 32;

/** Connections and their secrets: a secret goes into the vault and never comes out of here. */
export function createConnectionsService(given: ConnectionsDeps): Connections {
  const deps: ConnectionsDeps = { ...given, env: { ...given.env } };
  const { store, vault, clients, clock, ids } = deps;
  const now = (): string => new Date(clock.now()).toISOString();
  ensurePracticeConnections(deps, now());

  const shown = async (record: ConnectionRecord, defaults = defaultIds(store)): Promise<Connection> => {
    const { key_ref: _, deleted_at: __, ...connection } = record;
    const available = record.key_source === 'none' || (await readSecret(vault, deps.env, record)) !== null;
    return {
      ...connection,
      key_available: available,
      is_default: defaults.has(record.connection_id),
      dialect: getConnectionDialect(store.read, record.connection_id),
    };
  };

  return {
    async list() {
      const defaults = defaultIds(store);
      const items = await Promise.all(
        listActiveConnections(store.read).map((record) => shown(record, defaults)),
      );
      return { items };
    },

    async create(input) {
      const provider = getProvider(store.read, input.provider);
      if (provider === undefined) throw providerUnknown(input.provider);
      const secret = checkedSecret(input, provider);
      if (findActiveConnectionByName(store.read, input) !== undefined) throw nameTaken(input.name);

      const connectionId = ids.uuid();
      const key = await storeKey(vault, connectionId, secret, input.key_env ?? null);
      const record: ConnectionRecord = {
        connection_id: connectionId,
        org_id: input.org_id,
        name: input.name,
        provider: input.provider,
        base_url:
          input.base_url === undefined || input.base_url === null ? null : withoutSlash(input.base_url),
        ...key,
        concurrency: input.concurrency ?? (provider.simulated ? PRACTICE_CONCURRENCY : DEFAULT_CONCURRENCY),
        created_at: now(),
        ...UNTESTED,
        deleted_at: null,
      };
      try {
        store.write((tx) => insertConnection(tx, record));
      } catch (error) {
        if (key.key_ref !== null) await vault.delete(key.key_ref);
        throw isUniqueViolation(error, 'connections.name') ? nameTaken(input.name) : error;
      }
      return shown(record);
    },

    async test(connectionId, signal = neverAborted()) {
      activeConnection(store, connectionId);
      const testedAt = now();
      const verdict = await tryConnection(deps, connectionId, signal);
      store.write((tx) => {
        setConnectionTest(tx, connectionId, {
          at: testedAt,
          ok: verdict.test.ok,
          message: verdict.test.message,
        });
        if (verdict.models !== null) replaceModels(tx, connectionId, verdict.models, testedAt);
      });
      return { ...verdict.test, tested_at: testedAt };
    },

    async setSecret(connectionId, secret) {
      const record = activeConnection(store, connectionId);
      const key = await storeKey(vault, connectionId, validSecret(secret), null);
      store.write((tx) => setConnectionKey(tx, connectionId, key));
      return shown({ ...record, ...key });
    },

    async setDialect({ connection_id, ...change }) {
      const record = activeConnection(store, connection_id);
      store.write((tx) => setConnectionDialect(tx, connection_id, change));
      return shown(record);
    },

    async archive(connectionId) {
      const record = activeConnection(store, connectionId);
      if (isPracticeProvider(record.provider) && record.name === record.provider) {
        throw validationError([
          { path: 'connection_id', message: `"${record.name}" is built in and stays.` },
        ]);
      }
      const archived = await shown(record);
      // First, since a secret that outlives its connection could not be found again.
      if (record.key_ref !== null) await vault.delete(record.key_ref);
      store.write((tx) => archiveConnection(tx, connectionId, now()));
      return { ...archived, key_available: false, is_default: false };
    },

    async models({ connection_id, refresh }, signal = neverAborted()) {
      activeConnection(store, connection_id);
      const known = refresh ? null : listModels(store.read, connection_id);
      if (known !== null) return known;
      const { endpoint, provider } = await resolveEndpoint(deps, connection_id);
      const listing = await clients.clientFor(provider.protocol).listModels(endpoint, signal);
      if (!listing.ok) throw listingFailed(connection_id, listing.failure);
      const fetchedAt = now();
      store.write((tx) => replaceModels(tx, connection_id, listing.models, fetchedAt));
      return listModels(store.read, connection_id) ?? { items: [], fetched_at: fetchedAt };
    },

    resolveEndpoint: (connectionId) => resolveEndpoint(deps, connectionId),
    findConnection: (query) => findConnection(store, query),
  };
}

const UNTESTED = { last_test_at: null, last_test_ok: null, last_test_message: null } as const;

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

/** The oldest connection of each provider is the one that runs use when they name none. */
function defaultIds(store: Store): ReadonlySet<string> {
  const oldest = new Map<string, string>();
  for (const { org_id, provider, connection_id } of listActiveConnections(store.read)) {
    const key = `${org_id}\n${provider}`;
    if (!oldest.has(key)) oldest.set(key, connection_id);
  }
  return new Set(oldest.values());
}

function checkedSecret(input: NewConnection, provider: Provider): string | null {
  const secret = input.secret ?? null;
  const keyEnv = input.key_env ?? null;
  const baseUrl = input.base_url ?? null;
  if (secret !== null && keyEnv !== null) {
    throw validationError([{ path: 'key_env', message: 'give either a secret or key_env, not both' }]);
  }
  if (baseUrl === null && provider.base_url === null && !provider.simulated) {
    const message = `${provider.name} needs the address of your own resource, such as https://NAME.openai.azure.com/openai/v1`;
    throw validationError([{ path: 'base_url', message }]);
  }
  // A server of one's own may need none; the provider's own service does.
  if (secret === null && keyEnv === null && provider.needs_key && baseUrl === null) {
    const message = `${provider.name} needs a key: give it (secret, --key-stdin), or the name of the environment variable that holds it (key_env, --key-env)`;
    throw validationError([{ path: 'secret', message }]);
  }
  return secret === null ? null : validSecret(secret);
}

function validSecret(secret: string): string {
  const key = usableKey(secret);
  if (key !== null) return key;
  throw validationError([
    {
      path: 'secret',
      message: 'holds characters that no key has: copy it again, without spaces or line breaks',
    },
  ]);
}

/** The 502 of a model list that could not be had, in the field names of every other answer. */
function listingFailed(connectionId: string, failure: ProviderFailure): AppError {
  return new AppError('PROVIDER_FAILURE', failure.message, {
    data: {
      connection_id: connectionId,
      failure_code: failure.code,
      http_status: failure.httpStatus,
      provider_code: failure.providerCode,
      request_id: failure.requestId,
      retryable: failure.retryable,
      retry_after_ms: failure.retryAfterMs,
    },
  });
}

function nameTaken(name: string): AppError {
  return new AppError('CONNECTION_NAME_TAKEN', `There is a connection named "${name}" already.`, {
    data: { name },
  });
}

/** Puts the secret where secrets go, and says where that is. */
async function storeKey(
  vault: KeyVault,
  connectionId: string,
  secret: string | null,
  keyEnv: string | null,
): Promise<Pick<ConnectionRecord, 'key_source' | 'key_ref' | 'key_env'>> {
  if (keyEnv !== null) return { key_source: 'env', key_ref: null, key_env: keyEnv };
  if (secret === null) return { key_source: 'none', key_ref: null, key_env: null };
  const keyRef = `connection:${connectionId}`;
  await vault.set(keyRef, secret);
  const { mode } = await vault.status();
  return { key_source: mode === 'os' ? 'keychain' : 'session', key_ref: keyRef, key_env: null };
}

async function tryConnection(deps: ConnectionsDeps, connectionId: string, signal: AbortSignal) {
  try {
    const { endpoint, provider } = await resolveEndpoint(deps, connectionId);
    const listing = await deps.clients.clientFor(provider.protocol).listModels(endpoint, signal);
    return { test: verdictOf(listing), models: listing.ok ? listing.models : null };
  } catch (error) {
    if (isAppError(error) && error.code === 'CREDENTIAL_MISSING') {
      return { test: verdictWithoutKey(error.message), models: null };
    }
    throw error;
  }
}

/** The practice connections are there from the first start, and again after anything took them away. */
function ensurePracticeConnections({ store, ids }: ConnectionsDeps, now: string): void {
  const missing = SYSTEM_PROVIDER_IDS.filter(isPracticeProvider).filter(
    (name) => findActiveConnectionByName(store.read, { org_id: DEFAULT_ORG_ID, name }) === undefined,
  );
  if (missing.length === 0) return;
  store.write((tx) => {
    for (const name of missing) {
      insertConnection(tx, {
        connection_id: ids.uuid(),
        org_id: DEFAULT_ORG_ID,
        name,
        provider: name,
        base_url: null,
        key_source: 'none',
        key_ref: null,
        key_env: null,
        concurrency: PRACTICE_CONCURRENCY,
        created_at: now,
        ...UNTESTED,
        deleted_at: null,
      });
    }
  });
}
