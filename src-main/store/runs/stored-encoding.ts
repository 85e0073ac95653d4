import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { HEADER_DICTIONARY } from './header-dictionary';

/** How bytes rest in the store. Hashes and sizes are always of the original. */
export type RestEncoding = 'identity' | 'zstd';

// Level 1: on provider answers of 1 to 4 KB it saves about as much as level 3.
const PARAMS = { [constants.ZSTD_c_compressionLevel]: 1 };
// A call costs 15 µs however little it is given; below this it saves less than 100 bytes.
const MIN_SIZE = 400;
// RFC 8878, 3.1.1: every zstd frame starts with this magic number. Our own bodies are JSON text and never do.
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Bytes as they are kept: zstd where that is smaller, otherwise as they are. */
export function encodeForRest(bytes: Uint8Array): { bytes: Uint8Array; encoding: RestEncoding } {
  return packed(bytes, {});
}

type Headers = readonly (readonly [string, string])[];

/** Headers of an answer as they are kept. */
export function encodeHeaders(headers: Headers): Uint8Array {
  return packed(Buffer.from(JSON.stringify(headers)), { dictionary: HEADER_DICTIONARY }).bytes;
}

/** Their JSON. Frames from before there was a dictionary refer to nothing in it, and are read with it all the same. */
export function decodeHeaders(bytes: Uint8Array): string {
  return Buffer.from(
    isZstd(bytes) ? zstdDecompressSync(bytes, { dictionary: HEADER_DICTIONARY }) : bytes,
  ).toString('utf8');
}

function packed(
  bytes: Uint8Array,
  options: { dictionary?: Buffer },
): { bytes: Uint8Array; encoding: RestEncoding } {
  if (bytes.byteLength < MIN_SIZE) return { bytes, encoding: 'identity' };
  // What does not fit into one chunk of the original's size is not smaller; the default chunk is 16 KB for each call.
  const frame = zstdCompressSync(bytes, { ...options, params: PARAMS, chunkSize: bytes.byteLength });
  return frame.byteLength < bytes.byteLength
    ? { bytes: frame, encoding: 'zstd' }
    : { bytes, encoding: 'identity' };
}

export function decodeFromRest(bytes: Uint8Array, encoding: RestEncoding): Uint8Array {
  return encoding === 'zstd' ? zstdDecompressSync(bytes) : bytes;
}

/** For columns that keep no encoding beside them: tells by the frame's magic number. */
export function decodeRest(bytes: Uint8Array): Uint8Array {
  return isZstd(bytes) ? zstdDecompressSync(bytes) : bytes;
}

function isZstd(bytes: Uint8Array): boolean {
  return bytes.byteLength >= 4 && ZSTD_MAGIC.equals(Buffer.from(bytes.buffer, bytes.byteOffset, 4));
}
