import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary';
import { leftOut, readInputs } from './inputs';

async function read(name: string, content: string | Uint8Array) {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  return readInputs(file);
}

test('what a spreadsheet leaves at the end of a table is no input, and is said', async () => {
  const inputs = await read('rows.csv', 'a,b,\r\n1,2,\n,,\n,,\n');
  expect(inputs.rows).toEqual([{ a: '1', b: '2' }]);
  expect(leftOut('rows.csv', inputs)).toBe('rows.csv: skipped 2 empty rows and 1 empty column.');
  expect(leftOut('rows.csv', await read('whole.csv', 'a\n1\n'))).toBeNull();
});

test('tables, JSON lines and JSON arrays are read by the ending of the name', async () => {
  const rows = [{ a: '1' }, { a: '2' }];
  expect((await read('a.csv', '\uFEFFa\n1\n2\n')).rows).toEqual(rows);
  expect((await read('a.tsv', 'a\n1\n2\n')).rows).toEqual(rows);
  expect((await read('a.jsonl', '\uFEFF{"a":"1"}\r\n\r\n{"a":"2"}')).rows).toEqual(rows);
  expect((await read('a.JSON', '[{"a":"1"},\n{"a":"2"}]')).rows).toEqual(rows);
  expect((await read('a.csv', Buffer.from('\uFEFFa\n1\n2\n', 'utf16le'))).rows).toEqual(rows);
  await expect(read('a.xlsx', '')).rejects.toThrow('the inputs must be a .csv, .tsv, .jsonl or .json file');
});

describe('what is wrong is named with its file and line', () => {
  test.each([
    ['a.csv', 'a,b\n1,2\n1,2,3\n', /a\.csv, line 3: the row has 3 cells/],
    ['a.csv', 'a,b\n1,"2\n', /a\.csv, line 2: a quote is opened but never closed/],
    ['a.csv', 'a,,c\n1,2,3\n', /a\.csv, line 2: column 2 has a value but no name/],
    ['a.csv', 'a\n', /a\.csv: it has no rows/],
    ['a.jsonl', '{"a":1}\n{"a":', /a\.jsonl, line 2, column 6: /],
    ['a.jsonl', '{"a":12345678901234567890}', /a\.jsonl, line 1, column 6: .*cannot be kept exactly/],
    ['a.jsonl', '{"a":1}\n"text"', /a\.jsonl, line 2: each line must be a JSON object/],
    ['a.csv', Buffer.from('name\nZürich\n', 'latin1'), /a\.csv: byte 7 is not UTF-8/],
    ['a.jsonl', Buffer.from('{"a":"Zü'), /a\.jsonl, line 1/],
  ])('%s %j', async (name, content, message) => {
    await expect(read(name, content)).rejects.toThrow(message);
  });

  test('a link in a circle and a file that no memory holds are wrong use', async () => {
    const [loop, huge] = [join(temporaryFolder(), 'loop.csv'), join(temporaryFolder(), 'huge.csv')];
    symlinkSync('loop.csv', loop);
    await expect(readInputs(loop)).rejects.toThrow('leads back to itself');
    writeFileSync(huge, '');
    truncateSync(huge, 3 * 2 ** 30);
    await expect(readInputs(huge)).rejects.toThrow('is larger than 2 GiB');
  });

  test('a missing file is wrong use', async () => {
    for (const name of ['none.csv', 'none.jsonl']) {
      await expect(readInputs(join(temporaryFolder(), name))).rejects.toThrow('no such file');
    }
  });
});
