import { validationError } from '../../src-shared/domain';
import type { ProviderClients } from '../ports';
import { callRequest } from './call-request';
import type { RunPlan } from './plan';

/**
 * Refuses, before anything is stored or sent, what the protocol or the model has no place for.
 * @throws VALIDATION_FAILED naming the field
 */
export function assertTaken(clients: ProviderClients, plan: RunPlan): void {
  const client = clients.clientFor(plan.endpoint.protocol);
  const problem = client.whyNotTaken(callRequest(plan, () => ''));
  if (problem !== null) throw validationError([problem]);
}
