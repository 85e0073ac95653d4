import type { Protocol } from '../../src-shared/domain';
import type { ProviderClient, ProviderClients } from '../ports';
import { createAnthropicClient } from './anthropic';
import { createCompatibleClient } from './compatible';
import { createGoogleClient } from './google';
import { createEchoGuard } from './http';
import { createOpenAiClient } from './openai';

/** The adapters by wire protocol. Creating them loads no SDK: each loads its own on its first call. */
export function createProviderClients(): ProviderClients {
  const clients: Readonly<Record<Protocol, ProviderClient>> = {
    openai_responses: createOpenAiClient(),
    openai_chat: createCompatibleClient(),
    anthropic: createAnthropicClient(),
    gemini: createGoogleClient(),
  };
  return { clientFor: (protocol) => clients[protocol], echoGuard: createEchoGuard };
}
