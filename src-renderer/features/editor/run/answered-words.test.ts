import { expect, test } from 'vitest';
import { answeredWords, type AnswerState } from './answered-words';

const same = { isCurrent: true, hasOtherValues: false };

test('only an answer that came to the text on screen is marked as one to it', () => {
  const toneOf = (answer: AnswerState) => answeredWords(answer, same)?.tone;
  expect(toneOf('answered')).toBe('current');
  expect((['running', 'unanswered'] as const).map(toneOf)).toEqual(['none', 'none']);
  expect(answeredWords('unknown', same)).toBeNull();
});

test.each([
  ['running', same, 'Running the text on screen.'],
  ['unanswered', same, 'No answer to the text on screen.'],
  ['unanswered', { isCurrent: true, hasOtherValues: true }, 'No answer to this text with other values.'],
  [
    'unanswered',
    { isCurrent: false, hasOtherValues: false },
    'No answer to another text: yours has changed since.',
  ],
  ['answered', { isCurrent: true, hasOtherValues: true }, 'Answer to this text with other values.'],
  [
    'answered',
    { isCurrent: false, hasOtherValues: false },
    'Answer to another text: yours has changed since.',
  ],
] as const)('%s of %o', (answer, text, words) => {
  expect(answeredWords(answer, text)?.words).toBe(words);
});
