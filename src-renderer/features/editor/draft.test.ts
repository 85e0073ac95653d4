import { describe, expect, test } from 'vitest';
import { EMPTY_DRAFT, readConfig, readDraftAsTemplate } from './draft';
import { readJsonObject } from './read-json-object';

const draft = { ...EMPTY_DRAFT, name: 'Triage', model_id: 'gpt-4o', user_prompt_template: 'Hi {{ name }}' };

describe('a draft', () => {
  test('with a name and a model is a template', () => {
    const read = readDraftAsTemplate(
      {
        ...draft,
        inference_params: '{"temperature": 0}',
        country_set: 'de, US ',
        fingerprint_allowlist: 'fp_1\n\nfp_2',
      },
      'parent',
    );
    expect(read).toMatchObject({
      ok: true,
      template: {
        name: 'Triage',
        inference_params: { temperature: 0 },
        country_set: ['DE', 'US'],
        fingerprint_allowlist: ['fp_1', 'fp_2'],
        response_schema: null,
        parent_template_id: 'parent',
      },
    });
  });

  test('names all invalid fields at once', () => {
    const read = readDraftAsTemplate({ ...EMPTY_DRAFT, inference_params: '{', response_schema: '[1]' }, null);
    expect(read.ok ? [] : read.problems.map(({ path }) => path).toSorted()).toEqual([
      'inference_params',
      'model_id',
      'name',
      'response_schema',
    ]);
  });

  test('can be checked for duplicates without a name', () => {
    expect(readConfig({ ...draft, name: '' }).ok).toBe(true);
  });
});

test('an empty JSON editor means none; anything but an object is refused', () => {
  expect(readJsonObject('  ')).toEqual({ ok: true, value: null });
  expect(readJsonObject('{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
  for (const source of ['[1]', '3', '"x"', '{', 'null']) expect(readJsonObject(source).ok).toBe(false);
});

test('a JSON editor reads exactly what is written, or says where it cannot', () => {
  expect(readJsonObject('{"seed":\n 12345678901234567890}')).toEqual({
    ok: false,
    message: expect.stringMatching(/^Line 2, column 2: the number 12345678901234567890 cannot be kept/),
  });
  expect(readJsonObject('{"top_p":1,"top_p":0}')).toMatchObject({
    message: expect.stringMatching(/column 12: The key "top_p" is repeated/),
  });
});
