import { expect, test } from 'vitest';
import { columnsInWords } from './columns-in-words';

const column = (version_number: number | null, model_id: string) => ({ version_number, model_id });

test.each([
  [[column(1, 'gpt-4o')], 'v1 · gpt-4o'],
  [[column(1, 'gpt-4o'), column(2, 'gpt-4o'), column(2, 'gpt-4o-mini')], 'v1, v2 · gpt-4o, gpt-4o-mini'],
  [[column(null, 'gpt-4o'), column(null, 'gpt-4o')], 'trial · gpt-4o'],
  [[], ''],
])('columns are told by their versions and models, each once: %j', (columns, words) => {
  expect(columnsInWords({ columns }).toLowerCase()).toBe(words);
});
