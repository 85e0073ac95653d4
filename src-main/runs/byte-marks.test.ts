import { describe, expect, it } from 'vitest';
import { byteMarks } from './byte-marks';

const marks = (bytes: Buffer | string, more: Partial<Parameters<typeof byteMarks>[1]> = {}) =>
  byteMarks(Buffer.from(bytes), { complete: true, output: null, envelopeOffset: null, ...more }).map(
    ({ kind, offset }) => [kind, offset],
  );

describe('marks in the bytes of an answer', () => {
  it('show byte order marks', () => {
    expect(marks('\uFEFF{}')).toEqual([['bom', 0]]);
    expect(marks(Buffer.from([0xff, 0xfe, 0x7b, 0]))).toContainEqual(['bom', 0]);
  });

  it.each([
    ['a byte alone', [0x61, 0xff, 0x62], [1]],
    ['an overlong slash', [0xc0, 0xaf], [0, 1]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80], [0, 1, 2]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80], [0, 1, 2, 3]],
    ['a character cut off', [0x61, 0xe2, 0x82], [1, 2]],
    ['a character with ASCII inside', [0xe2, 0x28, 0xa1], [0, 2]],
  ])('show what is not UTF-8: %s', (_, bytes, offsets) => {
    expect(marks(Buffer.from(bytes))).toEqual(offsets.map((offset) => ['invalid_utf8', offset]));
  });

  it('are not more than anybody looks at', () => {
    expect(marks(Buffer.alloc(1_000_000, 0xff))).toHaveLength(20);
    expect(marks('```'.repeat(1000))).toHaveLength(20);
  });

  it('show fences, and where the connection broke off', () => {
    expect(marks('€```json', { complete: false })).toEqual([
      ['code_fence', 3],
      ['cut_off', 10],
    ]);
  });

  it('show the byte at which the output stops being JSON, inside the string that carries it', () => {
    const text = '{"ä": "x"\n oops}';
    const body = JSON.stringify({ choices: [{ message: { content: text } }] });
    const offset = text.indexOf('oops');
    const [found] = byteMarks(Buffer.from(body), {
      complete: true,
      output: { text, offset, isCut: true },
      envelopeOffset: null,
    });
    expect(found?.kind).toBe('json_error');
    expect(Buffer.from(body).subarray(found?.offset).toString()).toMatch(/^oops\}/);
    expect(marks(body, { output: { text, offset, isCut: true } })[1]).toEqual([
      'cut_off',
      Buffer.from(body).indexOf('"}}]}'),
    ]);
    expect(marks('data: {}', { output: { text, offset, isCut: false } })).toEqual([]);
  });

  it('show the byte at which the answer itself does', () => {
    expect(marks('{"ä": nope}', { envelopeOffset: 6 })).toEqual([['json_error', 7]]);
  });
});
