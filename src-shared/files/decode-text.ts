import { read, refused, type Reading } from './reading';

const MARKS = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;

/** No string of the engine is longer. Each byte may be a character. */
const LONGEST_BYTES = 2 ** 29 - 24;

/**
 * The text of a file, without its byte-order mark: UTF-8, or UTF-16 where a mark says so. What is anything else is
 * refused with the byte: models would be asked about replacement characters, and be billed.
 */
export function decodeText(bytes: Uint8Array): Reading<string> {
  if (bytes.length > LONGEST_BYTES) return refused('it is larger than 512 MB: divide it.');
  const mark = MARKS.find(({ bytes: own }) => own.every((byte, index) => bytes[index] === byte));
  const encoding = mark?.encoding ?? 'utf-8';
  const content = bytes.subarray(mark?.bytes.length ?? 0);
  const text = decode(content, encoding);
  if (text === null) {
    const at = (mark?.bytes.length ?? 0) + goodLength(content, encoding) + 1;
    const name = encoding.toUpperCase();
    return refused(`byte ${at} is not ${name} text. Save the file as UTF-8 and try again.`);
  }
  const nul = text.indexOf('\0');
  if (nul === -1) return read(text);
  return refused(
    `character ${nul + 1} is NUL, so this is not plain text, or it is UTF-16 without a byte-order mark. Save the file as UTF-8 and try again.`,
  );
}

function decode(bytes: Uint8Array, encoding: string, stream = false): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream });
  } catch {
    return null;
  }
}

/** How many bytes from the start can be text. Decoders do not say where they stopped. */
function goodLength(bytes: Uint8Array, encoding: string): number {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decode(bytes.subarray(0, middle), encoding, true) === null) bad = middle;
    else good = middle;
  }
  return Math.min(good, bytes.length - 1);
}
