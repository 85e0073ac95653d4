import { openAiEfforts } from '../../../src-shared/domain';
import type { JsonObject, JsonValue, ServerDialect } from '../../../src-shared/domain';
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
import { responsesConversation, responsesTool, responsesToolChoice } from './responses-input';
import { schemaFormat } from './strict-schema';

const RULES: ParamRules = {
  reserved: new Set(['model', 'input', 'instructions', 'stream', 'messages']),
  aliases: new Map([
    ['max_tokens', 'max_output_tokens'],
    ['max_completion_tokens', 'max_output_tokens'],
  ]),
};

/** The body of POST /responses (docs/providers.md#openai-responses). */
export function buildResponsesRequest(call: CallRequest): BuiltRequest {
  return builtUnless(() => responsesRequest(call));
}

function responsesRequest(call: CallRequest): BuiltRequest {
  const sorted = providerParams(call.inferenceParams, RULES);
  if (!sorted.ok) return sorted;
  const { reasoning_effort: effort, reasoning, text, tools, include, ...params } = sorted.params;

  const { responseSchema } = call;
  if (responseSchema !== null && 'format' in asObject(text)) return decidedBySchema('text.format');

  if (call.tools.length > 0 && 'tool_choice' in params) return decidedByTools('tool_choice');

  const { instructions, input } = responsesConversation(call.messages);
  const body: JsonObject = { model: call.modelId };
  if (instructions !== null) body['instructions'] = instructions;
  body['input'] = input;
  // Otherwise the API stores the answer for 30 days; an inference parameter may still ask for that.
  body['store'] = false;
  if (call.stream) body['stream'] = true;
  Object.assign(body, params);
  set(body, 'reasoning', effort === undefined ? reasoning : mergeObject(reasoning, { effort }));
  const format = responseSchema && textFormat(call.endpoint.dialect, responseSchema);
  set(body, 'text', format === null ? text : mergeObject(text, { format }));
  const own = [...call.tools.map(responsesTool), ...(call.search ? [{ type: 'web_search' }] : [])];
  set(body, 'tools', joinLists(tools, own));
  if (call.toolChoice !== null) body['tool_choice'] = responsesToolChoice(call.toolChoice);
  set(body, 'include', joinLists(include, call.search ? SEARCH_EVIDENCE : []));
  return { ok: true, body };
}

/** Without these the answer only says that a search took place, not what it found. */
const SEARCH_EVIDENCE = ['web_search_call.action.sources', 'web_search_call.results'];

function textFormat({ responseFormat }: ServerDialect, schema: JsonObject): JsonObject | null {
  if (responseFormat === 'none') return null;
  return responseFormat === 'json_object'
    ? { type: 'json_object' }
    : { type: 'json_schema', ...schemaFormat(schema) };
}

function set(body: JsonObject, name: string, value: JsonValue | undefined): void {
  if (value !== undefined) body[name] = value;
}

/** The minimum that makes a model answer. The API's own minimum is 16 output tokens. */
export function openAiProbeParams(modelId: string): JsonObject {
  const [effort] = openAiEfforts(modelId) ?? [];
  return { max_tokens: 16, ...(effort !== undefined && { reasoning_effort: effort }) };
}
