import { hash } from 'node:crypto';
import { isAppError, notFound, type ProviderVersion, timestampOf } from '../../src-shared/domain';
import type { ConnectionResolver, Service } from '../ports';
import {
  findCachedVersion,
  getProvider,
  getTemplate,
  listCachedVersions,
  type CachedVersion,
  type Store,
} from '../store';
import type { FindCurrentVersion } from './current';

interface ProviderVersionsDeps {
  readonly store: Store;
  readonly connections: ConnectionResolver;
  readonly current: FindCurrentVersion;
  readonly config: { readonly versionCacheTtlMs: number };
}

/** What is known of a provider's models; probes again if that has expired or the caller insists. */
export function createProviderVersions(deps: ProviderVersionsDeps): Service<'versions'>['ofProvider'] {
  const { store } = deps;
  return async ({ provider_id, force_refresh }) => {
    if (!getProvider(store.read, provider_id)) throw notFound('provider', provider_id);
    const byConnection = Map.groupBy(
      listCachedVersions(store.read, provider_id),
      ({ connection_id }) => connection_id,
    );
    // Models of a connection one at a time: a refresh must not trigger the rate limit itself.
    const items = await Promise.all(
      [...byConnection.values()].map(async (known) => {
        const refreshed: ProviderVersion[] = [];
        for (const cached of known) refreshed.push(await refresh(deps, cached, force_refresh));
        return refreshed;
      }),
    );
    return combined(provider_id, items.flat());
  };
}

async function refresh(
  deps: ProviderVersionsDeps,
  cached: CachedVersion,
  force: boolean,
): Promise<ProviderVersion> {
  const { store } = deps;
  const template = getTemplate(store.read, cached.template_id);
  if (!template) throw new Error(`template ${cached.template_id} is not in the store`);
  try {
    const target = deps.connections.find({
      org_id: template.org_id,
      connection_id: cached.connection_id,
      model_id: cached.model_id,
    });
    const found = await deps.current({ template, target, modelId: cached.model_id, force });
    const now = findCachedVersion(store.read, cached.connection_id, cached.model_id) ?? cached;
    return shown(deps, now, { source: found.source, verified: found.verified, failure: null });
  } catch (error) {
    // One model's failure says nothing about the others.
    if (!isAppError(error)) throw error;
    const failure = { code: error.code, message: error.message };
    return shown(deps, cached, { source: 'cache', verified: false, failure });
  }
}

function shown(
  { config }: ProviderVersionsDeps,
  { version, template_id: _, ...entry }: CachedVersion,
  found: Pick<ProviderVersion, 'source' | 'verified' | 'failure'>,
): ProviderVersion {
  const expires = Date.parse(entry.observed_at) + config.versionCacheTtlMs;
  return { ...entry, ...version, ...found, expires_at_utc: timestampOf(expires) };
}

/** Live if any part is; expires with the part that expires first. */
function combined(provider: string, items: ProviderVersion[]) {
  const expiries = items.map(({ expires_at_utc }) => expires_at_utc).toSorted();
  return {
    provider,
    source: items.some(({ source }) => source === 'live') ? ('live' as const) : ('cache' as const),
    etag: hash('sha256', items.map(({ model_id, etag }) => `${etag} ${model_id}\n`).join('')),
    expires_at_utc: expiries[0] ?? null,
    items,
  };
}
