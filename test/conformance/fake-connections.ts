import {
  AppError,
  connectionSchema,
  notFound,
  UNKNOWN_DIALECT,
  type Connection,
} from '../../src-shared/domain';
import type { Core } from '../../src-main/ports';

/** Connections in memory; `now` is the time of all that happens to them. */
export function createFakeConnections(now: string): Core['connections'] {
  const connections = new Map<string, Connection>();
  const find = (connectionId: string): Connection => {
    const found = connections.get(connectionId);
    if (found === undefined) throw notFound('connection', connectionId);
    return found;
  };
  const patchConnection = (connectionId: string, change: Partial<Connection>): Connection => {
    const connection = { ...find(connectionId), ...change };
    connections.set(connectionId, connection);
    return connection;
  };

  return {
    list: async () => ({ items: [...connections.values()] }),
    async create(input) {
      if ([...connections.values()].some(({ name }) => name === input.name)) {
        throw new AppError('CONNECTION_NAME_TAKEN', `There is a connection "${input.name}" already.`);
      }
      const connection = connectionSchema.parse({
        connection_id: `connection-${connections.size + 1}`,
        org_id: input.org_id,
        name: input.name,
        provider: input.provider,
        base_url: input.base_url ?? null,
        key_source: 'none',
        key_env: null,
        key_available: true,
        concurrency: input.concurrency ?? 8,
        is_default: false,
        created_at: now,
        last_test_at: null,
        last_test_ok: null,
        last_test_message: null,
        dialect: UNKNOWN_DIALECT,
      });
      connections.set(connection.connection_id, connection);
      return connection;
    },
    update: async ({ connection_id, secret: _, key_env: __, ...change }) =>
      patchConnection(connection_id, { ...change, name: change.name ?? find(connection_id).name }),
    async test({ connection_id }) {
      find(connection_id);
      return {
        ok: true,
        reached: ['network'],
        message: 'Fine',
        models: 0,
        latency_ms: 1,
        trial: null,
        tested_at: now,
      };
    },
    setSecret: async ({ connection_id }) => patchConnection(connection_id, { key_source: 'session' }),
    setDialect: async ({ connection_id: of, ...change }) =>
      patchConnection(of, { dialect: { ...UNKNOWN_DIALECT, ...change } }),
    archive: async ({ connection_id }) => patchConnection(connection_id, { is_default: false }),
    models: async (input) => find(input.connection_id) && { items: [], fetched_at: now },
  };
}
