import type { ProviderCall, ProviderClient } from '../../ports';
import { composeRequest, parseAnswer, runCall, whyNotTaken } from '../http';
import type { BuiltRequest } from '../http';
import { whyNoMessagesSearch } from './grounding';
import { listAnthropicModels } from './models';
import { messagesDialect } from './parse';
import { buildMessagesRequest } from './request';
import { enforceable } from './schema-subset';
import { ANTHROPIC_SDK_VARIABLES, anthropicClient } from './sdk';
import { messageText } from './stream';

/** Anthropic's Messages API through its SDK. */
export function createAnthropicClient(): ProviderClient {
  const send = async (
    call: ProviderCall,
    request: BuiltRequest & { readonly ok: true },
    fetch: typeof globalThis.fetch,
  ): Promise<unknown> => {
    const client = await anthropicClient(call.endpoint, fetch, call.timeoutMs);
    const headers = { 'x-client-request-id': call.attemptId, ...request.headers };
    // `messages.create` would warn on each call of a deprecated model, and reject long answers on its own.
    return client.post('/v1/messages', { body: request.body, headers }).asResponse();
  };
  const steps = {
    api: 'anthropic.messages',
    sdkVariables: ANTHROPIC_SDK_VARIABLES,
    build: buildMessagesRequest,
    send,
    textReader: () => messageText,
  } as const;
  return {
    call: (call, observer) => runCall(steps, call, observer),
    compose: (request) => composeRequest(steps, request),
    parse: (answer) => parseAnswer(messagesDialect, answer),
    listModels: listAnthropicModels,
    probeParams: () => ({ max_tokens: 1 }),
    schemaLimits: (schema) => enforceable(schema).limits,
    whyNotTaken: whyNotTaken(buildMessagesRequest),
    whyNoSearch: whyNoMessagesSearch,
  };
}
