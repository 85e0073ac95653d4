import type { Exchange, Reply } from '../../exchange';
import { openAiFamily } from './model-rules';
import { openAiError } from './errors';
import { isGiven, isRecord, listOf, recordOf, textOf, unknownKey } from '../wire-value';
import type { WireRecord } from '../wire-value';

/**
 * Enforces the parameter rules of chat and Responses with OpenAI's own 400s (docs/providers.md#parameters-by-model).
 */

const SHARED = [
  'metadata', 'model', 'moderation', 'parallel_tool_calls', 'prompt_cache_key', 'prompt_cache_options',
  'prompt_cache_retention', 'safety_identifier', 'service_tier', 'store', 'stream', 'stream_options', 'temperature',
  'tool_choice', 'tools', 'top_logprobs', 'top_p', 'user',
]; // prettier-ignore

const CHAT_FIELDS: ReadonlySet<string> = new Set([
  ...SHARED, 'audio', 'frequency_penalty', 'function_call', 'functions', 'logit_bias', 'logprobs',
  'max_completion_tokens', 'max_tokens', 'messages', 'modalities', 'n', 'prediction', 'presence_penalty',
  'reasoning_effort', 'response_format', 'seed', 'stop', 'verbosity', 'web_search_options',
]); // prettier-ignore

const RESPONSES_FIELDS: ReadonlySet<string> = new Set([
  ...SHARED, 'access_programs', 'background', 'context_management', 'conversation', 'image', 'include', 'input',
  'instructions', 'max_output_tokens', 'max_tool_calls', 'previous_response_id', 'prompt', 'reasoning', 'text',
  'truncation',
]); // prettier-ignore

const ROLES: ReadonlySet<unknown> = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);

/** The first violation in a chat request, in OpenAI's words. */
export function chatProblem(exchange: Exchange): Reply | undefined {
  const { body, model } = exchange;
  const common = commonProblem(exchange, CHAT_FIELDS, 'reasoning_effort', textOf(body['reasoning_effort']));
  if (common !== undefined) return common;
  if (!isGiven(body['messages'])) return missing('messages');
  const messages = body['messages'];
  if (!Array.isArray(messages)) return wrongType('messages', 'an array of objects', messages);
  if (messages.length === 0) {
    const message =
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.";
    return openAiError(400, { message, param: 'messages', code: 'empty_array' });
  }
  for (const [index, item] of messages.entries()) {
    const role = recordOf(item)['role'];
    if (ROLES.has(role)) continue;
    return invalidValue(`messages[${index}].role`, role, [...ROLES]);
  }
  const family = openAiFamily(model);
  if (family.responsesOnly) {
    const message = 'This model is only supported in v1/responses and not in v1/chat/completions.';
    return openAiError(404, { message, param: 'model' });
  }
  if (family.reasons) {
    if (isGiven(body['max_tokens'])) {
      return unsupported('max_tokens', " Use 'max_completion_tokens' instead.");
    }
    for (const name of ['presence_penalty', 'frequency_penalty', 'logit_bias']) {
      if (isGiven(body[name])) return unsupported(name);
    }
    if (!family.takesStop && isGiven(body['stop'])) return unsupported('stop');
  }
  if (isGiven(body['n']) && body['n'] !== 1) {
    return unsupportedValue('n', `'n' of the practice provider is always 1.`);
  }
  if (isGiven(body['web_search_options']) && !family.chatSearch) {
    const message = 'Web search options not supported with this model.';
    return openAiError(400, { message, param: 'web_search_options' });
  }
  for (const [index, tool] of listOf(body['tools']).entries()) {
    const type = recordOf(tool)['type'];
    if (type !== 'function' && type !== 'custom')
      return invalidValue(`tools[${index}].type`, type, ['function', 'custom']);
  }
  const format = recordOf(body['response_format']);
  if (format['type'] !== 'json_schema') return undefined;
  const schema = recordOf(format['json_schema']);
  if (textOf(schema['name']) === undefined) return missing('response_format.json_schema.name');
  return schemaProblem(schema, 'response_format', textOf(schema['name']) ?? '');
}

/** The first violation in a Responses request. */
export function responsesProblem(exchange: Exchange): Reply | undefined {
  const { body } = exchange;
  const reasoning = recordOf(body['reasoning']);
  const common = commonProblem(exchange, RESPONSES_FIELDS, 'reasoning.effort', textOf(reasoning['effort']));
  if (common !== undefined) return common;
  const input = body['input'];
  if (!isGiven(input) && !isGiven(body['prompt']) && !isGiven(body['previous_response_id'])) {
    const message =
      "Missing required parameter: one of 'input', 'previous_response_id' or 'prompt' must be provided.";
    return openAiError(400, { message, code: 'missing_required_parameter' });
  }
  if (isGiven(input) && typeof input !== 'string' && !Array.isArray(input)) {
    return wrongType('input', 'one of a string or array of objects', input);
  }
  const format = recordOf(recordOf(body['text'])['format']);
  if (format['type'] !== 'json_schema') return undefined;
  if (textOf(format['name']) === undefined) return missing('text.format.name');
  return schemaProblem(format, 'text.format.schema', textOf(format['name']) ?? '');
}

function commonProblem(
  { body, model }: Exchange,
  fields: ReadonlySet<string>,
  effortName: string,
  effort: string | undefined,
): Reply | undefined {
  if (model === '') return openAiError(400, { message: 'you must provide a model parameter' });
  const unknown = unknownKey(body, fields);
  if (unknown !== undefined) {
    return openAiError(400, {
      message: `Unknown parameter: '${unknown}'.`,
      param: unknown,
      code: 'unknown_parameter',
    });
  }
  const range =
    numberProblem(body, 'temperature', 0, 2) ??
    numberProblem(body, 'top_p', 0, 1) ??
    countProblem(body, 'max_tokens') ??
    countProblem(body, 'max_completion_tokens') ??
    countProblem(body, 'max_output_tokens');
  if (range !== undefined) return range;
  if (isGiven(body['stream']) && typeof body['stream'] !== 'boolean') {
    return wrongType('stream', 'a boolean', body['stream']);
  }

  const family = openAiFamily(model);
  if (effort !== undefined && family.efforts !== undefined && !family.efforts.includes(effort)) {
    if (family.efforts.length === 0) return unsupported(effortName);
    const values = family.efforts.map((value) => `'${value}'`).join(', ');
    const detail = `'${effort}' is not supported with the '${model}' model. Supported values are: ${values}.`;
    return unsupportedValue(effortName, detail);
  }
  const fixed =
    family.temperature === 'never' || (family.temperature === 'with-effort-none' && effort !== 'none');
  if (!fixed) return undefined;
  for (const name of ['temperature', 'top_p']) {
    if (!isGiven(body[name])) continue;
    if (effortName !== 'reasoning_effort' || body[name] === 1) return unsupported(name);
    const detail = `'${name}' does not support ${String(body[name])} with this model. Only the default (1) value is supported.`;
    return unsupportedValue(name, detail);
  }
  return undefined;
}

/** Strict mode accepts only closed objects with every property required. */
function schemaProblem(format: WireRecord, param: string, name: string): Reply | undefined {
  if (!isRecord(format['schema'])) return missing(`${param}.schema`);
  if (format['strict'] !== true) return undefined;
  const problem = strictProblem(format['schema'], [], 0);
  if (problem === undefined) return undefined;
  const message = `Invalid schema for response_format '${name}': ${problem}`;
  return openAiError(400, { message, param, code: 'invalid_json_schema' });
}

function strictProblem(schema: unknown, path: readonly string[], depth: number): string | undefined {
  if (!isRecord(schema) || depth > 100) return undefined;
  const context = `In context=(${path.map((part) => `'${part}'`).join(', ')}),`;
  if (path.length === 0 && schema['type'] !== 'object') {
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${String(schema['type'])}"'.`;
  }
  if (schema['type'] === 'object' || isRecord(schema['properties'])) {
    if (schema['additionalProperties'] !== false) {
      return `${context} 'additionalProperties' is required to be supplied and to be false.`;
    }
    const required = new Set(listOf(schema['required']));
    const absent = Object.keys(recordOf(schema['properties'])).find((key) => !required.has(key));
    if (absent !== undefined) {
      return `${context} 'required' is required to be supplied and to be an array including every key in properties. Missing '${absent}'.`;
    }
  }
  for (const key of ['properties', '$defs', 'definitions']) {
    for (const [name, part] of Object.entries(recordOf(schema[key]))) {
      const problem = strictProblem(part, [...path, key, name], depth + 1);
      if (problem !== undefined) return problem;
    }
  }
  for (const [index, part] of listOf(schema['anyOf']).entries()) {
    const problem = strictProblem(part, [...path, 'anyOf', String(index)], depth + 1);
    if (problem !== undefined) return problem;
  }
  return strictProblem(schema['items'], [...path, 'items'], depth + 1);
}

function numberProblem(body: WireRecord, name: string, low: number, high: number): Reply | undefined {
  const value = body[name];
  if (!isGiven(value)) return undefined;
  if (typeof value !== 'number') return wrongType(name, 'a decimal', value);
  if (value >= low && value <= high) return undefined;
  const [word, code] =
    value < low ? [`>= ${low}`, 'decimal_below_min_value'] : [`<= ${high}`, 'decimal_above_max_value'];
  const message = `Invalid '${name}': decimal ${value < low ? 'below minimum' : 'above maximum'} value. Expected a value ${word}, but got ${value} instead.`;
  return openAiError(400, { message, param: name, code });
}

function countProblem(body: WireRecord, name: string): Reply | undefined {
  const value = body[name];
  if (!isGiven(value)) return undefined;
  if (!Number.isInteger(value)) return wrongType(name, 'an integer', value);
  if (typeof value === 'number' && value >= 1) return undefined;
  const message = `Invalid '${name}': integer below minimum value. Expected a value >= 1, but got ${String(value)} instead.`;
  return openAiError(400, { message, param: name, code: 'integer_below_min_value' });
}

function missing(param: string): Reply {
  const message = `Missing required parameter: '${param}'.`;
  return openAiError(400, { message, param, code: 'missing_required_parameter' });
}

function unsupported(param: string, advice = ''): Reply {
  const message = `Unsupported parameter: '${param}' is not supported with this model.${advice}`;
  return openAiError(400, { message, param, code: 'unsupported_parameter' });
}

function unsupportedValue(param: string, detail: string): Reply {
  return openAiError(400, { message: `Unsupported value: ${detail}`, param, code: 'unsupported_value' });
}

function wrongType(param: string, expected: string, value: unknown): Reply {
  const got = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
  const message = `Invalid type for '${param}': expected ${expected}, but got ${got} instead.`;
  return openAiError(400, { message, param, code: 'invalid_type' });
}

function invalidValue(param: string, value: unknown, allowed: readonly unknown[]): Reply {
  const values = allowed.map((word) => `'${String(word)}'`).join(', ');
  const message = `Invalid value: '${String(value)}'. Supported values are: ${values}.`;
  return openAiError(400, { message, param, code: 'invalid_value' });
}
