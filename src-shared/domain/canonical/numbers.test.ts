import { Decimal } from 'decimal.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalNumber, canonicalNumberOf, isCanonicalError } from './index';

const characterOf = (characters: string) => fc.constantFrom(...Array.from(characters));

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: characterOf('0123456789'), minLength, maxLength });

const exponents = fc.oneof(
  fc.constant(''),
  fc
    .tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 340 }))
    .map(([letter, sign, value]) => `${letter}${sign}${value}`),
);

const integers = fc.oneof(
  fc.constant('0'),
  fc.tuple(characterOf('123456789'), digits(0, 20)).map(([first, rest]) => first + rest),
);

/** JSON numbers of all shapes. */
const lexemes = fc
  .tuple(
    fc.constantFrom('', '-'),
    integers,
    // Half of them end in a tie, the case that rounding is about.
    fc.oneof(
      fc.constant(''),
      digits(1, 12).map((d) => `.${d}`),
      digits(6, 6).map((d) => `.${d}5`),
    ),
    exponents,
  )
  .map((parts) => parts.join(''));

/** The rule as written, on an arbitrary-precision decimal; undefined where it refuses. */
function oracle(lexeme: string): string | undefined {
  const rounded = new Decimal(lexeme).toDecimalPlaces(6, Decimal.ROUND_HALF_UP);
  if (rounded.abs().gte('1e309')) return undefined;
  return rounded.isZero() ? '0' : rounded.toFixed();
}

describe('canonicalNumber', () => {
  test('equals exact decimal arithmetic', () => {
    fc.assert(
      fc.property(lexemes, (lexeme) => {
        const expected = oracle(lexeme);
        if (expected === undefined) expect(() => canonicalNumber(lexeme)).toThrow(/1e309/);
        else expect(canonicalNumber(lexeme)).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  test('is its own canonical form', () => {
    fc.assert(
      fc.property(lexemes, (lexeme) => {
        if (oracle(lexeme) === undefined) return;
        const canonical = canonicalNumber(lexeme);
        expect(canonicalNumber(canonical)).toBe(canonical);
      }),
    );
  });

  test('takes the same numbers as JSON.parse', () => {
    const almost = fc.string({ unit: characterOf('0123456789+-.eE '), maxLength: 8 });
    fc.assert(
      fc.property(almost, (text) => {
        expect(codeOf(() => canonicalNumber(text)) !== 'INVALID_JSON').toBe(
          text.trim() === text && parses(text),
        );
      }),
      { numRuns: 2_000, examples: [['1e5'], ['-0'], ['1.5E+2'], ['00'], ['1.'], ['-'], ['1e']] },
    );
  });

  test('is refused when rounding reaches 1e309, which would not be its own canonical form', () => {
    const nines = '9'.repeat(309);
    expect(canonicalNumber(`${nines}.9999994`)).toBe(`${nines}.999999`);
    expect(() => canonicalNumber(`${nines}.9999995`)).toThrow(
      expect.objectContaining({ code: 'NUMBER_OUT_OF_RANGE' }),
    );
  });

  test.each([
    ['1e-999999999', '0'],
    [`1e-${'9'.repeat(1_000_000)}`, '0'],
    [`0e${'9'.repeat(1_000_000)}`, '0'],
    [`0.${'0'.repeat(1_000_000)}1e1000001`, '1'],
    [`1${'0'.repeat(1_000_000)}e-1000000`, '1'],
    [`0.${'9'.repeat(10_000_000)}`, '1'],
    [`1e${'0'.repeat(1_000_000)}2`, '100'],
  ])('a hostile but valid number costs no more than its length: %#', (lexeme, canonical) => {
    expect(canonicalNumber(lexeme)).toBe(canonical);
  });

  test.each([
    ['1e999999999', 'NUMBER_OUT_OF_RANGE'],
    [`-1e${'9'.repeat(1_000_000)}`, 'NUMBER_OUT_OF_RANGE'],
    ['1'.repeat(10_000_000), 'NUMBER_OUT_OF_RANGE'],
    [`${'1'.repeat(10_000_000)}x`, 'INVALID_JSON'],
    [`1.${'1'.repeat(10_000_000)}x`, 'INVALID_JSON'],
    [`1e${'1'.repeat(10_000_000)}x`, 'INVALID_JSON'],
    ['1\n', 'INVALID_JSON'],
    ['١', 'INVALID_JSON'],
  ])('a hostile number is refused: %#', (lexeme, code) => {
    expect(() => canonicalNumber(lexeme)).toThrow(expect.objectContaining({ code }));
  });
});

describe('canonicalNumberOf', () => {
  test('takes the shortest round-trip decimal as the lexeme', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(canonicalNumberOf(value)).toBe(oracle(String(value)));
      }),
      { numRuns: 2_000, examples: [[-0], [0.1 + 0.2], [1e21], [5e-7], [2 ** 53], [Number.MAX_VALUE]] },
    );
  });

  test.each([
    [Number.NaN, 'INVALID_JSON'],
    [Number.POSITIVE_INFINITY, 'NUMBER_OUT_OF_RANGE'],
    [Number.NEGATIVE_INFINITY, 'NUMBER_OUT_OF_RANGE'],
  ])('%s is refused', (value, code) => {
    expect(() => canonicalNumberOf(value)).toThrow(expect.objectContaining({ code }));
  });
});

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (isCanonicalError(error)) return error.code;
    throw error;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
