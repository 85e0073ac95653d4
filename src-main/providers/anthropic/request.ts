import { claudeVersion } from '../../../src-shared/domain';
import type { JsonObject, JsonValue } from '../../../src-shared/domain';
import type { CallRequest } from '../../ports';
import {
  asObject,
  builtUnless,
  decidedBySchema,
  decidedByTools,
  joinLists,
  mergeObject,
  providerParams,
} from '../http';
import type { BuiltRequest, ParamRules } from '../http';
import { messagesConversation, messagesTool, messagesToolChoice } from './messages';
import { enforceable } from './schema-subset';

const RULES: ParamRules = {
  reserved: new Set(['model', 'messages', 'system', 'stream']),
  aliases: new Map([
    ['max_output_tokens', 'max_tokens'],
    ['max_completion_tokens', 'max_tokens'],
    ['stop', 'stop_sequences'],
  ]),
};

/** The API requires a limit; this one suffices for most answers, and every model accepts it. */
const DEFAULT_MAX_TOKENS = 4096;

/** The last API version with sampling parameters (docs/providers.md#anthropic-messages). */
const SAMPLING_VERSION = '2023-06-01';
const SAMPLING_PARAMS = ['temperature', 'top_p', 'top_k'];
const LAST_SAMPLING_CLAUDE = 4.6;

/** The body of POST /v1/messages, and the API version if it differs from the SDK's. */
export function buildMessagesRequest(call: CallRequest): BuiltRequest {
  return builtUnless(() => messagesRequest(call));
}

function messagesRequest(call: CallRequest): BuiltRequest {
  const sorted = providerParams(call.inferenceParams, RULES);
  if (!sorted.ok) return sorted;
  const {
    reasoning_effort: effort,
    output_config,
    tools,
    stop_sequences,
    max_tokens,
    ...params
  } = sorted.params;

  if (call.responseSchema !== null && 'format' in asObject(output_config))
    return decidedBySchema('output_config.format');

  if (call.tools.length > 0 && 'tool_choice' in params) return decidedByTools('tool_choice');

  const { system, messages } = messagesConversation(call);
  const body: JsonObject = { model: call.modelId, max_tokens: max_tokens ?? DEFAULT_MAX_TOKENS };
  if (system !== null) body['system'] = system;
  body['messages'] = messages;
  if (call.stream) body['stream'] = true;
  Object.assign(body, params);
  // `stop` may be a single text elsewhere; here it is a list.
  if (stop_sequences !== undefined)
    body['stop_sequences'] = typeof stop_sequences === 'string' ? [stop_sequences] : stop_sequences;
  // The Messages API has one way to constrain an answer; a server that lacks it is sent none.
  const enforced = call.endpoint.dialect.responseFormat === 'json_schema' ? call.responseSchema : null;
  const output = outputConfig(effort, enforced);
  if (output !== null) body['output_config'] = mergeObject(output_config, output);
  else if (output_config !== undefined) body['output_config'] = output_config;
  const allTools = joinLists(tools, [...call.tools.map(messagesTool), ...(call.search ? [WEB_SEARCH] : [])]);
  if (allTools !== undefined) body['tools'] = allTools;
  if (call.toolChoice !== null) body['tool_choice'] = messagesToolChoice(call.toolChoice);

  if (!needsSamplingVersion(call.modelId, params)) return { ok: true, body };
  return {
    ok: true,
    body,
    headers: { 'anthropic-version': SAMPLING_VERSION },
    notes: [['x-prompter-anthropic-version', SAMPLING_VERSION]],
  };
}

/** The plain search tool: later versions filter results with code, which would hide evidence. */
const WEB_SEARCH: JsonObject = { type: 'web_search_20250305', name: 'web_search' };

function outputConfig(effort: JsonValue | undefined, schema: JsonObject | null): JsonObject | null {
  const config: JsonObject = {};
  if (effort !== undefined) config['effort'] = effort;
  if (schema !== null) config['format'] = { type: 'json_schema', schema: enforceable(schema).schema };
  return Object.keys(config).length > 0 ? config : null;
}

/** Later models reject sampling parameters under every version: their rejection is shown. */
function needsSamplingVersion(modelId: string, params: JsonObject): boolean {
  if (!SAMPLING_PARAMS.some((name) => name in params)) return false;
  const version = claudeVersion(modelId);
  return version !== null && version <= LAST_SAMPLING_CLAUDE;
}
