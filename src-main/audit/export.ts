import {
  contentOf,
  getRawResponse,
  leafText,
  leavesAfter,
  listCheckpoints,
  RECORD_TYPES,
  type AuditLeaf,
  type Store,
  type StoredCheckpoint,
} from '../store';
import { EXPORT_FORMAT, type ExportLine } from './export-format';
import { treeOf } from './tree';

const CHUNK = 1000;

/**
 * The log up to a checkpoint as JSON Lines: header, all checkpoints with this one last, then each entry with its leaf
 * and its record as the exact bytes that were hashed, its inclusion proof and, of answers, the provider's bytes. Pieces
 * of a file, which nobody has to hold in one string.
 */
export function exportLog(store: Store, checkpoint: StoredCheckpoint, origin: string): string[] {
  const leaves = readLeaves(store, checkpoint.size);
  const tree = treeOf(leaves.map((leaf) => Buffer.from(leaf.leaf_sha256, 'hex')));
  const standing = standingStates(store);
  const lines: string[] = [];
  const write = (line: ExportLine): void => void lines.push(`${JSON.stringify(line)}\n`);

  write({
    kind: 'header',
    format: EXPORT_FORMAT,
    origin,
    size: checkpoint.size,
    exported_at: checkpoint.created_at,
  });
  for (const { size, note, verifier_key, ephemeral } of listCheckpoints(store.read)) {
    if (size <= checkpoint.size)
      write({ kind: 'checkpoint', note, verifier_key, ephemeral: ephemeral === 1 });
  }
  for (const [index, leaf] of leaves.entries()) {
    const state = standing.get(leaf.record_id);
    const superseded = isState(leaf) && state !== undefined && state > leaf.seq ? state : null;
    write({
      kind: 'entry',
      seq: leaf.seq,
      leaf: leafText(leaf),
      record: superseded === null ? recordOf(store, leaf) : null,
      superseded_by: superseded,
      bytes: bytesOf(store, leaf),
      // Of what is there: a log that lost entries is exported as well, and its proofs then lead to no signed root.
      proof: tree.inclusionProof(index, leaves.length).map((digest) => digest.toString('base64')),
    });
  }
  return lines;
}

function readLeaves(store: Store, size: number): AuditLeaf[] {
  const leaves: AuditLeaf[] = [];
  for (;;) {
    const next = leavesAfter(store.read, leaves.at(-1)?.seq ?? 0, Math.min(CHUNK, size - leaves.length));
    leaves.push(...next);
    if (next.length === 0 || leaves.length === size) return leaves;
  }
}

/** The last entry that says how a run stands: results before it are not what the run has now. */
function standingStates(store: Store): Map<string, number> {
  const standing = new Map<string, number>();
  for (let last = 0; ;) {
    const leaves = leavesAfter(store.read, last, CHUNK);
    for (const leaf of leaves) {
      last = leaf.seq;
      if (isState(leaf)) standing.set(leaf.record_id, leaf.seq);
    }
    if (leaves.length === 0) return standing;
  }
}

function isState({ record_type }: AuditLeaf): boolean {
  return record_type === 'result' || record_type === 'retry';
}

function recordOf(store: Store, leaf: AuditLeaf): string | null {
  const type = RECORD_TYPES.find((known) => known === leaf.record_type);
  if (type === undefined) return null;
  try {
    return contentOf(store.read, type, leaf.record_id);
  } catch {
    // Damaged in the store: exported as missing, which every verifier reports.
    return null;
  }
}

function bytesOf(store: Store, leaf: AuditLeaf): string | null {
  if (leaf.record_type !== 'answer') return null;
  try {
    const raw = getRawResponse(store.read, leaf.record_id);
    return raw === null ? null : Buffer.from(raw.bytes).toString('base64');
  } catch {
    return null;
  }
}
