import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

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
  if (bytes.byteLength < MIN_SIZE) return { bytes, encoding: 'identity' };
  // What does not fit into one chunk of the original's size is not smaller; the default chunk is 16 KB for each call.
  const packed = zstdCompressSync(bytes, { params: PARAMS, chunkSize: bytes.byteLength });
  return packed.byteLength < bytes.byteLength
    ? { bytes: packed, encoding: 'zstd' }
    : { bytes, encoding: 'identity' };
}

export function decodeFromRest(bytes: Uint8Array, encoding: RestEncoding): Uint8Array {
  return encoding === 'zstd' ? zstdDecompressSync(bytes) : bytes;
}

/** For columns that keep no encoding beside them: tells by the frame's magic number. */
export function decodeRest(bytes: Uint8Array): Uint8Array {
  const packed = bytes.byteLength >= 4 && ZSTD_MAGIC.equals(Buffer.from(bytes.buffer, bytes.byteOffset, 4));
  return packed ? zstdDecompressSync(bytes) : bytes;
}
