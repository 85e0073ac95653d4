import { describe, expect, test } from 'vitest';
import { parameterDoubts, parameterProblems, parameterRules, type ParameterRule } from './parameter-rules';
import type { Protocol } from './protocols';

const rulesOf = (protocol: Protocol, model: string, params = {}): ReadonlyMap<string, ParameterRule> =>
  new Map(parameterRules(protocol, model, params).map((rule) => [rule.name, rule]));
const refusal = (protocol: Protocol, model: string, name: string, params = {}) =>
  rulesOf(protocol, model, params).get(name)?.unsupported;
const efforts = (model: string) => {
  const rule = rulesOf('openai_responses', model).get('reasoning_effort');
  return rule?.takes.kind === 'choice' && rule.unsupported === null ? rule.takes.values : [];
};

/** The table of docs/providers.md#parameters-by-model. */
describe('OpenAI', () => {
  test.each([
    'gpt-3.5-turbo',
    'gpt-4o',
    'GPT-4.1-mini',
    'gpt-5-chat-latest',
    'ft:gpt-4o:acme::x',
    'gpt-4o@status=429',
  ])('%s takes a temperature and has no efforts', (model) => {
    expect(refusal('openai_responses', model, 'temperature')).toBeNull();
    expect(efforts(model)).toEqual([]);
  });
  test.each([
    ['o3', ['low', 'medium', 'high']],
    ['o4-mini', ['low', 'medium', 'high']],
    ['gpt-5', ['minimal', 'low', 'medium', 'high']],
    ['gpt-5-nano-2025-08-07', ['minimal', 'low', 'medium', 'high']],
    ['gpt-6-astra', ['low', 'medium', 'high', 'xhigh', 'max']],
    ['gpt-6.1-sol', ['low', 'medium', 'high', 'xhigh', 'max']],
  ])('%s never takes a temperature; its efforts', (model, values) => {
    expect(refusal('openai_responses', model, 'temperature')).toBe('Reasoning models refuse it.');
    expect(efforts(model)).toEqual(values);
  });
  test.each([
    ['gpt-5.1', ['none', 'low', 'medium', 'high']],
    ['gpt-5.4-mini', ['none', 'low', 'medium', 'high', 'xhigh']],
    ['gpt-5.6', ['none', 'low', 'medium', 'high', 'xhigh', 'max']],
    ['gpt-6-luna', ['none', 'low', 'medium', 'high', 'xhigh', 'max']],
  ])('%s takes a temperature with effort “none” only; its efforts', (model, values) => {
    expect(refusal('openai_responses', model, 'temperature')).toMatch(/effort “none”/);
    expect(refusal('openai_responses', model, 'temperature', { reasoning_effort: 'none' })).toBeNull();
    expect(efforts(model)).toEqual(values);
  });
  test('of a compatible server’s models nothing is refused', () => {
    const rules = parameterRules('openai_chat', 'llama3.2:3b');
    expect(rules.flatMap(({ unsupported }) => unsupported ?? [])).toEqual([]);
  });
  test('what only chat completions have is refused for Responses', () => {
    expect(refusal('openai_responses', 'gpt-4o', 'seed')).toMatch(/Responses/);
    expect(refusal('openai_chat', 'gpt-4o', 'seed')).toBeNull();
    expect(refusal('openai_chat', 'gpt-5', 'presence_penalty')).toMatch(/Reasoning/);
  });
});

test.each([
  ['anthropic', 'claude-opus-4-6', null],
  ['anthropic', 'claude-opus-4-7', 'Claude refuses it from version 4.7 on.'],
  ['anthropic', 'claude-opus-5-5', 'Claude refuses it from version 4.7 on.'],
  ['gemini', 'gemini-3.5-flash', null],
  ['gemini', 'gemini-3.6-flash', 'Gemini ignores it from version 3.6 on.'],
  ['gemini', 'gemini-4-argon', 'Gemini ignores it from version 3.6 on.'],
  ['gemini', 'gemma-3', null],
] as const)('a temperature at %s, %s', (protocol, model, reason) => {
  expect(refusal(protocol, model, 'temperature')).toBe(reason);
});

describe('values', () => {
  const problems = (params: object, protocol: Protocol = 'openai_responses', model = 'gpt-4o') =>
    parameterProblems({ ...params }, parameterRules(protocol, model));

  test.each([
    [{ temperature: 3 }, 'inference_params.temperature', 'must be a number from 0 to 2'],
    [{ temperature: '0.2' }, 'inference_params.temperature', 'must be a number'],
    [{ max_tokens: 'many' }, 'inference_params.max_tokens', 'must be a whole number'],
    [
      { max_completion_tokens: 0 },
      'inference_params.max_completion_tokens',
      'must be a whole number from 1 on',
    ],
    [{ maxOutputTokens: 1.5 }, 'inference_params.maxOutputTokens', 'must be a whole number'],
    [{ stop: [1] }, 'inference_params.stop', 'must be a text or a list of texts'],
    [
      { reasoning_effort: 'huge' },
      'inference_params.reasoning_effort',
      expect.stringMatching(/^must be one of /),
    ],
  ])('%j is refused by its own name', (params, path, message) => {
    expect(problems(params)).toEqual([{ path, message }]);
  });
  test('the range is the model’s', () => {
    expect(problems({ temperature: 1.5 })).toEqual([]);
    expect(problems({ temperature: 1.5 }, 'anthropic', 'claude-opus-4-6')).toHaveLength(1);
  });
  test('what is good, absent, null or unknown is none of its business', () => {
    expect(
      problems({ temperature: 0, top_p: 1, max_tokens: 400, stop: ['END'], user: 7, seed: null }),
    ).toEqual([]);
  });
});

describe('a name that is not known', () => {
  test.each([
    ['tempreture', 'temperature'],
    ['topp', 'top_p'],
    ['maxTokens', 'max_tokens'],
    ['max_output_token', 'max_output_tokens'],
    ['reasoning_efort', 'reasoning_effort'],
    ['presense_penalty', 'presence_penalty'],
  ])('%s is in doubt: it is nearly %s', (parameter, meant) => {
    for (const protocol of ['openai_chat', 'openai_responses', 'anthropic', 'gemini'] as const)
      expect(parameterDoubts(protocol, 'm', { [parameter]: 1 })).toEqual([
        { parameter, reason: `It is not a known parameter: did you mean ${meant}?` },
      ]);
  });
  test.each([
    ['user', 'logit_bias', 'thinking', 'verbosity', 'min_p', 'repetition_penalty', 'service_tier'],
    ['reasoning', 'top_a', 'min_tokens', 'max_new_tokens', 'max_input_tokens', 'topK', 'maxOutputTokens'],
  ])('%s, %s, %s, … pass: they are other parameters', (...names) => {
    const params = Object.fromEntries(names.map((name) => [name, 1]));
    expect(parameterDoubts('openai_chat', 'm', params)).toEqual([]);
  });
  test('one that is not given is no slip', () => {
    expect(parameterDoubts('openai_chat', 'm', { tempreture: null })).toEqual([]);
  });
});
