import fc from 'fast-check';
import { expect, test } from 'vitest';
import { widthOf } from './cell-text';
import { table, type Column } from './table';

const row = (...cells: string[]) => ({ cells });

test('columns are aligned', () => {
  expect(table([{ title: 'a' }, { title: 'n', align: 'right' }], [row('xx', '1'), row('y', '22')], 80)).toBe(
    'a    n\n──  ──\nxx   1\ny   22\n',
  );
  expect(table([{ title: 'a' }, { title: 'b' }], [row('日本', 'x'), row('yyyyy', 'x')], 80)).toBe(
    'a      b\n─────  ─\n日本   x\nyyyyy  x\n',
  );
});

test('a list without rows says so', () => {
  expect(table([{ title: 'a' }], [], 80)).toBe('(none)\n');
});

test('where it is too wide, what has most to spare is clipped first, then columns are left out', () => {
  const columns: Column[] = [
    { title: 'id' },
    { title: 'text', min: 6 },
    { title: 'model', min: 6, keep: 'end' },
    { title: 'at', dispensable: 1 },
  ];
  const rows = [row('1234', 'a long text', 'provider:gpt-4o', '2026')];
  expect(table(columns, rows, 44)).toContain('1234  a long text  provider:gpt-4o  2026');
  expect(table(columns, rows, 36)).toContain('1234  a long text  …der:gpt-4o  2026');
  expect(table(columns, rows, 28)).toContain('1234  a long…  …gpt-4o  2026');
  expect(table(columns, rows, 23)).toContain('1234  a long…  …:gpt-4o');
  expect(table(columns, rows, 23)).not.toContain('2026');
});

test('a detail has the whole line below its row', () => {
  const text = 'word '.repeat(30);
  const lines = table([{ title: 'a' }], [{ cells: ['x'], detail: text }], 40).split('\n');
  expect(lines[2]).toBe('x');
  expect(lines[3]).toMatch(/^ {5}word .*…$/);
  expect(lines[3]?.length).toBeLessThanOrEqual(40);
});

test('no line is wider than the terminal where every column can give way', () => {
  const columns: Column[] = [
    { title: 'a', min: 3 },
    { title: 'b', min: 3, keep: 'end' },
    { title: 'c', dispensable: 1 },
  ];
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { minLength: 3, maxLength: 3 }), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.integer({ min: 8, max: 80 }),
      (cells, width) => {
        const lines = table(
          columns,
          cells.map((one) => row(...one)),
          width,
        ).split('\n');
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
      },
    ),
  );
});
