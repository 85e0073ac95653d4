import { AppError, isPracticeProvider, timestampOf, validationError } from '../../src-shared/domain';
import type { Connection, ListedFacts } from '../../src-shared/domain';
import type { Clock, Ids, KeyVault, PracticeHost, ProviderClients, ProviderFailure, Service } from '../ports';
import {
  archiveConnection,
  findActiveConnectionByName,
  getConnectionDialect,
  getProvider,
  insertConnection,
  listActiveConnections,
  listModels,
  replaceModels,
  setConnectionDialect,
  setConnectionKey,
  UNTESTED,
} from '../store';
import type { ConnectionRecord, KnownModels, Store } from '../store';
import { editConnection } from './connection-edit';
import { checkedSecret, nameTaken, storeKey, validSecret } from './connection-key';
import {
  activeConnection,
  findConnection,
  providerUnknown,
  readSecret,
  resolveAddress,
  resolveEndpoint,
  withoutSlash,
} from './connection-lookup';
import type { ConnectionQuery, Environment, ResolvedConnection } from './connection-lookup';
import { testConnection } from './connection-test';
import { ensurePracticeConnections, PRACTICE_CONCURRENCY } from './practice-connections';

export interface ConnectionsDeps {
  readonly store: Store;
  readonly vault: KeyVault;
  readonly clients: ProviderClients;
  readonly practice: PracticeHost;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly env: Environment;
  /** What the price list says of a model. */
  listedFacts(providerId: string, modelId: string): ListedFacts;
}

/** The connections API, and what runs need of it. */
export interface Connections extends Service<'connections'> {
  /** @throws NOT_FOUND, NO_CONNECTION, PROVIDER_UNKNOWN, CREDENTIAL_MISSING */
  resolveEndpoint(connectionId: string): Promise<ResolvedConnection>;
  /** The same without its key. @throws NOT_FOUND, NO_CONNECTION, PROVIDER_UNKNOWN */
  resolveAddress(connectionId: string): Promise<ResolvedConnection>;
  /** @throws NOT_FOUND, PROVIDER_UNKNOWN, NO_CONNECTION with what to do */
  findConnection(query: ConnectionQuery): ConnectionRecord;
}

const DEFAULT_CONCURRENCY = 8;

/** Connections and their secrets: a secret goes into the vault, and the API never returns it. */
export function createConnectionsService(given: ConnectionsDeps): Connections {
  const deps: ConnectionsDeps = { ...given, env: { ...given.env } };
  const { store, vault, clients, clock, ids } = deps;
  const now = (): string => timestampOf(clock.now());
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
        store.write((tx) => {
          // While the keychain was busy, another connection may have taken the name.
          if (findActiveConnectionByName(tx, input) !== undefined) throw nameTaken(input.name);
          insertConnection(tx, record);
        });
      } catch (error) {
        if (key.key_ref !== null) await vault.delete(key.key_ref);
        throw error;
      }
      return shown(record);
    },

    update: async (change) => shown(await editConnection(deps, change, now)),

    async test(input, { signal = neverAborted() } = {}) {
      activeConnection(store, input.connection_id);
      return testConnection(deps, input, { signal, testedAt: now() });
    },

    async setSecret({ connection_id, secret }) {
      const record = activeConnection(store, connection_id);
      const key = await storeKey(vault, connection_id, validSecret(secret), null);
      store.write((tx) => setConnectionKey(tx, connection_id, key));
      return shown({ ...record, ...key });
    },

    async setDialect({ connection_id, ...change }) {
      const record = activeConnection(store, connection_id);
      store.write((tx) => setConnectionDialect(tx, connection_id, change));
      return shown(record);
    },

    async archive({ connection_id }) {
      const record = activeConnection(store, connection_id);
      if (isPracticeProvider(record.provider) && record.name === record.provider) {
        throw validationError([
          { path: 'connection_id', message: `"${record.name}" is built in and cannot be removed.` },
        ]);
      }
      const archived = await shown(record);
      // The key goes first: a secret that outlives its connection could not be found again.
      if (record.key_ref !== null) await vault.delete(record.key_ref);
      store.write((tx) => archiveConnection(tx, connection_id, now()));
      return { ...archived, key_available: false, is_default: false };
    },

    async models({ connection_id, refresh }, { signal = neverAborted() } = {}) {
      const { provider: providerId } = activeConnection(store, connection_id);
      const priced = ({ items, fetched_at }: KnownModels) => ({
        items: items.map((model) => ({ ...model, ...deps.listedFacts(providerId, model.model_id) })),
        fetched_at,
      });
      const known = refresh ? null : listModels(store.read, connection_id);
      if (known !== null) return priced(known);
      const { endpoint, provider } = await resolveEndpoint(deps, connection_id);
      const listing = await clients.clientFor(provider.protocol).listModels(endpoint, signal);
      if (!listing.ok) throw listingFailed(connection_id, listing.failure);
      const fetchedAt = now();
      store.write((tx) => replaceModels(tx, connection_id, listing.models, fetchedAt));
      return priced(listModels(store.read, connection_id) ?? { items: [], fetched_at: fetchedAt });
    },

    resolveEndpoint: (connectionId) => resolveEndpoint(deps, connectionId),
    resolveAddress: (connectionId) => resolveAddress(deps, connectionId),
    findConnection: (query) => findConnection(store, query),
  };
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

/** Runs that name no connection use the oldest one of their provider. */
function defaultIds(store: Store): ReadonlySet<string> {
  const oldest = new Map<string, string>();
  for (const { org_id, provider, connection_id } of listActiveConnections(store.read)) {
    const key = `${org_id}\n${provider}`;
    if (!oldest.has(key)) oldest.set(key, connection_id);
  }
  return new Set(oldest.values());
}

/** The 502 for a failed model list, with the usual field names. */
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
