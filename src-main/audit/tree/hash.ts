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

/**
 * The same function, remembering what it was asked last: proofs of neighbours share most of their way, so that a tree
 * takes a hash per node, not one per node of each proof.
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

/** The parents of a level's nodes, two by two; the one that is left over at the end has none yet. */
export function parentsOf(level: Buffer): Buffer {
  const pairs = Math.floor(level.length / (2 * DIGEST_BYTES));
  const parents = Buffer.alloc(pairs * DIGEST_BYTES);
  // One buffer for all, and hashes as text: a Buffer for each of millions takes more memory than the tree.
  const pair = Buffer.concat([NODE, Buffer.alloc(2 * DIGEST_BYTES)]);
  for (let index = 0; index < pairs; index++) {
    level.copy(pair, NODE.length, 2 * index * DIGEST_BYTES, 2 * (index + 1) * DIGEST_BYTES);
    parents.write(hash('sha256', pair), index * DIGEST_BYTES, 'hex');
  }
  return parents;
}
