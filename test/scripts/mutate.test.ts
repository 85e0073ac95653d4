import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODULES } from '../../scripts/lib/mutate/modules.mjs';
import { lineOf, tallyOf } from '../../scripts/lib/mutate/tally.mjs';

const results = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).flatMap(([status, count]) => Array.from({ length: count }, () => ({ status })));

describe('npm run mutate', () => {
  test.each(Object.entries(MODULES))('finds the files and the tests of %s', (_, { mutate, tests }) => {
    for (const pattern of [...mutate, ...tests]) {
      if (!pattern.startsWith('!')) expect([pattern, globSync(pattern).length > 0]).toEqual([pattern, true]);
    }
  });

  test('says which modules there are where it does not know one', () => {
    const { status, stderr } = spawnSync(process.execPath, [resolve('scripts/mutate.mjs'), 'derived'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([
      1,
      `There is no module "derived" to mutate. There are: ${Object.keys(MODULES).join(', ')}.\n`,
    ]);
  });

  test.each([
    [{ Killed: 80, Timeout: 5, Survived: 15 }, 'm: 85 killed, 15 survived (85.0 %)', true],
    [
      { Killed: 84, Survived: 10, NoCoverage: 6 },
      'm: 84 killed, 16 survived (84.0 %, fewer than 85 %)',
      false,
    ],
    [{ Killed: 8499, Survived: 1501 }, 'm: 8499 killed, 1501 survived (84.9 %, fewer than 85 %)', false],
    [{ Killed: 1, RuntimeError: 9 }, 'm: 1 killed, 0 survived (100.0 %)', true],
    [{ RuntimeError: 9 }, 'm: 0 killed, 0 survived (no mutants, fewer than 85 %)', false],
  ])('counts %j', (counts, line, isEnough) => {
    const tally = tallyOf(results(counts));
    expect([lineOf('m', tally), tally.isEnough]).toEqual([line, isEnough]);
  });
});
