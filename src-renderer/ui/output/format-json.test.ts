import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJson, jsonText } from './format-json';
import { jsonTokens } from './json-tokens';

/** Strips white space outside strings. */
function stripped(text: string): string {
  return text.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string?: string) => string ?? '');
}

/** JSON as found in the wild: any number of digits, repeated keys, escapes, white space anywhere. */
const space = fc.stringMatching(/^[ \t\n\r]{0,3}$/);
const number = fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,3})?([eE][+-]?\d{1,3})?$/);
const string = fc.oneof(
  fc.string().map((value) => JSON.stringify(value)),
  fc.constantFrom('"\\ud800"', '"{ , }"', '"\\u0041\\/"'),
);
const spaced = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(space, inner, space).map((parts) => parts.join(''));
const { value: written } = fc.letrec<{ value: string }>((tie) => ({
  value: spaced(
    fc.oneof(
      { depthSize: 'small' },
      number,
      string,
      fc.constantFrom('true', 'false', 'null'),
      fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
      fc
        .array(fc.tuple(spaced(fc.constantFrom('"a"', '"b"', '"\\u0061"')), tie('value')), { maxLength: 4 })
        .map((members) => `{${members.map(([key, value]) => `${key}:${value}`).join(',')}}`),
    ),
  ),
}));

const shown = (text: string, width = 24): string | null => {
  const formatted = formatJson(text, { width, chars: Number.POSITIVE_INFINITY });
  return formatted && jsonText(formatted);
};

describe('formatted JSON', () => {
  it('keeps the original tokens of any JSON text', () => {
    fc.assert(
      fc.property(written, fc.integer({ min: 0, max: 80 }), (text, width) => {
        const formatted = shown(text, width);
        expect(formatted).not.toBeNull();
        expect(stripped(formatted ?? '')).toBe(
          stripped(text.replaceAll(/("(?:[^"\\]|\\.)*")|[ \t\n\r]+/g, '$1')),
        );
      }),
    );
  });

  it('accepts exactly what JSON.parse accepts', () => {
    const mangled = fc
      .tuple(written, fc.nat(60), fc.constantFrom('', ',', '"', '}', '0', '\u00a0'))
      .map(([text, at, put]) => `${text.slice(0, at)}${put}${text.slice(at + 1)}`);
    fc.assert(
      fc.property(fc.oneof(written, mangled, fc.string()), (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(jsonTokens(text) !== null).toBe(isJson);
      }),
    );
  });

  it('keeps long numbers, repeated keys and escapes, and puts short containers on one line', () => {
    expect(
      shown(
        '{"id":12345678901234567890,"id":1.50,"tags":["a","\\u00e9"],"more":{"long":"enough to break"},"e":{}}',
      ),
    ).toBe(
      [
        '{',
        '  "id": 12345678901234567890,',
        '  "id": 1.50,',
        '  "tags": ["a", "\\u00e9"],',
        '  "more": {',
        '    "long": "enough to break"',
        '  },',
        '  "e": {}',
        '}',
      ].join('\n'),
    );
  });

  it('stays on one line if there is no room for more', () => {
    const formatted = formatJson('{"a":[1,2],\n"b":{}}', { width: null, chars: 100 });
    expect(formatted && jsonText(formatted)).toBe('{"a": [1, 2], "b": {}}');
  });

  it('does not blow up with deep nesting, and ends at its limit', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const formatted = formatJson(deep);
    expect(formatted && jsonText(formatted).length).toBeLessThan(deep.length * 60);
    const long = formatJson(`[${'1,'.repeat(100_000)}1]`, { width: 10, chars: 500 });
    expect(long?.cut).toBe(true);
    expect(long && jsonText(long).length).toBeLessThan(600);
    const cut = formatJson(`{"a":"${'x'.repeat(100_000)}"}`, { width: 10, chars: 500 });
    expect(cut && jsonText(cut).length).toBeLessThan(600);
  });

  it('places a problem at the line of its value, or of its parent if it is missing', () => {
    const text = '{"a/b":[{"n":1},{"n":"x"}],"~":{"long":"enough to have lines"}}';
    const problems = ['/a~1b/1/n', '/~0/gone/deeper', ''].map((pointer) => ({
      pointer,
      message: 'is wrong',
    }));
    const formatted = formatJson(text, { width: 20, chars: 1000 }, problems);
    expect(formatted && [...formatted.problems].map(([line, [first]]) => [line, first?.pointer])).toEqual([
      [3, '/a~1b/1/n'],
      [5, '/~0/gone/deeper'],
      [0, ''],
    ]);
    expect(formatted && jsonText({ lines: formatted.lines.slice(3, 4) })).toBe('    {"n": "x"}');
    expect(formatted && jsonText({ lines: formatted.lines.slice(5, 6) })).toBe('  "~": {');
  });

  it('formats megabytes, and leaves longer text as sent', () => {
    expect(jsonTokens(`"${'x'.repeat(999_000)}"`)).toHaveLength(1);
    expect(jsonTokens(`"${'x'.repeat(1_000_000)}"`)).toBeNull();
  });
});
