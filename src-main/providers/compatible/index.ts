import type { ProviderClient } from '../../ports';
import { createChatClient } from '../openai';

/**
 * Servers that speak chat completions: Azure's v1 endpoint, Ollama, LM Studio, vLLM, llama.cpp and others. Only the
 * OpenAI folder may use that SDK, so this is its chat client, with probes that such servers accept.
 */
export function createCompatibleClient(): ProviderClient {
  return { ...createChatClient(), probeParams: () => ({ max_tokens: 16 }) };
}
