import { isOpenAiReasoningModel } from '../../../src-shared/domain';
import type { JsonObject } from '../../../src-shared/domain';
import type { CallRequest } from '../../ports';
import {
  builtUnless,
  decidedBySchema,
  decidedByTools,
  joinLists,
  mergeObject,
  providerParams,
} from '../http';
import type { BuiltRequest } from '../http';
import { chatMessages, chatTool, chatToolChoice } from './chat-messages';
import { schemaFormat } from './strict-schema';

const RESERVED = new Set(['model', 'messages', 'stream', 'input', 'instructions']);
const CLASSIC_ALIASES = new Map([['max_output_tokens', 'max_tokens']]);
const REASONING_ALIASES = new Map([
  ['max_tokens', 'max_completion_tokens'],
  ['max_output_tokens', 'max_completion_tokens'],
]);

/**
 * The body of POST /chat/completions, which every compatible server accepts
 * (docs/providers.md#openai-chat-completions).
 */
export function buildChatRequest(call: CallRequest): BuiltRequest {
  return builtUnless(() => chatRequest(call));
}

function chatRequest(call: CallRequest): BuiltRequest {
  const { dialect } = call.endpoint;
  const reasoning = isReasoning(call);
  const aliases = reasoning ? REASONING_ALIASES : CLASSIC_ALIASES;
  const sorted = providerParams(call.inferenceParams, { reserved: RESERVED, aliases });
  if (!sorted.ok) return sorted;
  const { response_format, stream_options, web_search_options, ...params } = sorted.params;

  if (response_format !== undefined && call.responseSchema !== null)
    return decidedBySchema('response_format');

  if (call.tools.length > 0 && 'tool_choice' in params) return decidedByTools('tool_choice');

  const body: JsonObject = {
    model: call.modelId,
    messages: chatMessages(call.messages, reasoning ? 'developer' : 'system'),
  };
  if (call.stream) {
    body['stream'] = true;
    // Without it a stream reports no usage, but some servers reject it.
    if (dialect.streamOptions === 'send')
      body['stream_options'] = mergeObject(stream_options, { include_usage: true });
    else if (stream_options !== undefined) body['stream_options'] = stream_options;
  } else if (stream_options !== undefined) body['stream_options'] = stream_options;
  Object.assign(body, params);
  const tools = joinLists(params['tools'], call.tools.map(chatTool));
  if (tools !== undefined) body['tools'] = tools;
  if (call.toolChoice !== null) body['tool_choice'] = chatToolChoice(call.toolChoice);
  if (response_format !== undefined) body['response_format'] = response_format;
  else if (call.responseSchema !== null && dialect.responseFormat !== 'none')
    body['response_format'] =
      dialect.responseFormat === 'json_object'
        ? { type: 'json_object' }
        : { type: 'json_schema', json_schema: schemaFormat(call.responseSchema) };
  if (web_search_options !== undefined) body['web_search_options'] = web_search_options;
  else if (call.search) body['web_search_options'] = {};
  return { ok: true, body };
}

/** Azure's model field names a deployment, which says nothing about the model. */
function isReasoning(call: CallRequest): boolean {
  return call.endpoint.providerId !== 'azure-openai' && isOpenAiReasoningModel(call.modelId);
}
