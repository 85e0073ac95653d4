import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, canonicalTemplateConfig, type TemplateConfigInput } from './index';

const minimal: TemplateConfigInput = { model_id: 'gpt-4o' };

describe('canonicalTemplateConfig', () => {
  test('has exactly the keys of the rule, with its defaults', () => {
    expect(JSON.parse(canonicalTemplateConfig(minimal))).toEqual({
      v: 1,
      system_instructions: '',
      user_prompt_template: '',
      country_set: [],
      provider: null,
      model_id: 'gpt-4o',
      inference_params: {},
      response_schema: null,
      grounding_mode: 'none',
      als: false,
      model_version_constraint: null,
    });
  });

  test('takes null for absent, key by key', () => {
    const nulls: TemplateConfigInput = {
      ...minimal,
      system_instructions: null,
      user_prompt_template: null,
      country_set: null,
      provider: null,
      inference_params: null,
      response_schema: null,
      grounding_mode: null,
      als: null,
      model_version_constraint: null,
    };
    expect(canonicalTemplateConfig(nulls)).toBe(canonicalTemplateConfig(minimal));
  });

  test.each<[string, TemplateConfigInput]>([
    ['system_instructions', { ...minimal, system_instructions: ' ' }],
    ['user_prompt_template', { ...minimal, user_prompt_template: '\n' }],
    ['country_set', { ...minimal, country_set: ['CH'] }],
    ['provider', { ...minimal, provider: 'openai' }],
    ['model_id', { ...minimal, model_id: 'GPT-4o' }],
    ['inference_params', { ...minimal, inference_params: { stop: [null] } }],
    ['response_schema', { ...minimal, response_schema: {} }],
    ['grounding_mode', { ...minimal, grounding_mode: 'preferred' }],
    ['als', { ...minimal, als: true }],
    ['model_version_constraint', { ...minimal, model_version_constraint: 'x' }],
  ])('%s is part of the configuration', (_, changed) => {
    expect(canonicalTemplateConfig(changed)).not.toBe(canonicalTemplateConfig(minimal));
  });

  test('ignores everything else', () => {
    const named = { ...minimal, name: 'A', org_id: 'o', workspace_id: 'w', labels: ['x'], description: 'd' };
    expect(canonicalTemplateConfig(named)).toBe(canonicalTemplateConfig(minimal));
  });

  test('normalises texts, countries, the model id and numbers, and drops null parameters at the top only', () => {
    const untidy = canonicalTemplateConfig({
      system_instructions: 'cafe\u0301\r\n ',
      country_set: ['us', '\u3000CH\u0085', 'Us'],
      model_id: '\u00a0gpt-4o\u0085',
      inference_params: { top_p: null, temperature: 0.7000000001, logit_bias: { a: null } },
    });
    expect(JSON.parse(untidy)).toMatchObject({
      system_instructions: 'café\n ',
      country_set: ['CH', 'US'],
      model_id: 'gpt-4o',
      inference_params: { temperature: 0.7, logit_bias: { a: null } },
    });
  });

  test('keeps __proto__ as a parameter', () => {
    const params: Record<string, unknown> = JSON.parse('{"__proto__":1,"constructor":null}');
    expect(canonicalTemplateConfig({ ...minimal, inference_params: params })).toContain('{"__proto__":1}');
  });

  test('does not depend on the order of keys, countries or parameters', () => {
    const params = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(
        params,
        fc.array(fc.constantFrom('CH', 'US', 'DE', 'FR')),
        (inference_params, country_set) => {
          const reversed = {
            inference_params: Object.fromEntries(Object.entries(inference_params).toReversed()),
            country_set: country_set.toReversed(),
            ...minimal,
          };
          const config = canonicalTemplateConfig({ ...minimal, country_set, inference_params });
          expect(canonicalTemplateConfig(reversed)).toBe(config);
          expect(canonicalJson(config)).toBe(config);
        },
      ),
    );
  });

  test.each<[string, TemplateConfigInput]>([
    ['LONE_SURROGATE', { user_prompt_template: '\ud800' }],
    ['NUMBER_OUT_OF_RANGE', { inference_params: { temperature: Number.POSITIVE_INFINITY } }],
    ['INVALID_JSON', { inference_params: { temperature: undefined } }],
    ['INVALID_JSON', { response_schema: new Date(0) }],
  ])('refuses with %s what has no canonical form', (code, template) => {
    expect(() => canonicalTemplateConfig(template)).toThrow(expect.objectContaining({ code }));
  });
});
