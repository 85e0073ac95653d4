import type { Protocol } from '../../src-shared/domain';
import type { ProviderCall } from '../../src-main/ports';
import { buildMessagesRequest } from '../../src-main/providers/anthropic/request';
import { buildGenerateRequest } from '../../src-main/providers/google/request';
import type { BuiltRequest } from '../../src-main/providers/http';
import { buildChatRequest } from '../../src-main/providers/openai/chat-request';
import { buildResponsesRequest } from '../../src-main/providers/openai/responses-request';

interface ProtocolCase {
  /** A model the practice server lists. */
  readonly model: string;
  readonly build: (call: ProviderCall) => BuiltRequest;
}

/** What tests over all protocols need to know about each. */
export const PROTOCOL_CASES: Readonly<Record<Protocol, ProtocolCase>> = {
  openai_responses: { model: 'gpt-4o', build: buildResponsesRequest },
  openai_chat: { model: 'gpt-4o', build: buildChatRequest },
  anthropic: { model: 'claude-opus-5-5', build: buildMessagesRequest },
  gemini: { model: 'gemini-2.0-flash', build: buildGenerateRequest },
};
