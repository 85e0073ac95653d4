import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText, normalizeTemplateText } from './index';
import { trimWhiteSpace } from './text';

const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      ' ',
      '\t',
      '\u0085',
      '\u3000',
      '\ufeff',
      '\u200b',
      '\ud800',
      '\udc00',
    ),
    fc.constantFrom('e', '\u0301', '\u0323', '\u00e9', '\u2126', '\u1100', '\u1161'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

/** All of Unicode's White_Space, from the engine's own tables. */
const whiteSpace = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(
  (character) => /\p{White_Space}/u.test(character),
);

describe('canonicalText', () => {
  test('is the rule, step by step', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const expected = text
          .replace(/\r\n/g, '\n')
          .normalize('NFC')
          .replace(/\p{White_Space}+$/u, '');
        expect(canonicalText(text)).toBe(expected.toWellFormed());
      }),
      { numRuns: 2_000 },
    );
  });

  test('is its own canonical form', () => {
    fc.assert(
      fc.property(texts, (text) => {
        // CR CR LF becomes CR LF, which is text that would change again: the rule is one pass, not a fixed point.
        fc.pre(!text.includes('\r\r\n'));
        expect(canonicalText(canonicalText(text))).toBe(canonicalText(text));
      }),
    );
  });

  test('drops every character of White_Space at the end, and no other', () => {
    for (let code = 0; code < 0x10000; code++) {
      const character = String.fromCharCode(code);
      const isDropped = canonicalText(`a${character}`) === 'a';
      expect(isDropped, code.toString(16)).toBe(whiteSpace.includes(character));
    }
  });

  test('writes lone surrogates as U+FFFD, one each', () => {
    expect(canonicalText('a\ud800\ud800b\udc00')).toBe('a\ufffd\ufffdb\ufffd');
    expect(canonicalText('😀')).toBe('😀');
  });

  test('takes megabytes of white space, at the end or inside', () => {
    const blank = ' \t\n\u3000'.repeat(1_250_000);
    expect(canonicalText(`a${blank}`)).toBe('a');
    expect(canonicalText(blank)).toBe('');
    expect(canonicalText(`a${blank}b`) === `a${blank}b`).toBe(true);
    expect(canonicalText('\r\n'.repeat(2_500_000))).toBe('');
  });
});

describe('normalizeTemplateText', () => {
  test('changes line ends and composition, and keeps white space', () => {
    expect(normalizeTemplateText(' e\u0301\r\n x\r \r\n')).toBe(' \u00e9\n x\r \n');
  });
});

test('trimWhiteSpace takes White_Space off both ends', () => {
  const both = whiteSpace.join('');
  expect(trimWhiteSpace(`${both}a ${both}b${both}`)).toBe(`a ${both}b`);
  expect(trimWhiteSpace(both)).toBe('');
  expect(trimWhiteSpace('\ufeffa\u200b')).toBe('\ufeffa\u200b');
});
