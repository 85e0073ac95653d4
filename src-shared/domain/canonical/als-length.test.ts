import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alsLength, alsVariantIndex } from './index';

describe('alsLength', () => {
  test('counts the code points of the NFC form', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '\ud800', '\udc00', 'e\u0301'),
        (text, more) => {
          expect(alsLength(more + text)).toBe(Array.from((more + text).normalize('NFC')).length);
        },
      ),
    );
  });
});

describe('alsVariantIndex', () => {
  test('is the first 8 bytes, big endian, modulo the count', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 32 }), fc.integer({ min: 1 }), (digest, count) => {
        const number = digest.slice(0, 8).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
        expect(alsVariantIndex(digest, count)).toBe(Number(number % BigInt(count)));
      }),
    );
  });

  test('reads a view from where it starts', () => {
    const bytes = Uint8Array.of(9, 9, 0, 0, 0, 0, 0, 0, 0, 5);
    expect(alsVariantIndex(bytes.subarray(2), 10)).toBe(5);
  });

  test('refuses a short digest and a count without variants', () => {
    expect(() => alsVariantIndex(new Uint8Array(7), 3)).toThrow(RangeError);
    expect(() => alsVariantIndex(new Uint8Array(32), 0)).toThrow(RangeError);
    expect(() => alsVariantIndex(new Uint8Array(32), 1.5)).toThrow(RangeError);
  });
});
