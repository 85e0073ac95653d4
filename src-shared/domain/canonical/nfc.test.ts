import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toNfc } from './nfc';

/** Combining marks of many classes, of class 0, astral ones and ones that decompose. */
const marks = fc.oneof(
  fc.constantFrom('\u0300', '\u0315', '\u0323', '\u0345', '\u0334', '\u0344', '\u034f', '\u0f73', '\u0903'),
  fc.constantFrom('\u{1d165}', '\u{1d16d}', '\u{1e8d0}', '\u05b0', '\u3099', '\u09be', '\u0327', '\u06dc'),
);
const runs = fc.array(marks, { minLength: 0, maxLength: 700, size: 'max' }).map((run) => run.join(''));
const texts = fc
  .array(
    fc.oneof(runs, fc.constantFrom('a', 'e', '\u00e9', '\ud83d\ude00', '\ud800', '\uac00', '\u1100', ' ')),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

describe('toNfc', () => {
  test("is the engine's NFC", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(toNfc(text) === text.normalize('NFC')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('holds for every mark of Unicode at once', () => {
    const all = Array.from({ length: 0x110000 }, (_, code) => code)
      .filter((code) => (code < 0xd800 || code > 0xdfff) && /\p{M}/u.test(String.fromCodePoint(code)))
      .map((code) => String.fromCodePoint(code));
    const text = `x${all.join('')}y${all.toReversed().join('')}${all.join('e')}`;
    expect(toNfc(text) === text.normalize('NFC')).toBe(true);
  });

  test('puts a million marks in order', () => {
    const half = 500_000;
    const ordered = `\u00e1${'\u0301'.repeat(half - 1)}${'\u0315'.repeat(half)}z`;
    expect(toNfc(`a${'\u0315\u0301'.repeat(half)}z`) === ordered).toBe(true);
    expect(toNfc(`a${'\u0315'.repeat(half)}${'\u0301'.repeat(half)}z`) === ordered).toBe(true);
    const last = `\u00e1${'\u0301'.repeat(half - 1)}${'\u0345'.repeat(half)}`;
    expect(toNfc(`a${'\u0345\u0301'.repeat(half)}`) === last).toBe(true);
    const astral = `a${'\u{1d185}\u{1d165}'.repeat(half)}`;
    expect(toNfc(astral) === `a${'\u{1d165}'.repeat(half)}${'\u{1d185}'.repeat(half)}`).toBe(true);
  });
});
