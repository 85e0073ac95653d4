import type { Exchange, Reply } from '../../exchange';
import { claudeFamily } from './model-rules';
import { anthropicError } from './errors';
import { isGiven, isRecord, listOf, numberOf, recordOf, textOf, unknownKey } from '../wire-value';

/** Enforces the rules of POST /v1/messages with Anthropic's own 400s (docs/providers.md#anthropic-messages). */

const FIELDS: ReadonlySet<string> = new Set([
  'max_tokens', 'messages', 'model', 'cache_control', 'container', 'diagnostics', 'inference_geo', 'metadata',
  'output_config', 'service_tier', 'speed', 'stop_sequences', 'stream', 'system', 'thinking', 'tool_choice', 'tools',
  'user_profile_id', 'workspace_id',
]); // prettier-ignore

const SAMPLING = ['temperature', 'top_p', 'top_k'];

const VERSIONS: ReadonlySet<string> = new Set(['2023-01-01', '2023-06-01', '2026-10-21']);
/** From this version on, the API has no sampling parameters. */
const SAMPLING_REMOVED_IN = '2026-10-21';

/** The first problem with the version header, which every path requires. */
export function versionProblem(exchange: Exchange): Reply | undefined {
  const version = textOf(exchange.headers['anthropic-version']);
  if (version === undefined) return anthropicError(exchange, 400, 'anthropic-version: header is required');
  if (VERSIONS.has(version)) return undefined;
  return anthropicError(exchange, 400, `anthropic-version: "${version}" is not a valid version`);
}

/** The first violation in a message request. */
export function messagesProblem(exchange: Exchange): Reply | undefined {
  const text = problemText(exchange);
  return text === undefined ? undefined : anthropicError(exchange, 400, text);
}

function problemText(exchange: Exchange): string | undefined {
  const { body, model, headers } = exchange;
  if (model === '') return 'model: Field required';
  const limit = body['max_tokens'];
  if (!isGiven(limit)) return 'max_tokens: Field required';
  if (!Number.isInteger(limit)) return 'max_tokens: Input should be a valid integer';
  if (typeof limit === 'number' && limit < 1) return 'max_tokens: must be greater than or equal to 1';
  if (!isGiven(body['messages'])) return 'messages: Field required';
  const messages = body['messages'];
  if (!Array.isArray(messages)) return 'messages: Input should be a valid list';
  if (messages.length === 0) return 'messages: at least one message is required';
  for (const [index, message] of messages.entries()) {
    const role = recordOf(message)['role'];
    if (role !== 'user' && role !== 'assistant') {
      return `messages.${index}.role: Input should be 'user' or 'assistant'`;
    }
    if (!isGiven(recordOf(message)['content'])) return `messages.${index}.content: Field required`;
  }
  const withoutSampling = headers['anthropic-version'] === SAMPLING_REMOVED_IN;
  for (const name of SAMPLING) {
    if (withoutSampling && name in body) return `${name}: Extra inputs are not permitted`;
  }
  const { temperature: _, top_p: __, top_k: ___, ...rest } = body;
  const unknown = unknownKey(rest, FIELDS);
  if (unknown !== undefined) return `${unknown}: Extra inputs are not permitted`;
  return samplingProblem(exchange) ?? thinkingProblem(exchange) ?? formatProblem(exchange);
}

function samplingProblem({ body, model }: Exchange): string | undefined {
  for (const name of ['temperature', 'top_p']) {
    const value = body[name];
    if (!isGiven(value)) continue;
    if (typeof value !== 'number') return `${name}: Input should be a valid number`;
    if (value < 0 || value > 1) return `${name}: range: 0..1`;
  }
  const { version } = claudeFamily(model);
  if (version === undefined || version < 4.7) return undefined;
  for (const name of SAMPLING) {
    if (!isGiven(body[name]) || (name === 'temperature' && body[name] === 1)) continue;
    return name === 'temperature'
      ? 'temperature: only 1.0 is supported for this model'
      : `${name}: not supported for this model`;
  }
  return undefined;
}

function thinkingProblem({ body, model }: Exchange): string | undefined {
  const thinking = recordOf(body['thinking']);
  const family = claudeFamily(model);
  if (thinking['type'] === 'enabled') {
    const budget = numberOf(thinking['budget_tokens']);
    if (budget === undefined) return 'thinking.enabled.budget_tokens: Field required';
    if (budget < 1024) return 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024';
    if (budget >= (numberOf(body['max_tokens']) ?? 0)) {
      return '`max_tokens` must be greater than `thinking.budget_tokens`.';
    }
  }
  if (!family.alwaysThinks) return undefined;
  if (thinking['type'] === 'disabled') return 'thinking: this model does not support disabling thinking';
  const choice = recordOf(body['tool_choice'])['type'];
  if (choice === 'any' || choice === 'tool')
    return `tool_choice: "${choice}" is not supported for this model`;
  return undefined;
}

function formatProblem({ body, model }: Exchange): string | undefined {
  const format = recordOf(body['output_config'])['format'];
  if (!isGiven(format)) return undefined;
  const { version } = claudeFamily(model);
  if (version !== undefined && version < 4.5) {
    return 'output_config.format: structured outputs are not supported for this model';
  }
  const { type, schema, ...rest } = recordOf(format);
  if (type !== 'json_schema') return "output_config.format.type: Input should be 'json_schema'";
  // The schema is given directly: no name, no strict wrapper.
  const [extra] = Object.keys(rest);
  if (extra !== undefined) return `output_config.format.${extra}: Extra inputs are not permitted`;
  if (!isRecord(schema)) return 'output_config.format.schema: Field required';
  const problem = schemaProblem(schema, 0);
  return problem === undefined ? undefined : `output_config.format.schema: ${problem}`;
}

/** Keywords outside the subset that the SDK's `transformJSONSchema` keeps. */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  string: ['minLength', 'maxLength'],
  array: ['maxItems', 'uniqueItems'],
};

function schemaProblem(schema: unknown, depth: number): string | undefined {
  if (!isRecord(schema) || depth > 100) return undefined;
  const type = textOf(schema['type']) ?? '';
  if (type === 'object' && schema['additionalProperties'] !== false) {
    return "For 'object' type, 'additionalProperties' must be explicitly set to false";
  }
  const refused = (UNSUPPORTED[type] ?? []).filter((key) => key in schema);
  if (refused.length > 0) return `For '${type}' type, properties ${refused.join(', ')} are not supported`;
  if (type === 'array' && (numberOf(schema['minItems']) ?? 0) > 1) {
    return "For 'array' type, 'minItems' values other than 0 or 1 are not supported";
  }
  const parts = [
    ...Object.values(recordOf(schema['properties'])),
    ...Object.values(recordOf(schema['$defs'])),
    ...listOf(schema['anyOf']),
    ...listOf(schema['allOf']),
    schema['items'],
  ];
  for (const part of parts) {
    const problem = schemaProblem(part, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
