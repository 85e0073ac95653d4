import type { Vendor } from '../../exchange';
import { anthropicError, anthropicRequestId, anthropicStatusFault, refuseAnthropicKey } from './errors';
import { answerMessages } from './messages';
import { claudeModel, claudeModelList } from './model-list';
import { versionProblem } from './params';

export const anthropic: Vendor = {
  tone: 'careful',
  ownsPath: (path) => path === '/v1/messages',
  isCaller: (headers) => 'anthropic-version' in headers,
  operationOf: (rest) => (rest === 'messages' ? { answer: answerMessages } : undefined),
  listModels: claudeModelList,
  getModel: claudeModel,
  headers: (exchange) => ({
    'request-id': anthropicRequestId(exchange),
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
  }),
  refuseKey: refuseAnthropicKey,
  refuseVersion: versionProblem,
  statusFault: anthropicStatusFault,
  badRequest: (exchange, message) => anthropicError(exchange, 400, message),
  notJson: 'The request body is not valid JSON.',
  tooLarge: (exchange) => anthropicError(exchange, 413, 'Request exceeds the maximum size'),
  unknownPath: (exchange) => anthropicError(exchange, 404, 'Not found'),
};
