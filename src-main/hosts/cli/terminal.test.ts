import { expect, test } from 'vitest';
import { inert } from './terminal';

test('control characters cannot reach the terminal', () => {
  expect(inert('a\u001b[2Jb\u0007\u009b31m\r\n\tc\u202ed')).toBe(
    'a\\u001b[2Jb\\u0007\\u009b31m\n\tc\\u202ed',
  );
});
