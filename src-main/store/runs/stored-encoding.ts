import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { HEADER_DICTIONARY } from './header-dictionary';

/** How bytes are stored. Hashes and sizes are always those of the original. */
export type StoredEncoding = 'identity' | 'zstd';

// Level 1: on provider answers of 1 to 4 KB it saves about as much as level 3.
const PARAMS = { [constants.ZSTD_c_compressionLevel]: 1 };
// A call costs 15 µs even for tiny inputs; below this size it saves less than 100 bytes.
const MIN_SIZE = 400;
// RFC 8878, 3.1.1: every zstd frame starts with this magic number. Our own bodies are JSON text and never do.
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Compresses where that is smaller; otherwise the bytes stay as they are. */
export function compress(bytes: Uint8Array): { bytes: Uint8Array; encoding: StoredEncoding } {
  return compressWith(bytes, {});
}

type Headers = readonly (readonly [string, string])[];

export function encodeHeaders(headers: Headers): Uint8Array {
  return compressWith(Buffer.from(JSON.stringify(headers)), { dictionary: HEADER_DICTIONARY }).bytes;
}

/** The headers' JSON. Frames older than the dictionary do not refer to it, so they decode with it too. */
export function decodeHeaders(bytes: Uint8Array): string {
  return Buffer.from(
    isZstd(bytes) ? zstdDecompressSync(bytes, { dictionary: HEADER_DICTIONARY }) : bytes,
  ).toString('utf8');
}

function compressWith(
  bytes: Uint8Array,
  options: { dictionary?: Buffer },
): { bytes: Uint8Array; encoding: StoredEncoding } {
  if (bytes.byteLength < MIN_SIZE) return { bytes, encoding: 'identity' };
  // A frame that exceeds one chunk of the original's size is not smaller. The default would allocate 16 KB a call.
  const frame = zstdCompressSync(bytes, { ...options, params: PARAMS, chunkSize: bytes.byteLength });
  return frame.byteLength < bytes.byteLength
    ? { bytes: frame, encoding: 'zstd' }
    : { bytes, encoding: 'identity' };
}

export function decompress(bytes: Uint8Array, encoding: StoredEncoding): Uint8Array {
  return encoding === 'zstd' ? zstdDecompressSync(bytes) : bytes;
}

/** For columns without a stored encoding: recognises zstd by its magic number. */
export function decompressIfZstd(bytes: Uint8Array): Uint8Array {
  return isZstd(bytes) ? zstdDecompressSync(bytes) : bytes;
}

function isZstd(bytes: Uint8Array): boolean {
  return bytes.byteLength >= 4 && ZSTD_MAGIC.equals(Buffer.from(bytes.buffer, bytes.byteOffset, 4));
}
