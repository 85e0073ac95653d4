import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** How bytes rest in the store. Hashes and sizes are always of the original. */
export type RestEncoding = 'identity' | 'zstd';

// Level 1: on provider answers of 1 to 4 KB it saves about as much as level 3; below 200 bytes nothing is gained.
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const MIN_SIZE = 200;
// RFC 8878, 3.1.1: every zstd frame starts with this magic number. Our own bodies are JSON text and never do.
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Bytes as they are kept: zstd where that is smaller, otherwise as they are. */
export function encodeForRest(bytes: Uint8Array): { bytes: Uint8Array; encoding: RestEncoding } {
  if (bytes.byteLength < MIN_SIZE) return { bytes, encoding: 'identity' };
  const packed = zstdCompressSync(bytes, OPTIONS);
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
