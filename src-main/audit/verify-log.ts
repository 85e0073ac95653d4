import {
  leavesAfter,
  listRestores,
  longRead,
  misplacedTemplates,
  RECORDS,
  type ReadDb,
  type Records,
  type Steps,
} from '../store';
import { createRootChecks } from './root-checks';
import { createRecordChecks } from './record-checks';
import { problemList, reportSchema, type AuditReport } from './report';
import { trustAnchorsSchema, type TrustAnchors } from './trust-anchors';

/** Entries between progress reports, and between chances for other work to run. */
const CHUNK = 250;

/**
 * Verifies the whole log: each entry's hash, its record, the record's HMAC, the root and signature of each checkpoint,
 * the heads outside the database, and records without an entry. Holds one chunk of entries in memory.
 */
export const verifyLog = longRead<TrustAnchors, AuditReport>({
  name: 'audit.verify',
  input: trustAnchorsSchema,
  output: reportSchema,
  run: (db, trust) => walk(db, trust),
});

/** `verifyLog` for callers with their own trust anchors. */
export function* walk(db: ReadDb, trust: TrustAnchors, kinds: Records = RECORDS): Steps<AuditReport> {
  const problems = problemList();
  const rootChecks = createRootChecks(db, trust, problems);
  const records = createRecordChecks(db, trust, problems, kinds);
  let seq = 0;
  let entries = 0;
  let verifiedTo: string | null = null;

  for (;;) {
    const leaves = leavesAfter(db, seq, CHUNK);
    for (const leaf of leaves) {
      if (leaf.seq !== seq + 1) {
        const upTo = leaf.seq > seq + 2 ? `, up to ${leaf.seq - 1}` : '';
        problems.add(`Entry ${seq + 1} is missing${upTo}.`, { seq: seq + 1 });
      }
      seq = leaf.seq;
      entries += 1;
      verifiedTo = leaf.created_at;
      if (!leaf.holds) problems.add(`Entry ${seq} was changed.`, leaf);
      records.check(leaf);
      rootChecks.append(seq, Buffer.from(leaf.leaf_sha256, 'hex'));
    }
    yield entries;
    if (leaves.length < CHUNK) break;
  }
  rootChecks.end(seq);
  records.end();
  for (const { template_id, prompt_id } of misplacedTemplates(db)) {
    problems.add(
      `The template ${template_id} is not where its parent places it, but in the prompt ${prompt_id}.`,
    );
  }
  return {
    entries,
    verified_to: verifiedTo,
    restores: listRestores(db),
    checkpoints: rootChecks.checkpoints,
    ...records.hmac,
    ...problems.result(),
    notes: notesOf(trust, { ...records.hmac, entries, signed: rootChecks.signed() }),
  };
}

function notesOf(
  { stored_key, kept_key }: TrustAnchors,
  found: { entries: number; signed: number; hmac_unverifiable: number; hmac_missing: number },
): string[] {
  const notes: string[] = [];
  const { entries, signed, hmac_unverifiable, hmac_missing } = found;
  if (signed < entries) {
    notes.push(
      `The last ${entries - signed} entries are not signed yet; the next checkpoint will cover them.`,
    );
  }
  if (kept_key === null && stored_key !== null) {
    notes.push(
      'The signing key is not in a keychain here, so signatures were checked with the key named in the store itself.',
    );
  } else if (kept_key === null && signed > 0) {
    notes.push(
      'There is no keychain, so checkpoints are signed by keys held only in memory. Keep a checkpoint elsewhere.',
    );
  }
  if (hmac_unverifiable > 0) {
    notes.push(`${hmac_unverifiable} HMACs were not checked: their key is not in the keychain.`);
  }
  if (hmac_missing > 0) {
    notes.push(`${hmac_missing} records have no HMAC: there was no keychain when they were stored.`);
  }
  return notes;
}
