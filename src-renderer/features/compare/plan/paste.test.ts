import { expect, test } from 'vitest';
import { isTable } from './paste';

const VARIABLES = ['subject', 'body'];

test.each([
  ['a mail of several lines', 'Hello,\n\nwe met in Bremen, didn’t we?\n\tYours'],
  ['one word', 'Bremen'],
  ['a line that ends with a break', 'Bremen\n'],
  ['lines with commas', 'red, green\nblue, white'],
  ['indented code', 'if x:\n\treturn 1\nelse:\n\t\treturn 2'],
  ['JSON that names no variable', '[{"city": "Hof"},\n {"city": "Bremen"}]'],
])('%s is the text of one cell', (_, text) => expect(isTable({ text, html: '' }, VARIABLES)).toBe(false));

test.each([
  ['fields between tabs', 'a\tb\nc\td', ''],
  ['one row of fields between tabs', 'a\tb', ''],
  ['quoted fields with line breaks', '"a\nb"\tc\n"d\n\ne"\tf', ''],
  ['a header that names a variable', 'subject,body\nHi,"two\nlines"', ''],
  ['JSON lines', '{"subject":"Hi"}\n{"subject":"Ho"}', ''],
  ['a column copied from a spreadsheet', 'Bremen\nHof', '<meta charset="utf-8"><table><tr><td>Bremen'],
])('%s are rows', (_, text, html) => expect(isTable({ text, html }, VARIABLES)).toBe(true));
