import { useQueries, useQuery } from '@tanstack/react-query';
import type { Connection, ListedModel, Provider } from '../../../src-shared/domain';
import { orpc } from '../../rpc';

/** A model as one connection reaches it. */
export interface ReachedModel extends ListedModel {
  readonly connection: Connection;
}

interface Models {
  readonly models: readonly ReachedModel[];
  /** Providers without a connection. */
  readonly unconnected: readonly Provider[];
  readonly loading: boolean;
  /** Connections whose models could not be listed, by name. */
  readonly failed: readonly string[];
}

/** The models of all connections; asked for once somebody looks, as listing them may call providers. */
export function useModels(enabled: boolean): Models {
  const connections = useQuery(orpc.connections.list.queryOptions({ enabled }));
  const providers = useQuery(orpc.providers.list.queryOptions({ enabled }));
  const usable = (connections.data?.items ?? []).filter(
    ({ key_available, key_source }) => key_available || key_source === 'none',
  );
  const lists = useQueries({
    queries: usable.map(({ connection_id }) =>
      orpc.connections.models.queryOptions({
        input: { connection_id },
        enabled,
        placeholderData: undefined,
        // A server that is not running is no reason to wait.
        retry: false,
      }),
    ),
  });
  const connected = new Set((connections.data?.items ?? []).map(({ provider }) => provider));
  return {
    models: usable.flatMap((connection, index) =>
      (lists[index]?.data?.items ?? []).map((model) => ({ ...model, connection })),
    ),
    unconnected: (providers.data?.items ?? []).filter(
      ({ provider_id, simulated }) => !simulated && !connected.has(provider_id),
    ),
    loading: connections.isPending || lists.some(({ isPending }) => isPending),
    failed: usable.flatMap(({ name }, index) => (lists[index]?.isError ? [name] : [])),
  };
}

/** Whether every word that was typed occurs in the model's id or name, or in its connection's name. */
export function matchesModel({ model_id, display_name, connection }: ReachedModel, typed: string): boolean {
  const text = `${model_id} ${display_name ?? ''} ${connection.name}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
