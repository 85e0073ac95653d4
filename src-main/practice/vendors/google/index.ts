import type { Vendor } from '../../exchange';
import { geminiError, geminiStatusFault, refuseGoogleKey } from './errors';
import { answerGenerate, answerStreamGenerate } from './generate';
import { geminiModel, geminiModelList } from './model-list';

export const google: Vendor = {
  tone: 'chatty',
  ownsPath: (path) => path.startsWith('/v1beta/') || /:(generate|streamGenerate)Content$/.test(path),
  isCaller: (headers, query) => 'x-goog-api-key' in headers || /(^|&)(key|pageSize|pageToken)=/.test(query),
  operationOf(rest) {
    const call = /^models\/(.+):(generateContent|streamGenerateContent)$/.exec(rest);
    if (call === null) return undefined;
    return { model: call[1], answer: call[2] === 'generateContent' ? answerGenerate : answerStreamGenerate };
  },
  listModels: geminiModelList,
  getModel: geminiModel,
  headers: () => ({ 'x-gemini-service-tier': 'standard' }),
  refuseKey: refuseGoogleKey,
  refuseVersion: () => undefined,
  statusFault: geminiStatusFault,
  badRequest: (_exchange, message) => geminiError(400, message),
  notJson: 'Invalid JSON payload received. Unexpected token.',
  tooLarge: () => geminiError(413, 'Request payload size exceeds the limit: 33554432 bytes.'),
  unknownPath: ({ path }) => geminiError(404, `The requested URL ${path} was not found on this server.`),
};
