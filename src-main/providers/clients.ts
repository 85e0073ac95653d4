import type { Protocol, ResponseApi } from '../../src-shared/domain';
import type { ProviderClient, ProviderClients as Adapters } from '../ports';
import { createAnthropicClient } from './anthropic';
import { createCompatibleClient } from './compatible';
import { createGoogleClient } from './google';
import { createEchoGuard } from './http';
import { createOpenAiClient } from './openai';

/** The adapters by wire protocol. Making them loads no SDK: each loads its own at its first call. */
export interface ProviderClients extends Adapters {
  responseApiOf(protocol: Protocol): ResponseApi;
}

const API_OF_PROTOCOL: Readonly<Record<Protocol, ResponseApi>> = {
  openai_responses: 'openai.responses',
  openai_chat: 'openai.chat_completions',
  anthropic: 'anthropic.messages',
  gemini: 'gemini.generate_content',
};

export function createProviderClients(): ProviderClients {
  const clients: Readonly<Record<Protocol, ProviderClient>> = {
    openai_responses: createOpenAiClient(),
    openai_chat: createCompatibleClient(),
    anthropic: createAnthropicClient(),
    gemini: createGoogleClient(),
  };
  return {
    clientFor: (protocol) => clients[protocol],
    echoGuard: createEchoGuard,
    responseApiOf: (protocol) => API_OF_PROTOCOL[protocol],
  };
}
