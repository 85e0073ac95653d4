import { expect, test } from 'vitest';
import { clipped, inert, table } from './terminal';

test('control characters cannot reach the terminal', () => {
  expect(inert('a\u001b[2Jb\u0007\u009b31m\r\n\tc\u202ed')).toBe(
    'a\\u001b[2Jb\\u0007\\u009b31m\n\tc\\u202ed',
  );
});

test('clipping makes one line of whole characters', () => {
  expect(clipped(' a\n b\t c ', 10)).toBe('a b c');
  expect(clipped('😀😀😀😀', 3)).toBe('😀😀…');
});

test('columns are aligned', () => {
  expect(
    table(
      ['a', 'n'],
      [
        ['xx', '1'],
        ['y', '22'],
      ],
      new Set([1]),
    ),
  ).toBe('a    n\n──  ──\nxx   1\ny   22\n');
});
