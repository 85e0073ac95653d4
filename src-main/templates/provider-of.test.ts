import { expect, test } from 'vitest';
import { providerOf } from './provider-of';

const openai = { provider: 'azure-openai', model_id: 'gpt-4o' };
const practice = { provider: 'practice-openai', model_id: 'gpt-4o' };
const open = { provider: null, model_id: 'gpt-4o' };

test.each([
  ['the one asked for', openai, { provider: 'google', model_id: 'gpt-4o' }, 'google'],
  ["the template's for its own model", openai, {}, 'azure-openai'],
  ['also where that model is named again', openai, { model_id: 'gpt-4o' }, 'azure-openai'],
  ["another model's own", openai, { model_id: 'claude-opus-5-5' }, undefined],
  ["the template's for a name that says nothing", openai, { model_id: 'our-deployment' }, 'azure-openai'],
  [
    'practice, which no other model leaves by itself',
    practice,
    { model_id: 'gpt-4o-mini' },
    'practice-openai',
  ],
  ["the model's where the template has none", open, { model_id: 'claude-opus-5-5' }, undefined],
])('the provider is %s', (_what, template, asked, expected) => {
  expect(providerOf(template, asked)).toBe(expected);
});
