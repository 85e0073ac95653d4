import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText, isExactNumber, readExactJson, readInputFile, readPaste } from '.';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('text', () => {
  test('UTF-8 and, with a mark, UTF-16 are read; the mark is no part of the text', () => {
    for (const file of [
      bytes('Zürich\n'),
      bytes([0xef, 0xbb, 0xbf], 'Zürich\n'),
      Buffer.from('\uFEFFZürich\n', 'utf16le'),
      Buffer.from('\uFEFFZürich\n', 'utf16le').swap16(),
    ]) {
      expect(decodeText(file)).toEqual({ ok: true, value: 'Zürich\n' });
    }
    expect(decodeText(new Uint8Array())).toEqual({ ok: true, value: '' });
    expect(decodeText(bytes('replaced \uFFFD'))).toEqual({ ok: true, value: 'replaced \uFFFD' });
  });

  test.each([
    ['Latin-1', Buffer.from('name\nZürich\n', 'latin1'), /^byte 7 is not UTF-8 text/],
    ['a cut character', bytes('Zü').subarray(0, -1), /^byte 2 is not UTF-8 text/],
    [
      'half of a surrogate pair',
      bytes([0xff, 0xfe, 0x61, 0x00, 0x00, 0xd8, 0x62, 0x00]),
      /^byte \d is not UTF-16LE/,
    ],
    ['UTF-16 without a mark', Buffer.from('name', 'utf16le'), /^character 2 is NUL/],
  ])('%s is refused with the place', (_what, file, message) => {
    expect(decodeText(file)).toMatchObject({
      ok: false,
      problem: { message: expect.stringMatching(message) },
    });
  });
});

describe('JSON', () => {
  test.each([
    ['{"id": 12345678901234567890}', 1, /^column 8: the number 12345678901234567890 cannot be kept exactly/],
    ['{\n  "a": 1,\n  "b": [0.1234567890123456789]}', 3, /^column 9: the number/],
    ['{"a": 1e400}', 1, /column 7/],
    ['{"a": 1e-400}', 1, /cannot be kept exactly/],
    ['{"a": 1,\n "a": 2}', 2, /^column 2: The key "a" is repeated/],
    ['{"a": 1, "\\u0061": 2}', 1, /repeated/],
    ['{"a": {"b": 1, "b": 1}}', 1, /repeated/],
    ['{"a": }', 1, /column 7/],
    ['{"a": "\\ud800"}', 1, /surrogate/i],
  ])('%s is refused with its place', (text, line, message) => {
    const problem = { line, message: expect.stringMatching(message) };
    expect(readExactJson(text)).toEqual({ ok: false, problem });
  });

  test('what a double keeps is read, whichever way it is written', () => {
    const text = '{"n": [0, -0, 1.10, 1e2, 100, 9007199254740992, 0.1, -2.5E-3, "12345678901234567890"]}';
    expect(readExactJson(text)).toEqual({
      ok: true,
      value: { n: [0, -0, 1.1, 100, 100, 9007199254740992, 0.1, -0.0025, '12345678901234567890'] },
    });
  });

  test('every double is exact as it is written, and one more digit of another value is not', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(isExactNumber(JSON.stringify(number))).toBe(true);
        expect(isExactNumber(String(2n ** 60n + 1n))).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (number) => {
        expect(isExactNumber(String(number))).toBe(asWritten(Number(number)) === number);
      }),
    );
  });

  test('every JSON text that JSON.parse reads without loss is read the same', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        const reading = readExactJson(text);
        if (reading.ok) expect(reading.value).toEqual(JSON.parse(text));
      }),
    );
  });
});

/** The whole number that a double is written as: of 2 ** 70 that is 1180591620717411300000, the double has more digits. */
function asWritten(double: number): bigint {
  const [mantissa = '', exponent = '0'] = String(double).split('e+');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(Number(exponent) - fraction.length);
}

const table = (text: string) => readInputFile(text, 'table');

describe('tables', () => {
  test.each([
    ['a header in CRLF, rows in LF', 'a,b\r\n1,2\n3,4\n'],
    ['a header in LF, rows in CRLF', 'a,b\n1,2\r\n3,4\r\n'],
    ['no line end at the end', 'a,b\n1,2\r\n3,4'],
    ['semicolons', 'a;b\n1;2\n3;4\n'],
    ['tabs', 'a\tb\r\n1\t2\n3\t4'],
  ])('%s: the rows are the same', (_what, text) => {
    expect(table(text)).toEqual({
      ok: true,
      value: {
        columns: ['a', 'b'],
        rows: [
          { a: '1', b: '2' },
          { a: '3', b: '4' },
        ],
        emptyRows: 0,
        emptyColumns: 0,
      },
    });
  });

  test('rows without a value and columns without a name are left out and counted', () => {
    expect(table('a,b,,\n1,2,,\n,,,\n3,,,\n\n,,,\n')).toEqual({
      ok: true,
      value: {
        columns: ['a', 'b'],
        rows: [
          { a: '1', b: '2' },
          { a: '3', b: '' },
        ],
        emptyRows: 3,
        emptyColumns: 2,
      },
    });
  });

  test('a line break in a cell stays, whichever it is', () => {
    const reading = table('a,b\r\n"one\ntwo","x\r\ny"\n');
    expect(reading).toMatchObject({ value: { rows: [{ a: 'one\ntwo', b: 'x\r\ny' }] } });
  });

  test.each([
    ['too many cells', 'a,b\n1,2\n"x\r\ny",2,3\n', 3, /^the row has 3 cells, but the header has 2\./],
    ['too few cells', 'a,b\n"x\r\ny",2\n1\n', 4, /^the row has 1 cell, but the header has 2\./],
    ['a value under no name', 'a,,c\n1,2,3\n', 2, /^column 2 has a value but no name/],
    ['an open quote', 'a,b\n1,"2\n', 2, /never closed/],
    ['a quote inside a cell', 'a,b\n"u\r\nv",2\n1,2" wide\n', 4, /inside a cell/],
    ['text after a quoted cell', 'a,b\n"1" x,2\n', 2, /after the quote/],
    ['a lone carriage return', 'a,b\n1,2\rx\n', 2, /carriage return/],
    ['a name twice', 'a,b,a\n1,2,3\n', 1, /two columns are named "a"/],
    ['a name with what cannot be seen', 'a,\u200bb\n1,2\n', 1, /column 2.*U\+200B/],
    ['two names that look the same', 'caf\u00e9,cafe\u0301\n1,2\n', 1, /look the same, "caf/],
    ['a name that objects give a meaning', 'a,__proto__\n1,2\n', 1, /"__proto__"/],
    ['nothing', '', null, /it is empty/],
    ['no name at all', ',\n,\n', 1, /no column has a name/],
  ])('%s is refused with its line', (_what, text, line, message) => {
    expect(table(text)).toEqual({ ok: false, problem: { line, message: expect.stringMatching(message) } });
  });

  test('whatever is written as RFC 4180 says comes back exactly, in any mixture of line ends', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '\t', ';', '\r\n', '😀') });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const rows = fc.array(fc.tuple(cell, cell, fc.constantFrom('\n', '\r\n')), { minLength: 1 });
    fc.assert(
      fc.property(rows, (given) => {
        const text = `x,y\n${given.map(([a, b, end]) => `${quoted(a)},${quoted(b)}${end}`).join('')}`;
        const filled = given.filter(([a, b]) => `${a}${b}`.trim() !== '');
        const reading = table(text);
        expect(reading).toMatchObject({
          ok: true,
          value: { rows: filled.map(([x, y]) => ({ x, y })), emptyRows: given.length - filled.length },
        });
      }),
    );
  });
});

describe('JSON lines', () => {
  test('a line ends at LF only', () => {
    const text = '{"a":"x\u2028y\u2029z\u0085"}\r\n\n{"a":2}';
    expect(readInputFile(text, 'json')).toMatchObject({
      value: { rows: [{ a: 'x\u2028y\u2029z\u0085' }, { a: 2 }] },
    });
  });

  test.each([
    ['{"a":1}\n{"a":', 2, /column 6/],
    ['{"a":1}\n{"id":12345678901234567890}', 2, /cannot be kept exactly/],
    ['{"a":1}\n\n{"a":1,"a":2}', 3, /repeated/],
    ['{"a":1}\n[1]', 2, /a JSON object/],
    ['[\n{"a":1},\n{"a":1e999}]', 3, /column 6/],
    ['[{"a":1}, 2]', null, /^item 2 is not an object/],
  ])('%j is refused with its line', (text, line, message) => {
    expect(readInputFile(text, 'json')).toEqual({
      ok: false,
      problem: { line, message: expect.stringMatching(message) },
    });
  });
});

describe('a paste', () => {
  const known = ['text', 'city'];

  test('a first row that names a variable is a header; otherwise cells go by position', () => {
    expect(readPaste('text\tnote\nHello\tx', known)).toMatchObject({
      value: { named: { columns: ['text', 'note'], rows: [{ text: 'Hello', note: 'x' }] } },
    });
    expect(readPaste('Bonn\tHello\r\nRome\t"two\nlines"\n', known)).toEqual({
      ok: true,
      value: {
        cells: [
          ['Bonn', 'Hello'],
          ['Rome', 'two\nlines'],
        ],
      },
    });
  });

  test('JSON is rows where it names a variable, and is refused where it is broken', () => {
    expect(readPaste('{"city":"Bonn"}\n{"city":"Rome"}', known)).toMatchObject({
      value: { named: { rows: [{ city: 'Bonn' }, { city: 'Rome' }] } },
    });
    expect(readPaste('{"city":"Bonn"}\n{"city":', known)).toMatchObject({ ok: false, problem: { line: 2 } });
    expect(readPaste('[{"city":"Bonn"},\n {"city":12345678901234567890}]', known)).toMatchObject({
      problem: { line: 2, message: expect.stringContaining('cannot be kept exactly') as string },
    });
    expect(readPaste('{not json}', known)).toEqual({ ok: true, value: { cells: [['{not json}']] } });
  });

  test('what a file refuses, a paste refuses, too', () => {
    for (const text of ['text,city\n"x,y', 'text,city\na,b,c', 'text,text\na,b']) {
      expect(readPaste(text, known).ok).toBe(false);
      expect(table(text).ok).toBe(false);
    }
  });
});

test('a file that is longer than any text is refused at once', () => {
  expect(decodeText(new Uint8Array(2 ** 29))).toEqual({
    ok: false,
    problem: { line: null, message: 'it is larger than 512 MB: divide it.' },
  });
});
