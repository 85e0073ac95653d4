import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';

/** More in one folder is no longer read at a glance: it has two subjects. */
const MOST_FILES = 30;

const sources = globSync('{src-shared,src-main,src-renderer,test,scripts}/**/*.{ts,tsx,mjs,css}').filter(
  (file) => !/\.(test|spec)\.tsx?$/.test(file),
);

test(`no folder holds more than ${MOST_FILES} source files`, () => {
  const counts = new Map<string, number>();
  for (const file of sources) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect(counts.size).toBeGreaterThan(50);
  expect([...counts].filter(([, count]) => count > MOST_FILES)).toEqual([]);
});
