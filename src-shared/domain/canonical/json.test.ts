import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, canonicalJsonOfValue } from './index';

const refusal = (code: string, offset?: number) =>
  expect.objectContaining(offset === undefined ? { code } : { code, offset });

/** JSON values whose numbers no rule changes: at most six fractional digits, exact as doubles. */
const safeValues = fc.jsonValue({ noUnicodeString: false }).map(withSafeNumbers);

const keys = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', '10', '9', ''), fc.string());

describe('canonicalJson', () => {
  test('keeps the value and is its own canonical form', () => {
    fc.assert(
      fc.property(safeValues, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const canonical = canonicalJson(JSON.stringify(value, null, indent));
        expect(JSON.parse(canonical)).toEqual(value);
        expect(canonicalJson(canonical)).toBe(canonical);
      }),
    );
  });

  test('says of a text what canonicalJsonOfValue says of its value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(canonicalJson(JSON.stringify(value))).toBe(canonicalJsonOfValue(value));
      }),
    );
  });

  test('does not depend on the order of keys, and sorts them by UTF-16 code units', () => {
    const unique = fc.uniqueArray(fc.oneof(keys, fc.string({ unit: 'binary' })), { maxLength: 20 });
    const shuffled = unique.chain((names) =>
      fc.tuple(fc.constant(names), fc.shuffledSubarray(names, { minLength: names.length })),
    );
    fc.assert(
      fc.property(shuffled, ([names, otherOrder]) => {
        expect(canonicalJson(objectOf(otherOrder))).toBe(canonicalJson(objectOf(names)));
        expect(canonicalJson(objectOf(names))).toBe(objectOf(names.toSorted()));
      }),
    );
  });

  test('does not depend on how strings are escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const escaped = Array.from({ length: value.length }, (_, index) => {
          const hex = value.charCodeAt(index).toString(16).padStart(4, '0');
          return `\\u${index % 2 ? hex : hex.toUpperCase()}`;
        }).join('');
        expect(canonicalJson(`"${escaped}"`)).toBe(JSON.stringify(value));
      }),
    );
  });

  test('takes the same texts as JSON.parse, but for its own refusals', () => {
    const tokens = '{ } [ ] , : " \\ a 0 1 - . e true null false \\u0041 "a" "b" \n \u00a0 \ufeff'.split(' ');
    const almost = fc.array(fc.constantFrom(...tokens), { maxLength: 9 }).map((parts) => parts.join(''));
    const damaged = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', ...tokens)).map(([text, at, token]) => {
      const index = at % (text.length + 1);
      return text.slice(0, index) + token + text.slice(index + 1);
    });
    fc.assert(
      fc.property(fc.oneof(almost, damaged), (text) => {
        const result = attempt(() => canonicalJson(text));
        const parsed = attempt(() => JSON.parse(text));
        if (result.ok) expect(parsed.ok).toBe(true);
        else if (parsed.ok) expect(result.error).not.toEqual(refusal('INVALID_JSON'));
        else expect(result.error).toHaveProperty('code');
      }),
      { numRuns: 5_000 },
    );
  });

  test('keeps numbers that a double cannot hold', () => {
    expect(canonicalJson('[9007199254740993, 0.12345649999999999999]')).toBe('[9007199254740993,0.123456]');
  });

  test('skips the four characters of JSON white space wherever they may stand', () => {
    const space = ' \t\r\n';
    const tokens = ['{', '"a"', ':', '[', '1', ',', 'null', ']', ',', '"b"', ':', '{', '}', '}'];
    expect(canonicalJson(space + tokens.join(space) + space)).toBe('{"a":[1,null],"b":{}}');
  });

  test('treats __proto__ and constructor as ordinary keys', () => {
    expect(canonicalJson('{"constructor":1,"__proto__":{"x":2}}')).toBe(
      '{"__proto__":{"x":2},"constructor":1}',
    );
    expect(canonicalJson('{"a":{},"__proto__":null}')).toBe('{"__proto__":null,"a":{}}');
  });

  test.each([
    ['{"a":1,"b":2,"a":3}', 'DUPLICATE_KEY', 13],
    ['{"a":1,"\\u0061":2}', 'DUPLICATE_KEY', 7],
    ['{"__proto__":1,"__proto__":2}', 'DUPLICATE_KEY', 15],
    ['{"x":[{"":0,"":0}]}', 'DUPLICATE_KEY', 12],
    ['"\\ud800"', 'LONE_SURROGATE', 1],
    ['"\\udc00\\ud800"', 'LONE_SURROGATE', 1],
    ['"\\ud800\\ud800"', 'LONE_SURROGATE', 1],
    ['"\\ud83d\\n"', 'LONE_SURROGATE', 1],
    ['"a\ud800b"', 'LONE_SURROGATE', 1],
    ['"\\ud83d\ude00"', 'LONE_SURROGATE', 1],
    ['"\ud83d\\ude00"', 'LONE_SURROGATE', 1],
    ['{"\\udfff":1}', 'LONE_SURROGATE', 2],
    ['\ufeff{}', 'INVALID_JSON', 0],
    ['{}\ufeff', 'INVALID_JSON', 2],
    ['\u00a01', 'INVALID_JSON', 0],
    ['[1,]', 'INVALID_JSON', 3],
    ['[1 2]', 'INVALID_JSON', 3],
    ['{"a" 1}', 'INVALID_JSON', 5],
    ["{'a':1}", 'INVALID_JSON', 1],
    ['"a\nb"', 'INVALID_JSON', 2],
    ['"a\u001f"', 'INVALID_JSON', 2],
    ['"\\x41"', 'INVALID_JSON', 1],
    ['"\\u00e"', 'INVALID_JSON', 1],
    ['"\\ud83d\\uZZZZ"', 'INVALID_JSON', 7],
    ['"a', 'INVALID_JSON', 2],
    ['"\\', 'INVALID_JSON', 1],
    ['nullx', 'INVALID_JSON', 4],
    ['NaN', 'INVALID_JSON', 0],
    ['[-]', 'INVALID_JSON', 1],
    ['[1e309]', 'NUMBER_OUT_OF_RANGE', 1],
    ['1 2', 'INVALID_JSON', 2],
    ['  ', 'INVALID_JSON', 2],
  ])('refuses %j with %s at %i', (text, code, offset) => {
    expect(() => canonicalJson(text)).toThrow(refusal(code, offset));
  });

  test('reports the first of several problems', () => {
    expect(() => canonicalJson('{"a":1,"a":"\\ud800"')).toThrow(refusal('DUPLICATE_KEY'));
    expect(() => canonicalJson('{"a":"\\ud800","a":1e999')).toThrow(refusal('LONE_SURROGATE'));
  });

  test('nests 128 deep and no deeper', () => {
    expect(canonicalJson(arrays(128))).toBe(arrays(128));
    expect(canonicalJson(objects(128))).toBe(objects(128));
    expect(() => canonicalJson(arrays(129))).toThrow(refusal('TOO_DEEP', 128));
    expect(() => canonicalJson(objects(129))).toThrow(refusal('TOO_DEEP'));
    expect(() => canonicalJson('['.repeat(1_000_000))).toThrow(refusal('TOO_DEEP'));
    expect(() => canonicalJson('{"a":'.repeat(1_000_000))).toThrow(refusal('TOO_DEEP'));
  });

  test('takes texts of many megabytes', () => {
    const plain = `"${'x'.repeat(10_000_000)}"`;
    expect(canonicalJson(plain) === plain).toBe(true);
    const wide = `"${'é😀'.repeat(3_000_000)}"`;
    expect(canonicalJson(wide) === wide).toBe(true);
    const escaped = `"${'\\u0041\\"'.repeat(1_000_000)}"`;
    expect(canonicalJson(escaped) === `"${'A\\"'.repeat(1_000_000)}"`).toBe(true);
    const numbers = `[${'1.50,'.repeat(1_000_000)}0]`;
    expect(canonicalJson(numbers) === `[${'1.5,'.repeat(1_000_000)}0]`).toBe(true);
    expect(canonicalJson(`${' '.repeat(10_000_000)}1${'\n'.repeat(10_000_000)}`)).toBe('1');
    expect(() => canonicalJson('"'.padEnd(10_000_000, 'x'))).toThrow(refusal('INVALID_JSON', 10_000_000));
  });

  test('takes objects of very many keys, in any order', () => {
    const names = Array.from({ length: 200_000 }, (_, index) => String(index * 64));
    const canonical = canonicalJson(`{${names.map((name) => `"${name}":0`).join()}}`);
    expect(
      canonical ===
        `{${names
          .toSorted()
          .map((name) => `"${name}":0`)
          .join()}}`,
    ).toBe(true);
  });
});

describe('canonicalJsonOfValue', () => {
  test.each([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a hole', Object.assign([1], { length: 2 })],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a bigint', 1n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', new Uint8Array(1)],
    ['NaN', [Number.NaN]],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJsonOfValue(value)).toThrow(refusal('INVALID_JSON'));
  });

  test('nests 128 deep and no deeper', () => {
    expect(canonicalJsonOfValue(JSON.parse(arrays(128)))).toBe(arrays(128));
    expect(canonicalJsonOfValue(JSON.parse(objects(128)))).toBe(objects(128));
    expect(() => canonicalJsonOfValue(JSON.parse(arrays(129)))).toThrow(refusal('TOO_DEEP'));
    expect(() => canonicalJsonOfValue(JSON.parse(objects(129)))).toThrow(refusal('TOO_DEEP'));
  });

  test('refuses infinities, lone surrogates in keys and values, and depth, cycles included', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => canonicalJsonOfValue(cycle)).toThrow(refusal('TOO_DEEP'));
    expect(() => canonicalJsonOfValue({ a: Number.POSITIVE_INFINITY })).toThrow(
      refusal('NUMBER_OUT_OF_RANGE'),
    );
    expect(() => canonicalJsonOfValue({ a: '\ud800' })).toThrow(refusal('LONE_SURROGATE'));
    expect(() => canonicalJsonOfValue({ '\ud800': 1 })).toThrow(refusal('LONE_SURROGATE'));
  });

  test('takes strings of many megabytes', () => {
    const long = 'x€'.repeat(5_000_000);
    expect(canonicalJsonOfValue([long]) === `["${long}"]`).toBe(true);
    expect(canonicalJsonOfValue(`${long}\n`) === `"${long}\\n"`).toBe(true);
    expect(() => canonicalJsonOfValue(`${long}\ud800`)).toThrow(refusal('LONE_SURROGATE'));
  });

  test('takes plain objects of any kind, __proto__ included', () => {
    expect(canonicalJsonOfValue(JSON.parse('{"b":1,"__proto__":{"x":2}}'))).toBe(
      '{"__proto__":{"x":2},"b":1}',
    );
    expect(canonicalJsonOfValue(Object.assign(Object.create(null), { b: 1.0, 10: [], 9: -0 }))).toBe(
      '{"10":[],"9":0,"b":1}',
    );
  });
});

const arrays = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
const objectOf = (names: string[]) => `{${names.map((name) => `${JSON.stringify(name)}:1`).join(',')}}`;

function withSafeNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value % 1e6) / 64 + 0;
  if (Array.isArray(value)) return value.map(withSafeNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withSafeNumbers(member)]));
}

function attempt(run: () => unknown): { ok: true } | { ok: false; error: unknown } {
  try {
    run();
    return { ok: true };
  } catch (error) {
    return { ok: false, error };
  }
}
