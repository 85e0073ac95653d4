import type { ProviderCall, ProviderClient } from '../../ports';
import { composeRequest, parseAnswer, runCall, whyNotTaken } from '../http';
import { geminiConversation } from './contents';
import { whyNoGenerateSearch } from './grounding';
import { listGoogleModels } from './models';
import { generateDialect } from './parse';
import { buildGenerateRequest, geminiApiVersion } from './request';
import { schemaLimits } from './schema-limits';
import { GOOGLE_SDK_VARIABLES, googleClient } from './sdk';
import { contentText } from './stream';

/** Gemini's generateContent through Google's SDK. */
export function createGoogleClient(): ProviderClient {
  const send = async (
    call: ProviderCall,
    request: { readonly body: Readonly<Record<string, unknown>> },
    fetch: typeof globalThis.fetch,
  ): Promise<unknown> => {
    const client = await googleClient(call.endpoint, fetch, geminiApiVersion(call.modelId));
    // The SDK's typed options drop fields that they do not list; `extraBody` passes all of them through.
    const { contents: _, ...extraBody } = request.body;
    const parameters = {
      model: call.modelId,
      contents: geminiConversation(call).contents,
      config: {
        // One call is one request: a continued answer would be several, merged.
        automaticContinuation: false,
        httpOptions: { headers: { 'x-client-request-id': call.attemptId }, extraBody },
      },
    };
    return call.stream
      ? client.models.generateContentStream(parameters)
      : client.models.generateContent(parameters);
  };
  const steps = {
    api: 'gemini.generate_content',
    sdkVariables: GOOGLE_SDK_VARIABLES,
    build: buildGenerateRequest,
    send,
    textReader: () => contentText,
  } as const;
  return {
    call: (call, observer) => runCall(steps, call, observer),
    compose: (request) => composeRequest(steps, request),
    parse: (answer) => parseAnswer(generateDialect, answer),
    listModels: listGoogleModels,
    probeParams: () => ({ max_tokens: 16 }),
    schemaLimits,
    whyNotTaken: whyNotTaken(buildGenerateRequest),
    whyNoSearch: whyNoGenerateSearch,
  };
}
