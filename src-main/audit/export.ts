import { closeSync, openSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { RECORD_TYPES, recordTypeOf } from '../../src-shared/domain';
import {
  countLeaves,
  getRawResponse,
  idsWithSeveralLeaves,
  lastLeafSeq,
  leafText,
  leavesAfter,
  longRead,
  RECORDS,
  stateOf,
  type AuditLeaf,
  type ReadDb,
  type Records,
  type Steps,
} from '../store';
import { readable } from './entries';
import { EXPORT_FORMAT, type ExportLine } from './export-format';
import type { LogSpan } from './restored';
import { DIGEST_BYTES, treeOfBytes, type Digest } from './tree';

/** A power of two, which makes all chunks but the last perfect subtrees: proofs are built from their roots. */
const CHUNK = 256;

const writtenSchema = z.object({ size: z.number() });

/**
 * Writes the log's entries. Each line has the leaf and the record as the exact bytes that were hashed, its inclusion
 * proof and, for answers, the provider's bytes. Memory holds one hash per chunk, never the whole tree or all records.
 * The export's head follows later, once a checkpoint is signed for the size found here.
 */
export const writeEntries = longRead<{ path: string }, { size: number }>({
  name: 'audit.export',
  input: z.object({ path: z.string() }),
  output: writtenSchema,
  run: (db, { path }) => writeTo(path, db),
});

/** `writeEntries` for custom kinds of records. */
export function* writeTo(path: string, db: ReadDb, records: Records = RECORDS): Steps<{ size: number }> {
  const file = openSync(path, 'w', 0o600);
  try {
    return yield* write(db, file, records);
  } finally {
    closeSync(file);
  }
}

function* write(db: ReadDb, file: number, records: Records): Steps<{ size: number }> {
  const { roots, standing } = readTree(db);
  const upper = treeOfBytes(roots);
  let index = 0;
  for (let last = 0; ; yield index) {
    const leaves = leavesAfter(db, last, CHUNK);
    if (leaves.length === 0) break;
    const lower = treeOfBytes(digestsOf(leaves));
    const shared = inBase64(upper.inclusionProof(index / CHUNK, upper.size));
    let text = '';
    for (const [place, leaf] of leaves.entries()) {
      last = leaf.seq;
      const state = standing.get(subjectOf(leaf) ?? '');
      const superseded = state !== undefined && state > leaf.seq ? state : null;
      text += lineOf({
        kind: 'entry',
        seq: leaf.seq,
        leaf: leafText(leaf),
        // Damaged in the store: exported as missing, which every verifier reports.
        record: superseded === null ? recordOf(db, leaf, records) : null,
        superseded_by: superseded,
        bytes: bytesOf(db, leaf),
        // Covers existing entries only: if some are missing, the proofs lead to no signed root.
        proof: [...inBase64(lower.inclusionProof(place, lower.size)), ...shared],
      });
      if (text.length > 1 << 20) {
        writeFileSync(file, text);
        text = '';
      }
    }
    writeFileSync(file, text);
    index += leaves.length;
  }
  return { size: lastLeafSeq(db) };
}

/** Everything before the entries: the header and all checkpoints, ending with the one that covers the export. */
export function exportHead(
  spans: readonly LogSpan[],
  exportedAt: string,
  checkpoints: readonly { size: number; note: string; verifier_key: string; ephemeral: number }[],
): string {
  const size = checkpoints.at(-1)?.size ?? 0;
  const origin = spans.at(-1)?.log ?? '';
  const continues = spans.flatMap(({ log, to }) => (to === null ? [] : [{ log, to }]));
  return [
    lineOf({ kind: 'header', format: EXPORT_FORMAT, origin, continues, size, exported_at: exportedAt }),
    ...checkpoints.map(({ note, verifier_key, ephemeral }) =>
      lineOf({ kind: 'checkpoint', note, verifier_key, ephemeral: ephemeral === 1 }),
    ),
  ].join('');
}

function lineOf(line: ExportLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * The root of each chunk of entries and, for records with several entries, the last entry that describes their state.
 */
function readTree(db: ReadDb): { roots: Buffer; standing: Map<string, number> } {
  const roots = Buffer.alloc(Math.ceil(countLeaves(db) / CHUNK) * DIGEST_BYTES);
  const standing = new Map<string, number>();
  const several = idsWithSeveralLeaves(
    db,
    RECORD_TYPES.filter((type) => stateOf(type) !== null),
  );
  let last = 0;
  for (let at = 0; at < roots.length; at += DIGEST_BYTES) {
    const leaves = leavesAfter(db, last, CHUNK);
    treeOfBytes(digestsOf(leaves)).rootAt(leaves.length).copy(roots, at);
    for (const leaf of leaves) {
      last = leaf.seq;
      const subject = several.has(leaf.record_id) ? subjectOf(leaf) : null;
      if (subject !== null) standing.set(subject, leaf.seq);
    }
  }
  return { roots, standing };
}

/** Existing entries only, without gaps. */
function digestsOf(leaves: readonly AuditLeaf[]): Buffer {
  return Buffer.from(leaves.map(({ leaf_sha256 }) => leaf_sha256).join(''), 'hex');
}

function inBase64(digests: readonly Digest[]): string[] {
  return digests.map((digest) => digest.toString('base64'));
}

function subjectOf({ record_type, record_id }: AuditLeaf): string | null {
  const type = recordTypeOf(record_type);
  const state = type === undefined ? null : stateOf(type);
  return state === null ? null : `${state} ${record_id}`;
}

/** As logged, so that checking it requires no knowledge of versions. */
function recordOf(db: ReadDb, leaf: AuditLeaf, records: Records): string | null {
  const type = recordTypeOf(leaf.record_type);
  return type === undefined ? null : (readable(() => records.find(db, type, leaf))?.content ?? null);
}

function bytesOf(db: ReadDb, leaf: AuditLeaf): string | null {
  if (leaf.record_type !== 'answer') return null;
  return readable(() => {
    const raw = getRawResponse(db, leaf.record_id);
    return raw === null ? null : Buffer.from(raw.bytes).toString('base64');
  });
}
