export {
  appendLeafHash,
  decodeEdge,
  EMPTY_RANGE,
  encodeEdge,
  rootOf,
  type CompactRange,
} from './compact-range';
export { DIGEST_BYTES, EMPTY_ROOT, leafHash, rememberingNodeHash, type Digest } from './hash';
export { treeOf, treeOfBytes, type Tree } from './proofs';
export { verifyConsistency, verifyInclusion } from './verify';
export type { ConsistencyClaim, InclusionClaim } from './verify';
