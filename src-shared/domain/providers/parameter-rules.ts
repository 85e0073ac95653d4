import type { FieldProblem } from '../errors';
import type { JsonObject, JsonValue } from '../json/json-value';
import { nearestOf } from '../json/strict-object';
import { claudeVersion, isOpenAiReasoningModel, modelName } from './model-family';
import { openAiEfforts } from './openai-efforts';
import type { Protocol } from './protocols';
import { splitPracticeModel } from './provider';

/** What one parameter takes at a model (docs/providers.md#parameters-by-model). */
export interface ParameterRule {
  /** As templates write it; adapters translate it. */
  readonly name: string;
  /** Other vendors' names for it, which are read as well. */
  readonly aliases: readonly string[];
  readonly label: string;
  readonly takes:
    | { readonly kind: 'number' | 'integer'; readonly min: number; readonly max: number | null }
    | { readonly kind: 'choice'; readonly values: readonly string[] }
    | { readonly kind: 'texts' };
  /** Why this model does not take it; null where it does, or where nothing is known. */
  readonly unsupported: string | null;
}

const NAMES = {
  temperature: { label: 'Temperature', aliases: [] },
  top_p: { label: 'Top P', aliases: ['topP'] },
  top_k: { label: 'Top K', aliases: ['topK'] },
  max_tokens: {
    label: 'Output limit, tokens',
    aliases: ['max_output_tokens', 'max_completion_tokens', 'maxOutputTokens'],
  },
  reasoning_effort: { label: 'Reasoning effort', aliases: [] },
  stop: { label: 'Stop texts', aliases: ['stop_sequences', 'stopSequences'] },
  seed: { label: 'Seed', aliases: [] },
  presence_penalty: { label: 'Presence penalty', aliases: ['presencePenalty'] },
  frequency_penalty: { label: 'Frequency penalty', aliases: ['frequencyPenalty'] },
} as const;
type ParameterName = keyof typeof NAMES;

/** What servers call other parameters, where a name is near one of ours: no slip of the finger. */
const OTHERS: ReadonlySet<string> = new Set([
  'max_input_tokens',
  'max_new_tokens',
  'max_prompt_tokens',
  'min_tokens',
  'reasoning',
  'reasoning_format',
  'speed',
  'temperature_last',
  'top_a',
]);

/** How people write a parameter, and what it is called in a request. */
const SHORTHANDS: Readonly<Record<string, ParameterName>> = { effort: 'reasoning_effort' };

/** The name that a request has for a parameter as people write it. */
export function parameterName(written: string): string {
  return Object.hasOwn(SHORTHANDS, written) ? (SHORTHANDS[written] ?? written) : written;
}

/** The short name of a parameter, where it has one, for headings. */
export function shortParameterName(name: string): string {
  return Object.entries(SHORTHANDS).find(([, full]) => full === name)?.[0] ?? name;
}

function rule(
  name: ParameterName,
  takes: ParameterRule['takes'],
  unsupported: string | null = null,
): ParameterRule {
  return { name, ...NAMES[name], takes, unsupported };
}

const number = (min: number, max: number) => ({ kind: 'number', min, max }) as const;
const integer = (min: number, max: number | null = null) => ({ kind: 'integer', min, max }) as const;
const choice = (values: readonly string[]) => ({ kind: 'choice', values }) as const;
const TEXTS = { kind: 'texts' } as const;

/** The parameters that are asked for most, in the order of the form; others are written as JSON. */
export function parameterRules(
  protocol: Protocol,
  modelId: string,
  params: JsonObject = {},
): readonly ParameterRule[] {
  const { id } = splitPracticeModel(modelName(modelId));
  return (RULES[protocol] ?? anyRules)(id, params);
}

type Rules = (id: string, params: JsonObject) => ParameterRule[];

/** By what is known of a protocol's models; of others, no parameter is refused. */
const RULES: Partial<Record<Protocol, Rules>> = {
  openai_responses: (id, params) => openAiRules('openai_responses', id, params),
  openai_chat: (id, params) => openAiRules('openai_chat', id, params),
  anthropic: claudeRules,
  gemini: geminiRules,
};

function anyRules(): ParameterRule[] {
  return [
    rule('temperature', number(0, 2)),
    rule('top_p', number(0, 1)),
    rule('max_tokens', integer(1)),
    rule('stop', TEXTS),
  ];
}

function openAiRules(protocol: Protocol, id: string, params: JsonObject): ParameterRule[] {
  const efforts = openAiEfforts(id);
  const sampling = samplingRefusal(id, efforts, params);
  const notHere = protocol === 'openai_responses' ? 'The Responses API has no such parameter.' : null;
  const reasons = isOpenAiReasoningModel(id) ? 'Reasoning models refuse it.' : null;
  return [
    rule('temperature', number(0, 2), sampling),
    rule('top_p', number(0, 1), sampling),
    rule('max_tokens', integer(1)),
    rule(
      'reasoning_effort',
      choice(efforts?.length ? efforts : ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']),
      efforts?.length === 0 && isOpenAiId(id) ? 'This model does not reason.' : null,
    ),
    rule('stop', TEXTS, notHere),
    rule('seed', integer(Number.MIN_SAFE_INTEGER), notHere),
    rule('presence_penalty', number(-2, 2), notHere ?? reasons),
    rule('frequency_penalty', number(-2, 2), notHere ?? reasons),
  ];
}

/** Ids of OpenAI's own models; of a compatible server's, nothing is known. */
function isOpenAiId(id: string): boolean {
  return /^(ft:)?(gpt-(?!oss)|chatgpt-|o\d)/.test(id);
}

function samplingRefusal(id: string, efforts: readonly string[] | null, params: JsonObject): string | null {
  if (!isOpenAiId(id) || efforts?.length === 0) return null;
  if (efforts?.includes('none') !== true) return 'Reasoning models refuse it.';
  return params['reasoning_effort'] === 'none' ? null : 'Needs reasoning effort “none”.';
}

/** The last Claude that takes sampling parameters (docs/providers.md#anthropic-messages). */
const LAST_SAMPLING_CLAUDE = 4.6;

function claudeRules(id: string): ParameterRule[] {
  const version = claudeVersion(id);
  const sampling =
    version !== null && version > LAST_SAMPLING_CLAUDE ? 'Claude refuses it from version 4.7 on.' : null;
  return [
    rule('temperature', number(0, 1), sampling),
    rule('top_p', number(0, 1), sampling),
    rule('top_k', integer(0), sampling),
    rule('max_tokens', integer(1)),
    rule('reasoning_effort', choice(['low', 'medium', 'high', 'xhigh', 'max'])),
    rule('stop', TEXTS),
  ];
}

function geminiRules(id: string): ParameterRule[] {
  const version = Number(/gemini-(\d+(?:\.\d+)?)/.exec(id)?.[1] ?? Number.NaN);
  const sampling = version >= 3.6 ? 'Gemini ignores it from version 3.6 on.' : null;
  return [
    rule('temperature', number(0, 2), sampling),
    rule('top_p', number(0, 1), sampling),
    rule('top_k', integer(1), sampling),
    rule('max_tokens', integer(1)),
    rule(
      'reasoning_effort',
      choice(['minimal', 'low', 'medium', 'high']),
      version < 3 ? 'Gemini takes a thinking level from version 3 on.' : null,
    ),
    rule('stop', TEXTS),
    rule('seed', integer(Number.MIN_SAFE_INTEGER)),
  ];
}

/** The name that a parameter is given under; undefined where it is not given. */
export function givenName({ name, aliases }: ParameterRule, params: JsonObject): string | undefined {
  return [name, ...aliases].find((known) => Object.hasOwn(params, known) && params[known] !== null);
}

/** Values that no provider takes. A parameter that this model does not take is none: another one may. */
export function parameterProblems(params: JsonObject, rules: readonly ParameterRule[]): FieldProblem[] {
  return rules.flatMap((each) => {
    const name = givenName(each, params);
    const value = name === undefined ? undefined : params[name];
    const message = value === undefined ? null : valueProblem(value, each.takes);
    return name === undefined || message === null ? [] : [{ path: `inference_params.${name}`, message }];
  });
}

export interface ParameterDoubt {
  readonly parameter: string;
  readonly reason: string;
}

/** Parameters that a model would refuse or ignore as they are given, as far as is known of it, and names that look misspelt. */
export function parameterDoubts(
  protocol: Protocol,
  modelId: string,
  params: JsonObject,
): readonly ParameterDoubt[] {
  const refused = parameterRules(protocol, modelId, params).flatMap((each) => {
    const parameter = givenName(each, params);
    const value = parameter === undefined ? undefined : params[parameter];
    if (parameter === undefined || value === undefined) return [];
    const problem = valueProblem(value, each.takes);
    const reason = each.unsupported ?? (problem === null ? null : `It ${problem}.`);
    return reason === null ? [] : [{ parameter, reason }];
  });
  return [...refused, ...misspelt(params)];
}

const KNOWN_NAMES: readonly string[] = [
  ...Object.keys(NAMES),
  ...Object.values(NAMES).flatMap(({ aliases }) => aliases),
];

/** Servers have parameters of their own, so that only a name that is nearly a known one is in doubt. */
function misspelt(params: JsonObject): ParameterDoubt[] {
  return Object.entries(params).flatMap(([parameter, value]) => {
    if (value === null || KNOWN_NAMES.includes(parameter) || OTHERS.has(parameter)) return [];
    const meant = nearestOf(parameter, KNOWN_NAMES);
    return meant === null
      ? []
      : [{ parameter, reason: `It is not a known parameter: did you mean ${meant}?` }];
  });
}

function valueProblem(value: JsonValue, takes: ParameterRule['takes']): string | null {
  switch (takes.kind) {
    case 'choice':
      return typeof value === 'string' && takes.values.includes(value)
        ? null
        : `must be one of ${takes.values.join(', ')}`;
    case 'texts':
      return typeof value === 'string' ||
        (Array.isArray(value) && value.every((text) => typeof text === 'string'))
        ? null
        : 'must be a text or a list of texts';
    case 'number':
    case 'integer':
      return numberProblem(value, takes);
  }
}

function numberProblem(
  value: JsonValue,
  { kind, min, max }: Extract<ParameterRule['takes'], { kind: 'number' | 'integer' }>,
): string | null {
  const noun = kind === 'integer' ? 'a whole number' : 'a number';
  if (typeof value !== 'number' || (kind === 'integer' && !Number.isInteger(value))) return `must be ${noun}`;
  if (value >= min && (max === null || value <= max)) return null;
  return max === null
    ? `must be ${noun} from ${String(min)} on`
    : `must be ${noun} from ${String(min)} to ${String(max)}`;
}
