import { AppError, type GroundingMode } from '../../src-shared/domain';
import type { ConnectionTarget, ProviderClients } from '../ports';

/**
 * Refuses, before anything is sent, a run that requires grounding from a model that cannot search.
 * @throws GROUNDING_UNSUPPORTED
 */
export function assertCanSearch(
  clients: ProviderClients,
  run: { target: ConnectionTarget; modelId: string; mode: GroundingMode },
): void {
  if (run.mode !== 'required') return;
  const { provider, connectionId } = run.target;
  const why = clients
    .clientFor(provider.protocol)
    .whyNoSearch({ providerId: provider.provider_id, modelId: run.modelId });
  if (why === null) return;
  throw new AppError(
    'GROUNDING_UNSUPPORTED',
    `${why} Grounding is required, so nothing was sent. Choose another model, or set grounding to preferred.`,
    {
      data: {
        connection_id: connectionId,
        provider: provider.provider_id,
        model_id: run.modelId,
        why_not_grounded: why,
      },
    },
  );
}
