import type { JsonObject, ResponseApi } from '../../../src-shared/domain';
import type { CallEndpoint, CallRequest, ProviderCall, ProviderClient } from '../../ports';
import { composeRequest, parseAnswer, runCall, whyNotTaken } from '../http';
import type { BuiltRequest, CallSteps, Dialect } from '../http';
import { buildChatRequest } from './chat-request';
import { chatDialect, chatText } from './chat-parse';
import { whyNoChatSearch, whyNoResponsesSearch } from './grounding';
import { listOpenAiModels } from './models';
import { buildResponsesRequest, openAiProbeParams } from './responses-request';
import { responsesDialect, responsesTextReader } from './responses-parse';
import { OPENAI_SDK_VARIABLES, openAiClient } from './sdk';
import { strictLimits } from './strict-schema';

interface OpenAiApi {
  readonly api: ResponseApi;
  readonly path: string;
  readonly dialect: Dialect;
  readonly build: (call: CallRequest) => BuiltRequest;
  readonly textReader: CallSteps['textReader'];
  readonly whyNoSearch: ProviderClient['whyNoSearch'];
}

const RESPONSES: OpenAiApi = {
  api: 'openai.responses',
  path: '/responses',
  dialect: responsesDialect,
  build: buildResponsesRequest,
  textReader: responsesTextReader,
  whyNoSearch: whyNoResponsesSearch,
};

const CHAT: OpenAiApi = {
  api: 'openai.chat_completions',
  path: '/chat/completions',
  dialect: chatDialect,
  build: buildChatRequest,
  textReader: () => chatText,
  whyNoSearch: whyNoChatSearch,
};

/** OpenAI itself: the Responses API. */
export function createOpenAiClient(): ProviderClient {
  return clientOf(RESPONSES);
}

/** Chat completions, for servers that speak OpenAI's older API. */
export function createChatClient(): ProviderClient {
  return clientOf(CHAT);
}

function clientOf({ api, path, dialect, build, textReader, whyNoSearch }: OpenAiApi): ProviderClient {
  const send = async (
    call: ProviderCall,
    request: { readonly body: JsonObject },
    fetch: typeof globalThis.fetch,
  ): Promise<unknown> => {
    const client = await openAiClient(call.endpoint, fetch, call.timeoutMs);
    const headers = { 'x-client-request-id': call.attemptId };
    // asResponse: the answer is read from the captured bytes, so the SDK need not parse it too.
    return client.post(path, { body: request.body, headers }).asResponse();
  };
  const steps: CallSteps = { api, sdkVariables: OPENAI_SDK_VARIABLES, build, send, textReader };
  return {
    call: (call, observer) => runCall(steps, call, observer),
    compose: (request) => composeRequest(steps, request),
    parse: (answer) => parseAnswer(dialect, answer),
    listModels: (endpoint: CallEndpoint, signal: AbortSignal) => listOpenAiModels(endpoint, signal),
    probeParams: openAiProbeParams,
    schemaLimits: strictLimits,
    whyNotTaken: whyNotTaken(build),
    whyNoSearch,
  };
}
