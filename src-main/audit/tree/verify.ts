import { EMPTY_ROOT, nodeHash, type Digest } from './hash';

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leaf: Digest;
  readonly proof: readonly Digest[];
  readonly root: Digest;
}

/** Whether the leaf is at `index` in the tree of `size` leaves with this root (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  { index, size, leaf, proof, root }: InclusionClaim,
  hashOf: typeof nodeHash = nodeHash,
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  let node = leaf;
  let place = index;
  let last = size - 1;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      node = hashOf(sibling, node);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      node = hashOf(node, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && node.equals(root);
}

export interface ConsistencyClaim {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: Digest;
  readonly secondRoot: Digest;
  readonly proof: readonly Digest[];
}

/** Whether the first tree is a prefix of the second (RFC 9162, 2.1.4.2; size 0 and equal sizes need no proof). */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim;
  if (!isCount(first) || !isCount(second) || first > second) return false;
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot);
  if (first === 0) return proof.length === 0 && firstRoot.equals(EMPTY_ROOT);

  // A perfect first tree is a node of the second: its root starts the path.
  const [start, ...rest] = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof;
  if (start === undefined || (isPowerOfTwo(first) && proof.length === 0)) return false;
  let place = first - 1;
  let last = second - 1;
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  let oldRoot = start;
  let newRoot = start;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      oldRoot = nodeHash(sibling, oldRoot);
      newRoot = nodeHash(sibling, newRoot);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      newRoot = nodeHash(newRoot, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && oldRoot.equals(firstRoot) && newRoot.equals(secondRoot);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Avoids `>>`, which truncates to 32 bits. */
function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}
