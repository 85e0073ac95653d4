import { answerMessages } from '../protocols/anthropic';
import { versionProblem } from '../protocols/anthropic-params';
import type { Exchange, Reply } from '../exchange';
import { answerGenerate } from '../protocols/gemini';
import { answerModel, answerModelList } from '../protocols/model-lists';
import { answerChat } from '../protocols/openai-chat';
import { answerResponses } from '../protocols/openai-responses';
import { anthropicError, geminiError, openAiError, refuseKey, statusFault } from '../protocols/vendor-errors';

/** The vendor's answer to an exchange. Delivery faults (latency, cuts, …) are applied to it afterwards. */
export function answerExchange(exchange: Exchange): Reply {
  const refusal = refuseKey(exchange);
  if (refusal !== undefined) return refusal;
  const { faults } = exchange;
  const status = faults.status ?? (faults.retry_after === undefined ? undefined : 429);
  if (status !== undefined) return statusFault(exchange, status);
  if (exchange.protocol === 'anthropic') {
    const problem = versionProblem(exchange);
    if (problem !== undefined) return problem;
  }
  switch (exchange.operation) {
    case 'chat':
      return answerChat(exchange);
    case 'responses':
      return answerResponses(exchange);
    case 'messages':
      return answerMessages(exchange);
    case 'generate':
    case 'stream-generate':
      return answerGenerate(exchange);
    case 'list-models':
      return answerModelList(exchange);
    case 'get-model':
      return answerModel(exchange);
    case 'unknown':
      return unknownPath(exchange);
  }
}

function unknownPath(exchange: Exchange): Reply {
  switch (exchange.protocol) {
    case 'openai':
      return openAiError(404, { message: `Invalid URL (${exchange.method} ${exchange.path})` });
    case 'anthropic':
      return anthropicError(exchange, 404, 'Not found');
    case 'google':
      return geminiError(404, `The requested URL ${exchange.path} was not found on this server.`);
  }
}
