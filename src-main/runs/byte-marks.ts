import { isUtf8 } from 'node:buffer';
import type { ByteMark } from '../../src-shared/domain';

/** Nobody looks at more marks of one kind. */
const MAX_PER_KIND = 20;

/**
 * The places in an answer's bytes that explain why it could not be used, by byte offset, in order. `output` is the
 * model's text, if it was found; `error` is where the JSON breaks, in the text or in the whole answer.
 */
export function byteMarks(
  bytes: Uint8Array,
  facts: {
    /** False if the body broke off on the wire. */
    readonly complete: boolean;
    /** The output, and where it stops being JSON, in UTF-16 code units. */
    readonly output: {
      readonly text: string;
      readonly offset: number | null;
      readonly isCut: boolean;
    } | null;
    /** If the answer itself is not JSON: where it breaks, in UTF-16 code units of its text. */
    readonly envelopeOffset: number | null;
  },
): ByteMark[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [
    ...byteOrderMarks(buffer),
    ...invalidUtf8(buffer),
    ...codeFences(buffer),
    ...envelopeError(buffer, facts.envelopeOffset),
    ...outputMarks(buffer, facts.output),
    ...(facts.complete
      ? []
      : [mark('cut_off', buffer.length, 0, `The connection broke after ${buffer.length} bytes.`)]),
  ].toSorted((a, b) => a.offset - b.offset);
}

function mark(kind: ByteMark['kind'], offset: number, length: number, message: string): ByteMark {
  return { kind, offset, length, message };
}

function byteOrderMarks(bytes: Buffer): ByteMark[] {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])))
    return [mark('bom', 0, 3, 'UTF-8 byte order mark, which JSON does not allow.')];
  const first = bytes.subarray(0, 2).toString('hex');
  return first === 'fffe' || first === 'feff'
    ? [mark('bom', 0, 2, 'UTF-16 byte order mark: the answer is not UTF-8.')]
    : [];
}

/** Invalid UTF-8 sequences, by the table of well-formed ones (Unicode 16, table 3-7). */
function invalidUtf8(bytes: Buffer): ByteMark[] {
  if (isUtf8(bytes)) return [];
  const marks: ByteMark[] = [];
  for (let at = 0; at < bytes.length && marks.length < MAX_PER_KIND;) {
    const length = sequenceLength(bytes, at);
    if (length > 0) at += length;
    else {
      const byte = (bytes[at] ?? 0).toString(16).padStart(2, '0').toUpperCase();
      marks.push(mark('invalid_utf8', at, 1, `The byte ${byte} is not part of any UTF-8 character.`));
      at += 1;
    }
  }
  return marks;
}

/** Length of the character that starts here, in bytes; 0 if none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first < 0xe0
      ? 2
      : first >= 0xe0 && first < 0xf0
        ? 3
        : first >= 0xf0 && first < 0xf5
          ? 4
          : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  return isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

function codeFences(bytes: Buffer): ByteMark[] {
  const marks: ByteMark[] = [];
  for (
    let at = bytes.indexOf('```');
    at >= 0 && marks.length < MAX_PER_KIND;
    at = bytes.indexOf('```', at + 3)
  )
    marks.push(mark('code_fence', at, 3, 'Code fence: Markdown around the output.'));
  return marks;
}

function envelopeError(bytes: Buffer, offset: number | null): ByteMark[] {
  if (offset === null) return [];
  const at = Buffer.byteLength(bytes.toString('utf8').slice(0, offset));
  return [mark('json_error', Math.min(at, bytes.length), 1, 'The answer stops being JSON here.')];
}

/**
 * The output is a JSON string inside the answer. It is searched for as `JSON.stringify` would write it, like providers
 * write all but rare characters; if it is not found (a stream, other escapes), it is not marked.
 */
function outputMarks(
  bytes: Buffer,
  output: { readonly text: string; readonly offset: number | null; readonly isCut: boolean } | null,
): ByteMark[] {
  if (output === null || output.text === '') return [];
  const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
  const start = bytes.indexOf(escaped(output.text));
  if (start < 0) return [];
  const at = (offset: number): number => start + Buffer.byteLength(escaped(output.text.slice(0, offset)));
  return [
    ...(output.offset === null
      ? []
      : [mark('json_error', at(output.offset), 1, 'The output stops being JSON here.')]),
    ...(output.isCut
      ? [mark('cut_off', at(output.text.length), 0, 'The output ends here, at its token limit.')]
      : []),
  ];
}
