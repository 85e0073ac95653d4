import { expect, test } from 'vitest';
import { clipped, toTheSecond, widthOf } from './cell-text';

test('clipping makes one line of whole characters', () => {
  expect(clipped(' a\n b\t c ', 10)).toBe('a b c');
  expect(clipped('\u001b[2Jx', 20)).toBe('\\u001b[2Jx');
  expect(clipped('abcdef', 4)).toBe('abc…');
  expect(clipped('connection:model', 7, 'end')).toBe('…:model');
});

test('wide characters take two columns, and are clipped whole', () => {
  expect(widthOf('日本語')).toBe(6);
  expect(widthOf('naïve')).toBe(5);
  // One flag, one family: several code points, one character.
  expect(widthOf('🇨🇭👨‍👩‍👧')).toBe(4);
  expect(clipped('😀😀😀😀', 5)).toBe('😀😀…');
  expect(clipped('😀😀😀😀', 6)).toBe('😀😀…');
});

test('times are shown to the second', () => {
  expect(toTheSecond('2026-11-20T08:31:21.543Z')).toBe('2026-11-20T08:31:21Z');
});
