import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDelimited, parseTable } from './parse-table';

const known = ['city', 'text'];

describe('a pasted or imported table', () => {
  test('whose first row names a variable has a header', () => {
    const table = parseTable('text,city,note\nHello,Bonn,x\n"a, b",Rome,y\n', known);
    expect(table.columns).toEqual(['text', 'city', 'note']);
    expect(table.rows).toEqual([
      { text: 'Hello', city: 'Bonn', note: 'x' },
      { text: 'a, b', city: 'Rome', note: 'y' },
    ]);
  });

  test('without a header is cells by position', () => {
    const table = parseTable('Bonn\tHello\nRome\tCiao', known);
    expect(table.columns).toBeNull();
    expect(table.cells).toEqual([
      ['Bonn', 'Hello'],
      ['Rome', 'Ciao'],
    ]);
  });

  test('of JSON lines keeps the types of its values', () => {
    const table = parseTable('{"city":"Bonn","text":3}\n\n{"city":"Rome","text":null}', known);
    expect(table.rows).toEqual([
      { city: 'Bonn', text: 3 },
      { city: 'Rome', text: null },
    ]);
  });

  test('may be one JSON array', () => {
    expect(parseTable('[{"city":"Bonn"}]', known).rows).toEqual([{ city: 'Bonn' }]);
  });

  test('may begin with a byte-order mark, use semicolons and CRLF', () => {
    const table = parseTable('\uFEFFcity;text\r\nBonn;"line 1\nline ""2"""\r\n', known);
    expect(table.rows).toEqual([{ city: 'Bonn', text: 'line 1\nline "2"' }]);
  });

  test('that only looks like JSON is text', () => {
    expect(parseTable('{not json}', known).cells).toEqual([['{not json}']]);
  });
});

test('whatever was written as RFC 4180 is read back', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\t', ' ', 'ß') });
  const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(table, (rows) => {
      const written = rows
        .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
        .join('\r\n');
      expect(parseDelimited(written, ',')).toEqual(rows);
    }),
  );
});
