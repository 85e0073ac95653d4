import { expect, test } from 'vitest';
import { EMPTY_DRAFT, readConfig, readDraftAsTemplate, type Draft } from '../draft';
import { newTool } from '../draft-tools';
import { problemSentence } from './problem-sentence';

const draft: Draft = { ...EMPTY_DRAFT, name: 'Triage', model_id: 'gpt-4o', user_prompt_template: 'Hi' };

function said(changes: Partial<Draft>): string[] {
  const read = readDraftAsTemplate({ ...draft, ...changes }, null);
  return read.ok ? [] : read.problems.map(problemSentence);
}

test.each([
  ['a tool without a name', { tools: [newTool()] }, /^The name of tool 1 /],
  ['the second tool', { tools: [newTool({ name: 'a' }), newTool()] }, /^The name of tool 2 /],
  [
    'parameters of a tool',
    { tools: [newTool({ name: 'a', parameters: '{' })] },
    /^The parameters of tool 1: /,
  ],
  ['a draft without a name', { name: ' ' }, /^Enter a name\.$/],
  ['one without a model', { model_id: '' }, /^Choose a model\.$/],
  [
    'a label that is too long',
    { version_label: 'x'.repeat(101) },
    /^The version label must have at most 100/,
  ],
  ['a wrong country', { country_set: 'Atlantis' }, /^The list of countries/],
  ['parameters that are no JSON', { inference_params: '{' }, /^Parameters: /],
  ['a broken schema', { response_schema: '{"type":"whole"}' }, /^The response schema: /],
])('a problem away from its field says what it is about: %s', (_, changes, sentence) => {
  const sentences = said(changes);
  expect(sentences[0]).toMatch(sentence);
  for (const each of sentences) expect(each).toMatch(/^[A-Z].*[.!?]$/s);
});

test('so does the reason why a draft is not checked for its double', () => {
  const read = readConfig({ ...draft, tools: [newTool()] });
  expect(read.ok ? [] : read.problems.map(problemSentence)).toEqual([
    expect.stringMatching(/^The name of tool 1 .*\.$/) as string,
  ]);
});
