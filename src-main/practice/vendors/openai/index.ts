import type { Vendor } from '../../exchange';
import { answerChat } from './chat';
import { openAiError, openAiStatusFault, refuseOpenAiKey } from './errors';
import { openAiModel, openAiModelList } from './model-list';
import { answerResponses } from './responses';

export const openAi: Vendor = {
  tone: 'terse',
  ownsPath: (path) => path === '/v1/chat/completions' || path === '/v1/responses',
  // The fallback: what no other vendor claims is OpenAI's, as with compatible servers.
  isCaller: () => false,
  operationOf(rest) {
    if (rest === 'chat/completions') return { answer: answerChat };
    return rest === 'responses' ? { answer: answerResponses } : undefined;
  },
  listModels: openAiModelList,
  getModel: openAiModel,
  headers: (exchange) => ({
    'x-request-id': `req_${exchange.digest.slice(0, 32)}`,
    'openai-version': '2020-10-01',
    'openai-organization': 'org-practice',
    'openai-processing-ms': String(Math.round(exchange.faults.latency ?? 0)),
  }),
  refuseKey: refuseOpenAiKey,
  refuseVersion: () => undefined,
  statusFault: openAiStatusFault,
  badRequest: (_exchange, message) => openAiError(400, { message }),
  notJson:
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
  tooLarge: () =>
    openAiError(413, { message: 'The request body is larger than 32 MB.', code: 'request_too_large' }),
  unknownPath: ({ method, path }) => openAiError(404, { message: `Invalid URL (${method} ${path})` }),
};
