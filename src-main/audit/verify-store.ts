import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  contentOf,
  hmacHolds,
  leafSha256,
  leavesAfter,
  listCheckpoints,
  listRestores,
  RECORD_TYPES,
  type AuditLeaf,
  type RecordKey,
  type RecordType,
  type Store,
} from '../store';
import { readHead, type Head } from './head';
import type { AuditKeys } from './keys';
import { openNote } from './note';
import { wasGivenUp } from './restored';
import { problemList, type AuditReport, type ProblemList } from './report';
import { appendLeafHash, EMPTY_RANGE, rootOf } from './tree';
import { findUnlogged } from './unlogged';

const CHUNK = 250;

/**
 * Walks the whole log: each entry's hash, the record it is about, each record's HMAC, the root at each checkpoint and
 * its signature, the head outside the database, and records that have no entry. Lets others have a turn in between.
 */
export async function verifyStore(
  deps: { store: Store; keys: AuditKeys; home: string },
  onProgress?: (entries: number) => void,
): Promise<AuditReport> {
  const { store, keys, home } = deps;
  const problems = problemList();
  const recordKeys = await keys.recordKeys();
  const remembered = await keys.rememberedHead();
  const claims = claimedRoots(store, keys, heads(home, remembered, problems), problems);

  const records = recordChecker(store, recordKeys, problems);
  let range = EMPTY_RANGE;
  let seq = 0;
  let verifiedTo: string | null = null;

  for (;;) {
    claims.compare(range.size, () => rootOf(range).toString('hex'));
    const leaves = leavesAfter(store.read, seq, CHUNK);
    for (const leaf of leaves) {
      if (leaf.seq !== seq + 1) {
        problems.add(`Entry ${seq + 1} is missing${leaf.seq > seq + 2 ? `, up to ${leaf.seq - 1}` : ''}.`, {
          ...leaf,
          seq: seq + 1,
        });
      }
      seq = leaf.seq;
      verifiedTo = leaf.created_at;
      const computed = leafSha256(leaf);
      if (computed !== leaf.leaf_sha256) problems.add(`Entry ${seq} was changed.`, leaf);
      range = appendLeafHash(range, Buffer.from(computed, 'hex'));
      claims.compare(range.size, () => rootOf(range).toString('hex'));
      records.check(leaf);
    }
    onProgress?.(seq);
    if (leaves.length < CHUNK) break;
    await nextTurn();
  }
  // In the same turn as the last entries: nothing can come in between.
  claims.refuseBeyond(range.size);
  records.finish();
  return {
    entries: range.size,
    verified_to: verifiedTo,
    restores: listRestores(store.read),
    checkpoints: claims.checkpoints,
    ...records.hmac,
    ...problems.result(),
  };
}

interface OutsideHead {
  readonly where: string;
  readonly head: Head;
}

function heads(home: string, remembered: string | null, problems: ProblemList): OutsideHead[] {
  const file = readHead(home);
  if (file === 'unreadable') problems.add('The file audit-head is not what Prompter wrote.');
  const found: OutsideHead[] = [];
  if (file !== null && file !== 'unreadable') found.push({ where: 'the file audit-head', head: file });
  if (remembered !== null && file !== null && file !== 'unreadable' && remembered !== file.note) {
    found.push({ where: 'the keychain', head: { note: remembered, verifier_key: file.verifier_key } });
  }
  return found;
}

/** All roots that were signed, by the size at which they must come out. */
function claimedRoots(store: Store, keys: AuditKeys, outside: readonly OutsideHead[], problems: ProblemList) {
  const claims = new Map<number, { root: string; by: string }[]>();
  const claim = (size: number, root: string, by: string): void => {
    claims.set(size, [...(claims.get(size) ?? []), { root, by }]);
  };
  const checkpoints = listCheckpoints(store.read);
  const pinned = keys.pinned();
  for (const { size, root, note, verifier_key, ephemeral } of checkpoints) {
    const by = `the checkpoint at ${size} entries`;
    const signed = openNote(note, verifier_key);
    if (signed === null || signed.origin !== keys.origin)
      problems.add(`The signature of ${by} does not hold.`);
    else if (signed.size !== size || signed.root.toString('hex') !== root) problems.add(`${by} was changed.`);
    else if (ephemeral === 0 && verifier_key !== pinned)
      problems.add(`${by} is signed by a key that is not pinned.`);
    else claim(size, root, by);
  }
  for (const { where, head } of outside) {
    if (wasGivenUp(store.read, head.note)) continue;
    const signed = openNote(head.note, head.verifier_key);
    if (signed === null) problems.add(`The signature of the last checkpoint in ${where} does not hold.`);
    else if (signed.origin !== keys.origin)
      problems.add(`${where} is about another log: this store took its place.`);
    else
      claim(
        signed.size,
        signed.root.toString('hex'),
        `the last checkpoint in ${where} (${signed.size} entries)`,
      );
  }
  if (checkpoints.length > 0 && outside.length === 0) {
    problems.add('The file audit-head is missing: whether this is an old copy of the store cannot be told.');
  }

  return {
    checkpoints: checkpoints.length,
    compare(size: number, root: () => string): void {
      const expected = claims.get(size);
      if (expected === undefined) return;
      claims.delete(size);
      const actual = root();
      for (const each of expected) {
        if (each.root !== actual) {
          problems.add(
            `The entries up to ${size} do not give the root of ${each.by}: one of them was rewritten.`,
          );
        }
      }
    },
    refuseBeyond(size: number): void {
      for (const [claimed, entries] of claims) {
        for (const { by } of entries) {
          problems.add(
            `${by} covers ${claimed} entries, but the log has ${size}: it was cut off, or an old copy of the store was put back.`,
          );
        }
      }
    },
  };
}

function recordChecker(store: Store, keys: ReadonlyMap<string, RecordKey>, problems: ProblemList) {
  const hmac = { hmac_verified: 0, hmac_unverifiable: 0 };
  const logged = new Map<string, number>();
  /** Results that are not what the run has now: right where a later entry explains it, found at the end where none does. */
  const outdated = new Map<string, AuditLeaf>();
  /** Runs that were given another attempt and have no result since. */
  const retried = new Set<string>();

  const checkHmac = (content: string, leaf: AuditLeaf): void => {
    const { holds, keyId } = hmacHolds(content, (id) => keys.get(id) ?? null);
    if (holds === true) hmac.hmac_verified += 1;
    else if (holds === false) problems.add(`The HMAC of ${nameOf(leaf)} does not hold.`, leaf);
    else if (keyId !== null) hmac.hmac_unverifiable += 1;
  };
  const count = (type: string): void => void logged.set(type, (logged.get(type) ?? 0) + 1);

  const check = (leaf: AuditLeaf): void => {
    const type = RECORD_TYPES.find((known): known is RecordType => known === leaf.record_type);
    if (type === undefined) return problems.add(`Entry ${leaf.seq} is of an unknown kind.`, leaf);
    const content = readable(() => contentOf(store.read, type, leaf.record_id));
    if (content === undefined) problems.add(`${nameOf(leaf)} cannot be read any more.`, leaf);
    else if (content === null) problems.add(`${nameOf(leaf)} is not in the store any more.`, leaf);
    const holds = typeof content === 'string' && hash('sha256', content) === leaf.content_sha256;
    if (type === 'result' || type === 'retry') {
      outdated.delete(leaf.record_id);
      if (type === 'retry') retried.add(leaf.record_id);
      else retried.delete(leaf.record_id);
      if (typeof content === 'string' && !holds) outdated.set(leaf.record_id, leaf);
      return;
    }
    count(type);
    if (typeof content !== 'string') return;
    if (!holds) problems.add(`${nameOf(leaf)} was changed.`, leaf);
    if (type === 'template' || type === 'run') checkHmac(content, leaf);
  };

  return {
    hmac,
    check,
    finish(): void {
      for (const leaf of outdated.values()) problems.add(`${nameOf(leaf)} was changed.`, leaf);
      const results = store.read
        .prepare<[], { n: number }>(
          `SELECT count(DISTINCT record_id) AS n FROM audit_leaves WHERE record_type = 'result'`,
        )
        .get();
      logged.set('result', (results?.n ?? 0) - openRetries(store, retried));
      findUnlogged(store, logged, retried, problems);
    },
  };
}

/** Of the runs that wait for another result, those that had one: their old result does not stand. */
function openRetries(store: Store, retried: ReadonlySet<string>): number {
  if (retried.size === 0) return 0;
  const had = new Set<string>();
  for (let last = 0; ;) {
    const leaves = leavesAfter(store.read, last, 1000);
    for (const leaf of leaves) {
      last = leaf.seq;
      if (leaf.record_type === 'result' && retried.has(leaf.record_id)) had.add(leaf.record_id);
    }
    if (leaves.length === 0) return had.size;
  }
}

function nameOf({ seq, record_type, record_id }: AuditLeaf): string {
  return `Entry ${seq}: the ${record_type.replace('_', ' ')} ${record_id}`;
}

/** Damaged bytes are a finding here, not a failure. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
