import { modelName, type JsonObject, type JsonValue } from '../../../src-shared/domain';
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
import { geminiCallingConfig, geminiConversation, geminiFunction } from './contents';

const RULES: ParamRules = {
  reserved: new Set(['model', 'contents', 'systemInstruction', 'stream', 'messages', 'system']),
  aliases: new Map([
    ['max_tokens', 'maxOutputTokens'],
    ['max_output_tokens', 'maxOutputTokens'],
    ['max_completion_tokens', 'maxOutputTokens'],
    ['top_p', 'topP'],
    ['top_k', 'topK'],
    ['stop', 'stopSequences'],
    ['stop_sequences', 'stopSequences'],
    ['presence_penalty', 'presencePenalty'],
    ['frequency_penalty', 'frequencyPenalty'],
  ]),
};

/** Top-level fields; every other parameter belongs in `generationConfig`. */
const TOP_LEVEL = new Set([
  'tools',
  'toolConfig',
  'safetySettings',
  'cachedContent',
  'labels',
  'serviceTier',
  'store',
  'continuationToken',
]);

/** The body of :generateContent (docs/providers.md#gemini-generatecontent). */
export function buildGenerateRequest(call: CallRequest): BuiltRequest {
  return builtUnless(() => generateRequest(call));
}

function generateRequest(call: CallRequest): BuiltRequest {
  const sorted = providerParams(call.inferenceParams, RULES);
  if (!sorted.ok) return sorted;
  const { reasoning_effort: effort, generationConfig, tools, ...params } = sorted.params;

  const { toolConfig } = params;
  if (call.tools.length > 0 && 'functionCallingConfig' in asObject(toolConfig))
    return decidedByTools('toolConfig.functionCallingConfig');

  const { system, contents } = geminiConversation(call);
  const body: JsonObject = { contents: contents.map(({ role, parts }) => ({ role, parts })) };
  if (system.length > 0)
    body['systemInstruction'] = { role: 'user', parts: system.map((text) => ({ text })) };
  const config: JsonObject = {};
  for (const [name, value] of Object.entries(params)) {
    if (TOP_LEVEL.has(name)) body[name] = value;
    else config[name] = name === 'stopSequences' && typeof value === 'string' ? [value] : value;
  }
  if (effort !== undefined)
    config['thinkingConfig'] = mergeObject(config['thinkingConfig'], { thinkingLevel: level(effort) });
  if (call.responseSchema !== null) {
    const other = SCHEMA_FIELDS.find((name) => name in config || name in asObject(generationConfig));
    if (other !== undefined) return decidedBySchema(other);
    const { responseFormat } = call.endpoint.dialect;
    if (responseFormat !== 'none') config['responseMimeType'] = 'application/json';
    // responseSchema would lose additionalProperties.
    if (responseFormat === 'json_schema') config['responseJsonSchema'] = call.responseSchema;
  }
  const functionDeclarations = call.tools.map(geminiFunction);
  const allTools = joinLists(tools, [
    ...(functionDeclarations.length > 0 ? [{ functionDeclarations }] : []),
    ...(call.search ? [{ googleSearch: {} }] : []),
  ]);
  if (allTools !== undefined) body['tools'] = allTools;
  if (call.toolChoice !== null)
    body['toolConfig'] = mergeObject(toolConfig, {
      functionCallingConfig: geminiCallingConfig(call.toolChoice),
    });
  if (generationConfig !== undefined) body['generationConfig'] = mergeObject(generationConfig, config);
  else if (Object.keys(config).length > 0) body['generationConfig'] = config;
  return { ok: true, body };
}

const SCHEMA_FIELDS = ['responseMimeType', 'responseSchema', 'responseJsonSchema'];

/** The API wants thinking levels in upper case. */
function level(effort: JsonValue): JsonValue {
  return typeof effort === 'string' ? effort.toUpperCase() : effort;
}

/** The `-latest` aliases exist only in the beta version. */
export function geminiApiVersion(modelId: string): 'v1' | 'v1beta' {
  return modelName(modelId).replace(/@.*$/, '').endsWith('-latest') ? 'v1beta' : 'v1';
}
