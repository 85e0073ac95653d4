import type { ByteMark } from '../../../src-shared/domain';

/** How much of an answer is shown at once, so that rendering time does not depend on its size. */
export const WINDOW_BYTES = 32 * 1024;
/** Bytes per line of the hex view. */
export const LINE_BYTES = 16;

export interface ByteWindow {
  readonly from: number;
  readonly to: number;
}

/**
 * The window that contains `offset`. Windows start at multiples of their size, so that paging back shows the same
 * ones.
 */
export function windowAt(offset: number, size: number): ByteWindow {
  const from = Math.max(0, Math.min(offset, size - 1) - (Math.min(offset, size - 1) % WINDOW_BYTES));
  return { from, to: Math.min(size, from + WINDOW_BYTES) };
}

/** A piece of text and its mark, if any. */
export interface TextPiece {
  readonly text: string;
  readonly mark: ByteMark | null;
}

/**
 * The bytes of a window as text, split at its marks. Bytes that are not UTF-8 are written as numbers; a character
 * that crosses the window's edge belongs to the window it begins in.
 */
export function textPieces(bytes: Uint8Array, shown: ByteWindow, marks: readonly ByteMark[]): TextPiece[] {
  const from = characterStart(bytes, shown.from);
  const to = shown.to === bytes.length ? shown.to : characterStart(bytes, shown.to);
  const pieces: TextPiece[] = [];
  let at = from;
  const add = (end: number, mark: ByteMark | null): void => {
    const part = bytes.subarray(at, end);
    if (mark?.kind === 'invalid_utf8') pieces.push({ text: hexEscapes(part), mark });
    else if (mark?.kind === 'bom') pieces.push({ text: hexEscapes(part), mark });
    else if (part.length > 0 || mark) pieces.push({ text: new TextDecoder().decode(part), mark });
    at = end;
  };
  for (const mark of marks) {
    if (mark.offset < at || mark.offset > to) continue;
    if (mark.offset > at) add(mark.offset, null);
    add(Math.min(to, Math.max(mark.offset, characterEnd(bytes, mark.offset + mark.length))), mark);
  }
  if (at < to) add(to, null);
  return pieces;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xc0;
}

/** The next character boundary, at most three bytes on. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && start < at + 3 && isContinuation(bytes[start])) start += 1;
  return start;
}

function characterEnd(bytes: Uint8Array, end: number): number {
  return end === 0 ? 0 : characterStart(bytes, end);
}

function hexEscapes(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `<${hex(byte)}>`).join('');
}

export function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}

export interface HexLine {
  readonly offset: number;
  readonly hex: string;
  /** Printable ASCII, a dot for anything else. */
  readonly text: string;
  readonly marks: readonly ByteMark[];
}

/** The lines of a window as a hex dump. */
export function hexLines(bytes: Uint8Array, shown: ByteWindow, marks: readonly ByteMark[]): HexLine[] {
  const lines: HexLine[] = [];
  for (let offset = shown.from; offset < shown.to; offset += LINE_BYTES) {
    const end = Math.min(shown.to, offset + LINE_BYTES);
    const line = [...bytes.subarray(offset, end)];
    lines.push({
      offset,
      hex: line.map(hex).join(' '),
      text: line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
      marks: marks.filter(
        (mark) =>
          mark.offset >= offset && (mark.offset < end || (mark.offset === end && end === bytes.length)),
      ),
    });
  }
  return lines;
}
