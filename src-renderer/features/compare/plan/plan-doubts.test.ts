import { expect, test } from 'vitest';
import { storedTemplate } from '../../../../test/support/stored-template';
import { emptyRows, sameColumns } from './plan-doubts';
import { newTarget } from './plan-store';

const rows = [
  { name: 'Ada', language: '' },
  { name: '', language: '' },
  { name: '', language: 'German' },
  { name: 'Grace', language: 'French' },
];

test.each([
  ['in place of which nothing is sent', ['name', 'language'], [], { asText: 3, byDefault: 0, unknown: 0 }],
  ['that has a default', ['name', 'language'], ['language'], { asText: 2, byDefault: 2, unknown: 0 }],
  ['of which that is not known yet', ['name', 'language'], null, { asText: 0, byDefault: 0, unknown: 3 }],
  ['that the version does not use', ['name'], [], { asText: 2, byDefault: 0, unknown: 0 }],
])('rows are counted that leave a variable empty %s', (_what, variables, optional, counted) => {
  expect(emptyRows(rows, [{ variables, optional }])).toEqual(counted);
});

test('a default in one version is none in another', () => {
  const versions = [
    { variables: ['language'], optional: ['language'] },
    { variables: ['language'], optional: [] },
  ];
  expect(emptyRows(rows, versions)).toEqual({ asText: 2, byDefault: 2, unknown: 0 });
});

const template = { ...storedTemplate({ template_id: 'two' }), prompt_name: 'Mail' };
const earlier = { ...template, template_id: 'one' };
const said = (...targets: Parameters<typeof newTarget>[]) =>
  sameColumns({
    template,
    versions: [earlier],
    targets: targets.map((target) => newTarget(...target)),
  });

test('columns that would ask the same are named, a label and the order of parameters aside', () => {
  expect(said(['c', 'm'], ['c', 'm'])).toEqual(['Columns 1 and 2 are the same.']);
  expect(
    said(
      ['c', 'm', { params: 'effort=low, temperature=0.2' }],
      ['c', ''],
      ['c', ' m ', { params: 'temperature=0.2, effort=low', label: 'production', templateId: 'two' }],
      ['c', 'm', { params: 'effort=low,temperature=0.2' }],
    ),
  ).toEqual(['Columns 1, 3 and 4 are the same.']);
});

test.each([
  ['model', ['c', 'n']],
  ['connection', ['d', 'm']],
  ['version', ['c', 'm', { templateId: 'one' }]],
  ['parameters', ['c', 'm', { params: 'temperature=0.2' }]],
] satisfies [string, Parameters<typeof newTarget>][])(
  'columns of another %s are not the same',
  (_what, other) => {
    expect(said(['c', 'm'], other)).toEqual([]);
  },
);
