import { DIGEST_BYTES, EMPTY_ROOT, nodeHash, parentsOf, type Digest } from './hash';

/** A complete tree, for generating proofs. Perfect subtrees are hashed once. */
export interface Tree {
  readonly size: number;
  rootAt(size: number): Digest;
  /** The siblings on the path from leaf `index` to the root of the first `size` leaves (RFC 9162, 2.1.3.1). */
  inclusionProof(index: number, size: number): Digest[];
  /** Proves that the first `first` leaves are a prefix of the first `second` (RFC 9162, 2.1.4.1). */
  consistencyProof(first: number, second: number): Digest[];
}

export function treeOf(leaves: readonly Digest[]): Tree {
  return treeOfBytes(Buffer.concat(leaves));
}

/** From concatenated digests: trees of millions need only 64 bytes per leaf. */
export function treeOfBytes(leaves: Buffer): Tree {
  const levels = perfectSubtrees(leaves);
  const count = leaves.length / DIGEST_BYTES;
  /** Roots of imperfect subtrees, which lie on the right edge; nearly every proof needs one. */
  const incomplete = new Map<string, Digest>();

  const root = (start: number, end: number): Digest => {
    const length = end - start;
    if (length === 0) return EMPTY_ROOT;
    const level = Math.log2(length);
    const nodes = levels[level];
    if (nodes && start % length === 0) return digestAt(nodes, start / length);
    const name = `${start}-${end}`;
    const known = incomplete.get(name);
    if (known) return known;
    const split = start + splitOf(length);
    const made = nodeHash(root(start, split), root(split, end));
    incomplete.set(name, made);
    return made;
  };

  const path = (index: number, start: number, end: number): Digest[] => {
    if (end - start <= 1) return [];
    const split = start + splitOf(end - start);
    return index < split
      ? [...path(index, start, split), root(split, end)]
      : [...path(index, split, end), root(start, split)];
  };

  /** `known`: the verifier already has the root of what remains of `first` in this subtree. */
  const subproof = (first: number, start: number, end: number, known: boolean): Digest[] => {
    if (first === end) return known ? [] : [root(start, end)];
    const split = start + splitOf(end - start);
    return first <= split
      ? [...subproof(first, start, split, known), root(split, end)]
      : [...subproof(first, split, end, false), root(start, split)];
  };

  const within = (value: number, low: number, high: number): void => {
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new RangeError(`${value} is not between ${low} and ${high}.`);
    }
  };

  return {
    size: count,
    rootAt(size) {
      within(size, 0, count);
      return root(0, size);
    },
    inclusionProof(index, size) {
      within(size, 1, count);
      within(index, 0, size - 1);
      return path(index, 0, size);
    },
    consistencyProof(first, second) {
      within(second, 0, count);
      within(first, 0, second);
      return first === 0 || first === second ? [] : subproof(first, 0, second, true);
    },
  };
}

/** Level 0 holds the leaves, level n the roots of 2^n leaves each; imperfect subtrees are omitted. */
function perfectSubtrees(leaves: Buffer): readonly Buffer[] {
  const levels = [leaves];
  for (let below = leaves; below.length >= 2 * DIGEST_BYTES;) {
    const level = parentsOf(below);
    levels.push(level);
    below = level;
  }
  return levels;
}

function digestAt(level: Buffer, index: number): Digest {
  return level.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
}

/** The largest power of two below `length`: the size of the left subtree. */
function splitOf(length: number): number {
  return 2 ** (Math.ceil(Math.log2(length)) - 1);
}
