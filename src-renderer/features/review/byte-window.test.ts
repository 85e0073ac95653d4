import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteMark } from '../../../src-shared/domain';
import { hexLines, textPieces, WINDOW_BYTES, windowAt } from './byte-window';

const mark = (kind: ByteMark['kind'], offset: number, length = 1): ByteMark => ({
  kind,
  offset,
  length,
  message: '',
});
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the window of bytes on screen', () => {
  it('is the one that contains an offset, however large the answer', () => {
    expect(windowAt(0, 0)).toEqual({ from: 0, to: 0 });
    expect(windowAt(5, 10)).toEqual({ from: 0, to: 10 });
    expect(windowAt(10_000_000, 10_000_000).to).toBe(10_000_000);
    expect(windowAt(WINDOW_BYTES, WINDOW_BYTES + 1)).toEqual({ from: WINDOW_BYTES, to: WINDOW_BYTES + 1 });
  });

  it('shows all text exactly once, even characters that cross windows', () => {
    const text = 'aé€😀'.repeat(9000);
    const bytes = bytesOf(text);
    let shown = '';
    for (let from = 0; from < bytes.length; from += WINDOW_BYTES)
      for (const piece of textPieces(bytes, windowAt(from, bytes.length), [])) shown += piece.text;
    expect(shown).toBe(text);
  });

  it('splits the text at its marks and writes bytes that are not text as numbers', () => {
    const bytes = new Uint8Array([...bytesOf('ab€'), 0xff, ...bytesOf('c```')]);
    const marks = [
      mark('json_error', 2),
      mark('invalid_utf8', 5),
      mark('code_fence', 7, 3),
      mark('cut_off', 10, 0),
    ];
    expect(textPieces(bytes, windowAt(0, bytes.length), marks)).toEqual([
      { text: 'ab', mark: null },
      { text: '€', mark: marks[0] },
      { text: '<FF>', mark: marks[1] },
      { text: 'c', mark: null },
      { text: '```', mark: marks[2] },
      { text: '', mark: marks[3] },
    ]);
  });

  it('never loses or repeats a byte in the hex view, for any bytes and marks', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.nat(250), { maxLength: 5 }),
        (bytes, offsets) => {
          const marks = offsets.toSorted((a, b) => a - b).map((offset) => mark('json_error', offset));
          const lines = hexLines(bytes, windowAt(0, bytes.length), marks);
          expect(lines.map((line) => line.hex).join(' ')).toBe(
            [...bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' '),
          );
          const within = marks.filter(({ offset }) => offset <= bytes.length);
          expect(lines.flatMap((line) => line.marks)).toHaveLength(bytes.length === 0 ? 0 : within.length);
          expect(() => textPieces(bytes, windowAt(0, bytes.length), marks)).not.toThrow();
        },
      ),
    );
  });
});
