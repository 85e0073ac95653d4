import { EMPTY_ROOT, nodeHash, type Digest } from './hash';

/**
 * A tree's right edge: the roots of its perfect subtrees, largest first, one per bit set in `size`. Enough to append to
 * the tree and compute its root.
 */
export interface CompactRange {
  readonly size: number;
  readonly edge: readonly Digest[];
}

export const EMPTY_RANGE: CompactRange = { size: 0, edge: [] };

/** Appends a leaf, with one hash per trailing one bit of `size`. */
export function appendLeafHash({ size, edge }: CompactRange, leaf: Digest): CompactRange {
  const next = [...edge];
  let node = leaf;
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    const left = next.pop();
    if (left === undefined) throw new Error(`The edge of a tree of ${size} leaves is too short.`);
    node = nodeHash(left, node);
  }
  next.push(node);
  return { size: size + 1, edge: next };
}

export function rootOf({ edge }: CompactRange): Digest {
  return edge.length === 0 ? EMPTY_ROOT : edge.reduceRight((right, left) => nodeHash(left, right));
}

/** How a range is stored between appends. */
export function encodeEdge(range: CompactRange): string {
  return range.edge.map((digest) => digest.toString('hex')).join('');
}

/** @throws if the text is not the edge of a tree of that size */
export function decodeEdge(size: number, text: string): CompactRange {
  const bits = size.toString(2).replaceAll('0', '').length;
  if (!/^[0-9a-f]*$/.test(text) || text.length !== bits * 64) {
    throw new Error(`Not the edge of a tree of ${size} leaves.`);
  }
  const edge = Array.from({ length: bits }, (_, index) =>
    Buffer.from(text.slice(index * 64, (index + 1) * 64), 'hex'),
  );
  return { size, edge };
}
