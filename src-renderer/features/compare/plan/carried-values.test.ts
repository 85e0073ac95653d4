import { expect, test } from 'vitest';
import { storedTemplate } from '../../../../test/support/stored-template';
import { carryValues, takeCarriedValues } from '../../../drafts';
import { withCarried } from './carried-values';
import type { Plan } from './plan';

const template = storedTemplate({
  name: 'Mail',
  user_prompt_template: 'To {{ name }}: {% for item in items %}{{ item.id }}{% endfor %}',
  variables: ['name', 'items'],
});
const plan = (inputs: Plan['inputs']) => ({ template, versions: [], targets: [], inputs });

test('what was tried in the editor is the first row of a new comparison', () => {
  expect(withCarried(plan([{}]), { name: 'Ada', items: '[{"id":1}]', gone: 'x' })).toMatchObject({
    inputs: [{ name: 'Ada', items: '[{"id":1}]' }],
    change: { before: null },
  });
});

test('rows that were there stay, and what is added can be taken back', () => {
  const before = [{ name: 'Bob' }, { name: '' }];
  expect(withCarried(plan(before), { name: 'Ada' })).toEqual({
    inputs: [{ name: 'Bob' }, { name: 'Ada' }],
    change: { done: 'Row 2 has the values that you tried in the editor.', before },
  });
});

test('no row is added twice, however its values are stored, and none without a value', () => {
  expect(
    withCarried(plan([{ name: 'Ada', items: [{ id: 1 }] }]), { name: 'Ada', items: '[{"id":1}]' }),
  ).toBeNull();
  expect(withCarried(plan([{}]), { name: '', gone: 'x' })).toBeNull();
});

test('values are carried once, and to the template that they were tried with alone', () => {
  carryValues('a', { name: 'Ada' });
  expect(takeCarriedValues('b')).toBeNull();
  expect(takeCarriedValues('a')).toEqual({ name: 'Ada' });
  expect(takeCarriedValues('a')).toBeNull();
});
