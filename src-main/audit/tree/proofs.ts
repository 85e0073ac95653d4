import { DIGEST_BYTES, EMPTY_ROOT, nodeHash, parentsOf, type Digest } from './hash';

/** A tree whose leaves are all at hand: what proofs are made from. Perfect subtrees are hashed once. */
export interface Tree {
  readonly size: number;
  rootAt(size: number): Digest;
  /** The siblings on the way from leaf `index` to the root of the first `size` leaves (RFC 9162, 2.1.3.1). */
  inclusionProof(index: number, size: number): Digest[];
  /** What shows that the first `first` leaves are the beginning of the first `second` (RFC 9162, 2.1.4.1). */
  consistencyProof(first: number, second: number): Digest[];
}

export function treeOf(leaves: readonly Digest[]): Tree {
  return treeOfBytes(Buffer.concat(leaves));
}

/** The same of digests that follow each other without a gap: 64 bytes a leaf is all that a tree of millions takes. */
export function treeOfBytes(leaves: Buffer): Tree {
  const levels = perfectSubtrees(leaves);
  const count = leaves.length / DIGEST_BYTES;
  /** Roots of subtrees that are not perfect: those on the right edge, which nearly every proof has one of. */
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

  /** `known`: the verifier has the root of what is left of `first` in this subtree already. */
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

/** Level 0 holds the leaves, level n the roots of 2^n leaves each; incomplete ones are left out. */
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

/** The largest power of two below `length`: the left subtree's leaves. */
function splitOf(length: number): number {
  return 2 ** (Math.ceil(Math.log2(length)) - 1);
}
