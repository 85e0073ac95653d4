import * as fc from 'fast-check';
import { applyPatch, type Operation } from 'rfc6902';
import { describe, expect, test } from 'vitest';
import { canonicalTemplateConfig, type TemplateConfigInput } from '../../src-shared/domain/canonical';
import { diffTemplateConfigs } from './config-diff';

// What a patch is applied with here leaves out the keys that reach prototypes; the diff itself names them.
const keys = fc
  .oneof(fc.constantFrom('a', 'b', 'c', 'a/b', '~', '~1', ''), fc.string({ maxLength: 3 }))
  .filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key));
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, 0, 1, 1.5, 'x', 'y'),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
  ),
}));
const configs: fc.Arbitrary<TemplateConfigInput> = fc.record({
  user_prompt_template: fc.constantFrom('', 'a', 'b'),
  country_set: fc.array(fc.constantFrom('CH', 'US', 'DE', 'FR', 'AT')),
  model_id: fc.constantFrom('m', 'n'),
  inference_params: fc.dictionary(keys, json),
  response_schema: json,
});

function configOf(template: TemplateConfigInput): unknown {
  return JSON.parse(canonicalTemplateConfig(template));
}

function patched(a: TemplateConfigInput, b: TemplateConfigInput): unknown {
  const config = configOf(a);
  const asSent: Operation[] = JSON.parse(JSON.stringify(diffTemplateConfigs(a, b)));
  expect(applyPatch(config, asSent).filter((problem) => problem !== null)).toEqual([]);
  return config;
}

function schema(...titles: string[]): TemplateConfigInput {
  return { response_schema: { anyOf: titles.map((title) => ({ title })) } };
}

describe('diffTemplateConfigs', () => {
  test('applied to the first configuration, it yields the second', () => {
    fc.assert(
      fc.property(configs, configs, (a, b) => {
        expect(patched(a, b)).toEqual(configOf(b));
      }),
      { numRuns: 1_000 },
    );
  });

  test('is empty exactly for duplicates', () => {
    fc.assert(
      fc.property(configs, configs, (a, b) => {
        const areDuplicates = canonicalTemplateConfig(a) === canonicalTemplateConfig(b);
        expect(diffTemplateConfigs(a, b).length === 0).toBe(areDuplicates);
        expect(diffTemplateConfigs(a, a)).toEqual([]);
      }),
    );
  });

  test('says in few operations what a person changed', () => {
    const a = {
      model_id: 'm',
      country_set: ['CH', 'DE', 'US'],
      inference_params: { temperature: 0.7, top_p: 1 },
    };
    const b = {
      model_id: 'm',
      country_set: ['us', 'AT', 'de'],
      inference_params: { temperature: 0.8, top_p: 1.0 },
    };
    expect(diffTemplateConfigs(a, b)).toEqual([
      { op: 'replace', path: '/country_set/0', value: 'AT' },
      { op: 'replace', path: '/inference_params/temperature', value: 0.8 },
    ]);
    expect(diffTemplateConfigs(schema('a', 'b', 'c'), schema('a', 'x', 'b', 'c'))).toEqual([
      { op: 'add', path: '/response_schema/anyOf/1', value: { title: 'x' } },
    ]);
    expect(diffTemplateConfigs(schema('a', 'a'), schema('a', 'a', 'a'))).toEqual([
      { op: 'add', path: '/response_schema/anyOf/2', value: { title: 'a' } },
    ]);
    expect(diffTemplateConfigs(schema('a', 'b', 'c'), schema('a', 'd'))).toEqual([
      { op: 'replace', path: '/response_schema/anyOf/1/title', value: 'd' },
      { op: 'remove', path: '/response_schema/anyOf/2' },
    ]);
  });

  test('names keys that are special to JavaScript or to a pointer', () => {
    const b: TemplateConfigInput = { inference_params: JSON.parse('{"__proto__":1,"a/b~c":2}') };
    expect(diffTemplateConfigs({}, b)).toEqual([
      { op: 'add', path: '/inference_params/__proto__', value: 1 },
      { op: 'add', path: '/inference_params/a~1b~0c', value: 2 },
    ]);
  });

  test('takes lists and objects of many thousand entries', () => {
    const list = Array.from({ length: 150_000 }, (_, index) => index);
    const a = {
      response_schema: { enum: list, nested: [list] },
      inference_params: Object.fromEntries(list.entries()),
    };
    const b = {
      response_schema: { enum: list.toReversed(), nested: [list.slice(10)] },
      inference_params: Object.fromEntries(list.toReversed().entries()),
    };
    expect(diffTemplateConfigs(a, b).length).toBeGreaterThan(300_000);
  });
});
