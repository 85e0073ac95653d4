import { AppError, DEFAULT_ORG_ID, notFound } from '../../src-shared/domain';
import type { Service } from '../ports';
import { getProvider, listActiveConnections, listProviders } from '../store';
import type { Store } from '../store';
import type { Connections } from './connections';

export function createProvidersService(deps: {
  readonly store: Store;
  readonly connections: Connections;
}): Service<'providers'> {
  const { store, connections } = deps;
  return {
    list: () => ({ items: listProviders(store.read) }),
    async models({ provider_id, refresh }, call) {
      if (getProvider(store.read, provider_id) === undefined) throw notFound('provider', provider_id);
      const oldest = listActiveConnections(store.read, provider_id).find(
        ({ org_id }) => org_id === DEFAULT_ORG_ID,
      );
      if (oldest === undefined) {
        const message = `There is no connection to the provider "${provider_id}", so its models cannot be listed. Add one first.`;
        throw new AppError('NO_CONNECTION', message, { data: { provider: provider_id } });
      }
      return connections.models({ connection_id: oldest.connection_id, refresh }, call);
    },
  };
}
