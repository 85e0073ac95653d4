import type { BatchTarget, Connection, Provider } from '../../../src-shared/domain';
import type { PrompterClient } from '../../rpc';
import { usageError } from './failure';

/** A comma that ends a target: before the next name and its colon, before another comma, or at the very end. */
const BETWEEN_TARGETS = /,(?=\s*(?:[\p{L}\p{N}][\p{L}\p{N}._ -]*:|,|$))/u;

/** The targets of `--targets`. Model ids may have commas of their own (`gpt-4o@status=429,retry_after=2`). */
export function splitTargets(texts: readonly string[]): string[] {
  return texts
    .flatMap((text) => text.split(BETWEEN_TARGETS))
    .map((target) => target.trim())
    .filter((target) => target !== '');
}

/** Reads `connection:model` or `provider:model`; a connection's name goes before a provider's id. */
export function parseTarget(
  text: string,
  connections: readonly Pick<Connection, 'connection_id' | 'name'>[],
  providers: readonly Pick<Provider, 'provider_id'>[],
): BatchTarget {
  // Only the first colon separates: model ids have colons of their own (`llama3:8b`).
  const colon = text.indexOf(':');
  const name = text.slice(0, colon).trim();
  const modelId = text.slice(colon + 1).trim();
  if (colon === -1 || name === '' || modelId === '') {
    throw usageError(
      `"${text}" is not a valid target. Use connection:model or provider:model, such as practice-openai:gpt-4o.`,
    );
  }
  const connection = connections.find((candidate) => candidate.name === name);
  if (connection) return { connection_id: connection.connection_id, model_id: modelId };
  if (providers.some(({ provider_id }) => provider_id === name)) return { provider: name, model_id: modelId };
  const known = new Set([...connections.map((one) => one.name), ...providers.map((one) => one.provider_id)]);
  throw usageError(`No connection or provider is named "${name}". Available: ${[...known].join(', ')}.`);
}

export async function resolveTargets(
  client: PrompterClient,
  texts: readonly string[],
): Promise<BatchTarget[]> {
  const [connections, providers] = await Promise.all([client.connections.list(), client.providers.list()]);
  return texts.map((text) => parseTarget(text, connections.items, providers.items));
}

/** A connection by its name or its id. */
export async function findConnection(client: PrompterClient, argument: string): Promise<Connection> {
  const { items } = await client.connections.list();
  const found =
    items.find(({ name }) => name === argument) ??
    items.find(({ connection_id }) => connection_id === argument);
  if (!found) {
    const names = items.map(({ name }) => name).join(', ');
    throw usageError(`No connection is named "${argument}". Available: ${names || 'none'}.`);
  }
  return found;
}
