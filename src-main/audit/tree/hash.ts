import { createHash, hash } from 'node:crypto';

/** A SHA-256, 32 bytes. */
export type Digest = Buffer;

export const DIGEST_BYTES = 32;
const LEAF = Buffer.of(0x00);
const NODE = Buffer.of(0x01);

/** The root of an empty tree: the hash of the empty string (RFC 9162, 2.1.1). */
export const EMPTY_ROOT: Digest = hash('sha256', '', 'buffer');

/** The prefixes prevent passing a leaf off as a node and vice versa (RFC 9162, 2.1.1). */
export function leafHash(data: Uint8Array): Digest {
  return createHash('sha256').update(LEAF).update(data).digest();
}

export function nodeHash(left: Digest, right: Digest): Digest {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}

/**
 * Memoises recent results: proofs of neighbours share most of their path, so a tree costs one hash per node instead of
 * one per node and proof.
 */
export function rememberingNodeHash(): typeof nodeHash {
  const known: { left: Digest; right: Digest; node: Digest }[] = [];
  return (left, right) => {
    const place = left[0] ?? 0;
    const last = known[place];
    if (last?.left.equals(left) && last.right.equals(right)) return last.node;
    const node = nodeHash(left, right);
    known[place] = { left, right, node };
    return node;
  };
}

/** Pairs up a level's nodes; an odd one at the end has no parent yet. */
export function parentsOf(level: Buffer): Buffer {
  const pairs = Math.floor(level.length / (2 * DIGEST_BYTES));
  const parents = Buffer.alloc(pairs * DIGEST_BYTES);
  // One buffer for all, and hashes as text: millions of small Buffers take more memory than the tree.
  const pair = Buffer.concat([NODE, Buffer.alloc(2 * DIGEST_BYTES)]);
  for (let index = 0; index < pairs; index++) {
    level.copy(pair, NODE.length, 2 * index * DIGEST_BYTES, 2 * (index + 1) * DIGEST_BYTES);
    parents.write(hash('sha256', pair), index * DIGEST_BYTES, 'hex');
  }
  return parents;
}
