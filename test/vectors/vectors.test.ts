import { describe, expect, test } from 'vitest';
import alsLength from './als-length.json';
import alsVariant from './als-variant.json';
import { checkVectors, parseVectors, runVectors } from './check-vectors';
import content from './content.json';
import json from './json.json';
import numbers from './numbers.json';
import templates from './templates.json';
import text from './text.json';
import toolOutput from './tool-output.json';

const files = { numbers, json, text, templates, content, toolOutput, alsLength, alsVariant };
const checks = await runVectors(parseVectors(files));

describe('frozen vectors (docs/canonical.md)', () => {
  test('every vector of every file is checked', () => {
    expect(checks).toHaveLength(Object.values(files).flat().length);
  });

  test.each(checks)('$name', ({ expected, actual }) => {
    expect(actual).toEqual(expected);
  });

  test('what the browser is asked reports nothing, and does report a vector that is wrong', async () => {
    expect(await checkVectors(files)).toEqual([]);
    const wrong = { ...files, numbers: [{ lexeme: '1.50', ok: '1.50' }], alsVariant: [] };
    expect(await checkVectors(wrong)).toEqual(['number "1.50": expected {"ok":"1.50"}, got {"ok":"1.5"}']);
  });
});
