import type { RecentModel } from './recent-models';
import type { ReachedModel } from './use-models';

/** The connection or the provider that is chosen beside the picker, as far as one is. */
export interface ChosenConnection {
  readonly connection_id?: string | null;
  readonly provider?: string | null;
}

/**
 * The model whose id was typed in full: on the connection in use where that one lists it, else the one picked last,
 * else the first that is listed.
 */
export function exactModel(
  models: readonly ReachedModel[],
  recent: readonly RecentModel[],
  typed: string,
  chosen: ChosenConnection,
): ReachedModel | undefined {
  const named = models.filter(({ model_id }) => model_id === typed);
  return (
    namedOnChosen(named, chosen) ??
    recent.flatMap(
      ({ connection_id, model_id }) =>
        named.find(
          (model) => model.model_id === model_id && model.connection.connection_id === connection_id,
        ) ?? [],
    )[0] ??
    named[0]
  );
}

function namedOnChosen(
  named: readonly ReachedModel[],
  { connection_id = null, provider = null }: ChosenConnection,
): ReachedModel | undefined {
  if (connection_id !== null)
    return named.find(({ connection }) => connection.connection_id === connection_id);
  const ofProvider = named.filter(({ connection }) => connection.provider === provider);
  return ofProvider.find(({ connection }) => connection.is_default) ?? ofProvider[0];
}
