import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readInputs } from './inputs';

const folder = mkdtempSync(join(tmpdir(), 'prompter-inputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(name: string, content: string | Uint8Array): Promise<unknown[]> {
  const file = join(folder, name);
  writeFileSync(file, content);
  return collect(readInputs(file));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('CSV', () => {
  test('columns are variables; byte-order mark, quotes, line breaks and CRLF are read as RFC 4180 says', async () => {
    const rows = await read(
      'a.csv',
      '\uFEFFname, city\r\n"Ada ""A."" L.","Lon\r\ndon"\r\nGrace,"a,b"\r\n\r\n',
    );
    expect(rows).toEqual([
      { name: 'Ada "A." L.', city: 'Lon\r\ndon' },
      { name: 'Grace', city: 'a,b' },
    ]);
  });

  test.each([
    ['too many fields', 'a,b\n1,2\n1,2,3\n', /line 3: it has more or fewer fields than the header/],
    ['an open quote', 'a,b\n1,"2\n', /line \d: a quote is opened and never closed/],
    ['a column without a name', 'a,,c\n1,2,3\n', /line 1: column 2 has no name/],
    ['semicolons', 'a;b\n1;2\n', /line 1: columns are separated by commas/],
    ['a name that objects give a meaning', 'a,__proto__\n1,2\n', /"__proto__" is no name/],
    ['a name twice', 'a,b,a\n1,2,3\n', /line 1: two columns are called "a"/],
  ])('%s is told with its line', async (_what, content, message) => {
    await expect(read('bad.csv', content)).rejects.toThrow(message);
  });
});

describe('JSON lines', () => {
  test('each line is an object of variables', async () => {
    const rows = await read('a.jsonl', '\uFEFF{"n":1,"s":"ü"}\r\n\r\n{"list":[1,{"x":null}],"b":true}');
    expect(rows).toEqual([
      { n: 1, s: 'ü' },
      { list: [1, { x: null }], b: true },
    ]);
  });

  test.each(['{"a":1}\n{"a":', '{"a":1}\n[1]', '{"a":1}\n"text"'])(
    'a bad line is named: %j',
    async (content) => {
      await expect(read('bad.jsonl', content)).rejects.toThrow(/bad\.jsonl, line 2: /);
    },
  );
});

describe('encoding', () => {
  test.each([
    ['Latin-1', Buffer.from('name\nZürich\n', 'latin1')],
    ['UTF-16', Buffer.from('\uFEFFname\nZürich\n', 'utf16le')],
    ['a cut character', Buffer.from('name\nZü').subarray(0, -1)],
  ])('%s is refused and not replaced', async (_name, bytes) => {
    await expect(read('a.csv', bytes)).rejects.toThrow('is not UTF-8');
    await expect(read('a.jsonl', bytes)).rejects.toThrow();
  });

  test('a character between two pieces of the file stays whole', async () => {
    const text = 'é'.repeat(100_000);
    expect(await read('a.csv', `a\nx${text}\n`)).toEqual([{ a: `x${text}` }]);
    expect(await read('a.jsonl', `{"a":"${text}"}`)).toEqual([{ a: text }]);
  });
});

test('a missing file and an unknown type are wrong use', async () => {
  for (const name of ['none.csv', 'none.jsonl']) {
    await expect(collect(readInputs(join(folder, name)))).rejects.toThrow('there is no such file');
  }
  await expect(read('a.xlsx', '')).rejects.toThrow('inputs are a .csv or a .jsonl file');
});
