import * as z from 'zod';
import { notFound, recordTypeOf, type RecordType } from '../../src-shared/domain';
import {
  checkHmac,
  countLeaves,
  decodeCursor,
  encodeCursor,
  getLeaf,
  lastCheckpoint,
  leavesAfter,
  leavesBefore,
  longRead,
  RECORDS,
  type AuditLeaf,
  type LoggedRecord,
  type LongReads,
  type ReadDb,
  type RecordKey,
  type Records,
  type Steps,
  type Store,
} from '../store';
import { DIGEST_BYTES, treeOfBytes, verifyInclusion } from './tree';

const leafSchema = z.object({
  seq: z.number(),
  record_type: z.string(),
  record_id: z.string(),
  content_sha256: z.string(),
  salt: z.string(),
  leaf_sha256: z.string(),
  holds: z.boolean(),
  actor: z.string(),
  created_at: z.string(),
});
export type AuditEntry = AuditLeaf;

const filterSchema = z.object({
  record_type: z.string().optional(),
  actor: z.string().optional(),
  object_id: z.string().optional(),
  from: z.number().optional(),
  to: z.number().optional(),
});

export interface AuditFilter {
  readonly record_type?: RecordType | undefined;
  readonly actor?: string | undefined;
  readonly object_id?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** May read the whole log: rare entries are far apart, and there is no index. */
export const findEntries = longRead<
  { before: number; limit: number; filter: z.infer<typeof filterSchema> },
  AuditEntry[]
>({
  name: 'audit.find',
  input: z.object({ before: z.number(), limit: z.number(), filter: filterSchema }),
  output: leafSchema.array(),
  *run(db, { before, limit, filter }) {
    yield 0;
    return leavesBefore(db, before, limit, filter);
  },
});

export async function listEntries(
  { store, longReads }: { store: Store; longReads: LongReads },
  { cursor, limit, record_type, actor, object_id, from, to }: AuditFilter,
): Promise<{ items: AuditEntry[]; next_cursor: string | null }> {
  const time = (at: string | undefined): number | undefined =>
    at === undefined ? undefined : Date.parse(at);
  const filter = { record_type, actor, object_id, from: time(from), to: time(to) };
  const before = decodeCursor(cursor);
  const found = Object.values(filter).every((value) => value === undefined)
    ? leavesBefore(store.read, before, limit + 1, {})
    : await longReads(findEntries, { before, limit: limit + 1, filter });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: found.length > limit && last ? encodeCursor(last.seq) : null };
}

/** The record's current state, compared with what was logged. */
export type RecordState = 'unchanged' | 'changed' | 'missing' | 'superseded';
export type HmacState = 'holds' | 'wrong' | 'key_missing' | 'none';

export function entryOf(
  db: ReadDb,
  seq: number,
  keyOf: (id: string) => RecordKey | null,
  records: Records = RECORDS,
): AuditEntry & {
  content: string | null;
  state: RecordState;
  hmac: HmacState | null;
  hmac_key_id: string | null;
  leaf_holds: boolean;
} {
  const leaf = getLeaf(db, seq);
  if (!leaf) throw notFound('audit entry', String(seq));
  const type = recordTypeOf(leaf.record_type);
  const kind = type === undefined ? undefined : records.kinds[type];
  const record = type === undefined ? null : readable(() => records.find(db, type, leaf));
  const { hmac, keyId } = hmacOf(kind?.sealed ? record : null, keyOf);
  return {
    ...leaf,
    content: record?.content ?? null,
    state: stateOfEntry(record, kind?.state),
    hmac: kind?.sealed ? hmac : null,
    hmac_key_id: keyId,
    leaf_holds: leaf.holds,
  };
}

function stateOfEntry(record: LoggedRecord | null, state: string | undefined): RecordState {
  if (record?.holds) return 'unchanged';
  // A later entry should describe the current state; verification checks that there is one.
  if (state !== undefined) return 'superseded';
  return record === null ? 'missing' : 'changed';
}

function hmacOf(
  record: LoggedRecord | null,
  keyOf: (id: string) => RecordKey | null,
): { hmac: HmacState; keyId: string | null } {
  const { holds, keyId } = checkHmac(record?.texts ?? [], keyOf);
  if (holds !== null) return { hmac: holds ? 'holds' : 'wrong', keyId };
  return { hmac: keyId === null ? 'none' : 'key_missing', keyId };
}

const proofSchema = z.object({
  seq: z.number(),
  leaf_sha256: z.string(),
  /** Null if no checkpoint covers the entry yet. */
  size: z.number().nullable(),
  root: z.string().nullable(),
  proof: z.string().array(),
  holds: z.boolean(),
});
export type AuditProof = z.infer<typeof proofSchema>;

export const findProof = longRead<{ seq: number }, AuditProof>({
  name: 'audit.proof',
  input: z.object({ seq: z.number() }),
  output: proofSchema,
  run: (db, { seq }) => prove(db, seq),
});

function* prove(db: ReadDb, seq: number): Steps<AuditProof> {
  const leaf = getLeaf(db, seq);
  if (!leaf) throw notFound('audit entry', String(seq));
  const { leaf_sha256 } = leaf;
  const checkpoint = lastCheckpoint(db);
  if (checkpoint === null || checkpoint.size < seq) {
    return { seq, leaf_sha256, size: null, root: null, proof: [], holds: false };
  }
  const digests = Buffer.alloc(countLeaves(db) * DIGEST_BYTES);
  let size = 0;
  for (let last = 0; last < checkpoint.size;) {
    const leaves = leavesAfter(db, last, Math.min(1000, checkpoint.size - last));
    for (const { leaf_sha256: stored } of leaves) digests.write(stored, size++ * DIGEST_BYTES, 'hex');
    const end = leaves.at(-1);
    if (!end) break;
    last = end.seq;
    yield last;
  }
  const { root } = checkpoint;
  const proof =
    seq > size ? [] : treeOfBytes(digests.subarray(0, size * DIGEST_BYTES)).inclusionProof(seq - 1, size);
  const holds = verifyInclusion({
    index: seq - 1,
    size: checkpoint.size,
    leaf: Buffer.from(leaf_sha256, 'hex'),
    proof,
    root: Buffer.from(root, 'hex'),
  });
  return { seq, leaf_sha256, size: checkpoint.size, root, proof: proof.map((d) => d.toString('hex')), holds };
}

export function proveEntry({ longReads }: { longReads: LongReads }, seq: number): Promise<AuditProof> {
  return longReads(findProof, { seq });
}

/** Treats damaged data as missing. */
export function readable<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
