import { describe, expect, it } from 'vitest';
import { jsonLine } from './json-line';

const TEXT = '{\n  "queue": "REFUND",\r\n  "tags": [\n    "a", 7\n  ]\n}';

describe('jsonLine', () => {
  it.each([
    ['', 1],
    ['/queue', 2],
    ['/tags', 3],
    ['/tags/1', 4],
    // A missing member is reported at its parent.
    ['/urgency', 1],
    ['/tags/9', 3],
  ])('finds %j in line %j of the text as it is written', (pointer, line) => {
    expect(jsonLine(TEXT, pointer)).toBe(line);
  });

  it('gives no line for a text that is not JSON', () => {
    expect(jsonLine('{"queue":', '/queue')).toBeNull();
  });
});
