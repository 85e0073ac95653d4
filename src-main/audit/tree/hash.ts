import { createHash, hash } from 'node:crypto';

/** A SHA-256, 32 bytes. */
export type Digest = Buffer;

export const DIGEST_BYTES = 32;
const LEAF = Buffer.of(0x00);
const NODE = Buffer.of(0x01);

/** The root of a tree without leaves: the hash of nothing (RFC 9162, 2.1.1). */
export const EMPTY_ROOT: Digest = hash('sha256', '', 'buffer');

/** The prefixes keep a leaf from being passed off as a node and a node as a leaf (RFC 9162, 2.1.1). */
export function leafHash(data: Uint8Array): Digest {
  return createHash('sha256').update(LEAF).update(data).digest();
}

export function nodeHash(left: Digest, right: Digest): Digest {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}
