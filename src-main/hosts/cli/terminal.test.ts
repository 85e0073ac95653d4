import { expect, test } from 'vitest';
import { inert, jsonLine } from './terminal';

test('control characters cannot reach the terminal', () => {
  expect(inert('a\u001b[2Jb\u0007\u009b31m\r\n\tc\u202ed')).toBe(
    'a\\u001b[2Jb\\u0007\\u009b31m\n\tc\\u202ed',
  );
});

test('nor in JSON, which stays the same JSON', () => {
  const value = { text: 'a\u001b[2Jb\u007f\u009b31m\r\n\u202ec' };
  const line = jsonLine(value);
  expect(line).toMatch(/^[\x20-\x7e]+\n$/);
  expect(JSON.parse(line)).toEqual(value);
});
