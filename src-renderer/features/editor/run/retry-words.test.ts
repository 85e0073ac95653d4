import { expect, test } from 'vitest';
import { retryInWords } from './retry-words';

test.each([
  [null, 'Attempt 2 of at most 4 follows.'],
  [3, 'Attempt 2 of at most 4 in 3 s.'],
  [0, 'Attempt 2 of at most 4 is under way.'],
])('with %s seconds left', (seconds, words) => {
  expect(retryInWords({ attempt: 2, attempts: 4 }, seconds)).toBe(words);
});
