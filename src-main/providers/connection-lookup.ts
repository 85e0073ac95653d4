import {
  AppError,
  inferProviders,
  isPracticeProvider,
  notFound,
  protocolRecord,
  serverDialect,
  SYSTEM_PROVIDER_IDS,
} from '../../src-shared/domain';
import type { Protocol, Provider } from '../../src-shared/domain';
import type { CallEndpoint, KeyVault, PracticeHost } from '../ports';
import { getConnection, getConnectionDialect, getProvider, listActiveConnections } from '../store';
import type { ConnectionRecord, Store } from '../store';

/** A copy of the process's environment, unaffected when variables are deleted later. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConnectionQuery {
  readonly org_id: string;
  readonly connection_id?: string | null;
  readonly provider?: string | null;
  readonly model_id: string;
}

export interface ResolvedConnection {
  readonly endpoint: CallEndpoint;
  readonly connection: ConnectionRecord;
  readonly provider: Provider;
}

/**
 * The connection for a run or probe: the one it names, else the oldest of its provider, which is the template's or the
 * one suggested by its model id (docs/interfaces.md#which-connection-a-run-uses).
 * @throws NOT_FOUND, PROVIDER_UNKNOWN, NO_CONNECTION with what to do
 */
export function findConnection(store: Store, query: ConnectionQuery): ConnectionRecord {
  const { connection_id, org_id } = query;
  if (connection_id !== undefined && connection_id !== null)
    return activeConnection(store, connection_id, org_id);
  const candidates = providersFor(query);
  for (const provider of candidates) {
    if (getProvider(store.read, provider) === undefined) throw providerUnknown(provider);
    const oldest = listActiveConnections(store.read, provider).find(
      (connection) => connection.org_id === org_id,
    );
    if (oldest !== undefined) return oldest;
  }
  throw noConnection(query, candidates[0]);
}

/** The 422 for an unknown provider id. */
export function providerUnknown(providerId: string): AppError {
  const message = `There is no provider "${providerId}". Available: ${SYSTEM_PROVIDER_IDS.join(', ')}.`;
  return new AppError('PROVIDER_UNKNOWN', message, { data: { provider: providerId } });
}

function providersFor({ provider, model_id }: ConnectionQuery): readonly string[] {
  return provider === undefined || provider === null ? inferProviders(model_id) : [provider];
}

function noConnection({ model_id }: ConnectionQuery, provider: string | undefined): AppError {
  const message =
    provider === undefined
      ? `The model id "${model_id}" does not say which provider it belongs to: name a provider or a connection.`
      : `There is no connection to the provider "${provider}" for the model "${model_id}". Add one under Providers, or run: prompter connections add NAME --provider ${provider}`;
  return new AppError('NO_CONNECTION', message, { data: { provider: provider ?? null, model_id } });
}

/** @throws NOT_FOUND, also for another organisation's connection; NO_CONNECTION for a removed one */
export function activeConnection(store: Store, connectionId: string, orgId?: string): ConnectionRecord {
  const connection = getConnection(store.read, connectionId);
  if (connection === undefined || (orgId !== undefined && connection.org_id !== orgId)) {
    throw notFound('connection', connectionId);
  }
  if (connection.deleted_at !== null) {
    const message = `The connection "${connection.name}" was removed. Choose another connection.`;
    throw new AppError('NO_CONNECTION', message, { data: { connection_id: connectionId } });
  }
  return connection;
}

export interface ResolveDeps {
  readonly store: Store;
  readonly vault: KeyVault;
  readonly practice: PracticeHost;
  readonly env: Environment;
}

/**
 * A connection ready for calls: address and key.
 * @throws NOT_FOUND, NO_CONNECTION, PROVIDER_UNKNOWN, CREDENTIAL_MISSING
 */
export async function resolveEndpoint(deps: ResolveDeps, connectionId: string): Promise<ResolvedConnection> {
  const { endpoint, connection, provider } = await resolveAddress(deps, connectionId);
  const secret = await secretOf(deps, connection);
  // Like the services it simulates, the practice server wants a key, but accepts any.
  return {
    endpoint: { ...endpoint, secret: secret ?? (provider.simulated ? 'practice' : null) },
    connection,
    provider,
  };
}

/**
 * A connection's address and dialect without its key, which is not even read: for a request that is shown, not sent.
 * @throws NOT_FOUND, NO_CONNECTION, PROVIDER_UNKNOWN
 */
export async function resolveAddress(
  deps: Pick<ResolveDeps, 'store' | 'practice'>,
  connectionId: string,
): Promise<ResolvedConnection> {
  const connection = activeConnection(deps.store, connectionId);
  const provider = getProvider(deps.store.read, connection.provider);
  if (provider === undefined) {
    const message = `The provider "${connection.provider}" of the connection "${connection.name}" is not known.`;
    throw new AppError('PROVIDER_UNKNOWN', message, { data: { provider: connection.provider } });
  }
  const endpoint: CallEndpoint = {
    connectionId,
    providerId: provider.provider_id,
    protocol: provider.protocol,
    baseUrl: await baseUrlOf(deps.practice, connection, provider),
    secret: null,
    dialect: serverDialect(getConnectionDialect(deps.store.read, connectionId)),
  };
  return { endpoint, connection, provider };
}

async function baseUrlOf(
  practice: PracticeHost,
  connection: ConnectionRecord,
  provider: Provider,
): Promise<string> {
  const own = connection.base_url ?? provider.base_url;
  if (isPracticeProvider(provider.provider_id))
    return practiceUrl(own ?? (await practice.url()), provider.protocol);
  if (own !== null) return withoutSlash(own);
  const message = `The connection "${connection.name}" has no base URL, and ${provider.name} has none of its own.`;
  throw new AppError('NO_CONNECTION', message, { data: { connection_id: connection.connection_id } });
}

/** The practice server speaks each protocol under its own path, which is added to the server's root URL. */
function practiceUrl(url: string, protocol: Protocol): string {
  const base = withoutSlash(url);
  const { vendor, base: path } = protocolRecord(protocol).practice;
  return new URL(base).pathname === '/' ? `${base}/${vendor}${path}` : base;
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

async function secretOf({ vault, env }: ResolveDeps, connection: ConnectionRecord): Promise<string | null> {
  if (connection.key_source === 'none') return null;
  const secret = await readSecret(vault, env, connection);
  if (secret !== null) return secret;
  throw new AppError('CREDENTIAL_MISSING', missingKey(connection), {
    data: {
      connection_id: connection.connection_id,
      key_source: connection.key_source,
      key_env: connection.key_env,
    },
  });
}

/** The connection's secret, or null if it is unavailable now. */
export async function readSecret(
  vault: KeyVault,
  env: Environment,
  connection: Pick<ConnectionRecord, 'key_source' | 'key_ref' | 'key_env'>,
): Promise<string | null> {
  if (connection.key_source === 'env') return usableKey(env[connection.key_env ?? '']);
  return connection.key_ref === null ? null : usableKey(await vault.get(connection.key_ref));
}

/** Trims pasted white space. A key travels in a header, so it must be visible ASCII. */
export function usableKey(text: string | null | undefined): string | null {
  const key = text?.trim() ?? '';
  return /^[\x21-\x7e]+$/.test(key) ? key : null;
}

function missingKey({ name, key_source, key_env }: ConnectionRecord): string {
  switch (key_source) {
    case 'env':
      return `The connection "${name}" reads its key from the environment variable ${key_env ?? ''}, which is not set or holds no key. Set it where Prompter is started.`;
    case 'session':
      return `The key of the connection "${name}" was kept in memory only and is lost. Enter it again.`;
    case 'keychain':
      return `The keychain did not return the key of the connection "${name}". Unlock the keychain, or enter the key again.`;
    case 'none':
      return `The connection "${name}" has no key.`;
  }
}
