import { expect, test } from 'vitest';
import { estimateNote, estimatePrefix } from './estimate-words';

test('an estimate by token limits says that it is a bound, and why; any other does not', () => {
  expect(estimatePrefix({ bounded: true })).toBe('at most ≈');
  expect(estimateNote({ bounded: true })).toContain('as long as its token limit');
  expect(estimatePrefix({ bounded: false })).toBe('≈');
  expect(estimateNote({ bounded: false })).toContain('500 tokens');
});
