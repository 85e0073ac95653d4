import { serverDialect, UNKNOWN_DIALECT, validationError, type FieldProblem } from '../../src-shared/domain';
import type { CallRequest, ConnectionTarget, ProviderClients } from '../ports';
import type { SentPrompt } from '../templates';
import { callMessages, callRequest, type AskedPlan } from './call-request';

/**
 * Refuses, before anything is stored or sent, what the protocol or the model has no place for.
 * @throws VALIDATION_FAILED naming the field
 */
export function assertTaken(clients: ProviderClients, plan: AskedPlan): void {
  const problem = problemOf(
    clients,
    callRequest(plan, () => ''),
  );
  if (problem !== null) throw validationError([problem]);
}

/** The same for a target of a batch, before there is a plan. @throws VALIDATION_FAILED naming the model and the field */
export function assertTargetTakes(
  clients: ProviderClients,
  { target, modelId, path }: { target: ConnectionTarget; modelId: string; path: string },
  prompt: SentPrompt,
): void {
  const { protocol, provider_id: providerId } = target.provider;
  const problem = problemOf(clients, {
    endpoint: {
      connectionId: target.connectionId,
      providerId,
      protocol,
      baseUrl: '',
      secret: null,
      dialect: serverDialect(UNKNOWN_DIALECT),
    },
    modelId,
    messages: callMessages(prompt.messages, () => ''),
    tools: prompt.tools,
    toolChoice: prompt.tool_choice,
    inferenceParams: {},
    responseSchema: null,
    search: false,
    stream: false,
  });
  if (problem === null) return;
  throw validationError([{ path, message: `${modelId} cannot be sent ${problem.path}: ${problem.message}` }]);
}

function problemOf(clients: ProviderClients, request: CallRequest): FieldProblem | null {
  return clients.clientFor(request.endpoint.protocol).whyNotTaken(request);
}
