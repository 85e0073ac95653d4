import { AppError } from '../../src-shared/domain';
import type { ConnectionResolver } from '../ports';
import type { Connections } from '../providers';
import { getProvider, type Store } from '../store';
import type { SecretRegistry } from './secret-registry';

/** Connections as runs need them. Registers every secret for log redaction before it is used. */
export function connectionResolver(
  store: Store,
  connections: Connections,
  secrets: SecretRegistry,
): ConnectionResolver {
  return {
    find(wanted) {
      const record = connections.findConnection(wanted);
      const provider = getProvider(store.read, record.provider);
      if (!provider) throw new AppError('PROVIDER_UNKNOWN', `There is no provider "${record.provider}".`);
      return {
        connectionId: record.connection_id,
        name: record.name,
        provider,
        concurrency: record.concurrency,
      };
    },
    async endpointOf(connectionId) {
      const { endpoint, connection } = await connections.resolveEndpoint(connectionId);
      // A practice connection without a key sends a placeholder, which is not a secret.
      if (connection.key_source !== 'none') secrets.add(endpoint.secret);
      return endpoint;
    },
    addressOf: async (connectionId) => (await connections.resolveAddress(connectionId)).endpoint,
  };
}
