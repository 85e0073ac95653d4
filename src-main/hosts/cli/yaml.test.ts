import { expect, test } from 'vitest';
import { readYaml } from './yaml';

const value = (text: string): unknown => {
  const reading = readYaml(text);
  return reading.ok ? reading.value : reading.problem;
};

test('a merge key merges, and what is written beside it counts', () => {
  const text = 'a: &a {t: 1, u: 2}\nb: &b {u: 3}\nc:\n  <<: *a\n  t: 5\nd:\n  <<: *b\n  <<: *a\ne: {"<<": 1}';
  expect(value(text)).toMatchObject({ c: { t: 5, u: 2 }, d: { t: 1, u: 3 } });
});

test.each([
  ['a tag that is not known', 'x: 1\na: !env SECRET', 2, /tag/i],
  ['a key that is a list', 'x: 1\n? [a, b]\n: c', 2, /key must be text/],
  ['a key that is an alias', 'x: &x y\n*x : c', 2, /key must be text/],
  ['two keys that are one name', 'x: {1: a, "1": b}', 1, /unique/],
  ['two keys without text', 'x: {~: a, "": b}', 1, /unique/],
  ['a second document', 'x: 1\n---\ny: 2', 2, /another document begins here/],
  ['a merge of what is no map', 'x: {<<: 1}', null, /map/],
  ['a bomb of aliases', bomb(9), null, /alias/],
  ['hostile nesting', `${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)}`, 1, /nested too deeply/],
  ['hostile indenting', `${'- '.repeat(50_000)}1`, 1, /nested too deeply/],
])('%s is refused with its line', (_what, text, line, words) => {
  expect(value(text)).toEqual({ line, message: expect.stringMatching(words) as string });
});

function bomb(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => {
    const item = level === 0 ? 'x' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 9 }, () => item).join(', ')}]`;
  });
  return lines.join('\n');
}

test('names that objects give a meaning are names, and words of YAML 1.1 are text', () => {
  const read = value('__proto__: {x: 1}\nconstructor: no\nd: 2020-01-01\no: 010\ntoString: ~');
  expect(JSON.stringify(read)).toBe(
    '{"__proto__":{"x":1},"constructor":"no","d":"2020-01-01","o":10,"toString":null}',
  );
});
