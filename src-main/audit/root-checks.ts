import { listCheckpoints, listRestores, type ReadDb, type StoredCheckpoint } from '../store';
import { openNote } from './note';
import type { ProblemList } from './report';
import { logSpans, replacedBy, spanAt, wasGivenUp } from './restored';
import { appendLeafHash, decodeEdge, EMPTY_RANGE, rootOf, type CompactRange, type Digest } from './tree';
import type { TrustAnchors } from './trust-anchors';

interface SignedRoot {
  readonly root: string;
  readonly by: string;
  /** The tree's signed right edge: lets checking resume after tampered entries. */
  readonly edge: string | null;
}

/**
 * Compares every root ever signed with the entries as they are read. A mismatch is narrowed down to the entries between
 * two checkpoints: checking restarts at the next checkpoint that matches or has a valid edge.
 */
export function createRootChecks(db: ReadDb, trust: TrustAnchors, problems: ProblemList) {
  const checkpoints = listCheckpoints(db);
  const expected = new Map<number, SignedRoot[]>();
  const addRoot = (size: number, made: SignedRoot): void => {
    expected.set(size, [...(expected.get(size) ?? []), made]);
  };
  if (trust.successor !== null) problems.add(replacedBy(trust.successor));
  addCheckpointRoots(db, checkpoints, trust, problems, addRoot);
  addHeadRoots(db, checkpoints, trust, problems, addRoot);

  /** Null after a gap, until a checkpoint's edge restores it. */
  let range: CompactRange | null = EMPTY_RANGE;
  let holdsTo = 0;
  let next = 1;

  const compare = (size: number): void => {
    const made = expected.get(size);
    if (made === undefined) return;
    expected.delete(size);
    const root = range === null ? null : rootOf(range).toString('hex');
    const broken = root === null ? undefined : made.find((each) => each.root !== root);
    if (broken) {
      problems.add(
        holdsTo + 1 >= size
          ? `Entry ${size} was rewritten: it does not lead to the root of ${broken.by}.`
          : `One of the entries ${holdsTo + 1} to ${size} was rewritten: they do not lead to the root of ${broken.by}.`,
        { seq: holdsTo + 1 },
      );
    }
    holdsTo = size;
    if (broken || range === null) range = resumed(size, made);
  };
  compare(0);

  return {
    checkpoints: checkpoints.length,
    /** Entries covered by the last checkpoint so far. */
    signed: () => holdsTo,
    append(seq: number, leaf: Digest): void {
      if (seq !== next) {
        range = null;
        // Checkpoints inside the gap: the missing entries are already reported.
        for (const size of expected.keys()) if (size < seq) expected.delete(size);
      }
      next = seq + 1;
      if (range !== null) range = appendLeafHash(range, leaf);
      compare(seq);
    },
    /** Call after the last entry. */
    end(size: number): void {
      for (const [covered, made] of expected) {
        for (const { by } of made) {
          problems.add(
            `The log has ${size} entries, but ${by} covers ${covered}: the log was cut off, or an old copy of the store was put back.`,
            { seq: size + 1 },
          );
        }
      }
    },
  };
}

type AddRoot = (size: number, root: SignedRoot) => void;

function addCheckpointRoots(
  db: ReadDb,
  checkpoints: readonly StoredCheckpoint[],
  { origin, stored_key, kept_key }: TrustAnchors,
  problems: ProblemList,
  addRoot: AddRoot,
): void {
  if (kept_key !== null && stored_key !== null && kept_key !== stored_key) {
    problems.add('The signing key named in the store is not the one in the keychain.');
  }
  const spans = logSpans(db, origin, kept_key ?? stored_key);
  for (const { size, root, edge, note, verifier_key, ephemeral } of checkpoints) {
    const by = `the checkpoint at ${size} entries`;
    const signed = openNote(note, verifier_key);
    const span = spanAt(spans, size);
    const pinned = span?.key ?? null;
    if (signed === null || signed.origin !== span?.log) problems.add(`The signature of ${by} is not valid.`);
    else if (
      signed.size !== size ||
      signed.root.toString('hex') !== root ||
      resumed(size, [{ root, by, edge }]) === null ||
      (ephemeral !== 0 && verifier_key === pinned)
    )
      problems.add(`The checkpoint at ${size} entries was changed.`);
    else if (ephemeral === 0 && verifier_key !== pinned)
      problems.add(`The checkpoint at ${size} entries is not signed with this log's key.`);
    else addRoot(size, { root, by, edge });
  }
}

function addHeadRoots(
  db: ReadDb,
  checkpoints: readonly StoredCheckpoint[],
  trust: TrustAnchors,
  problems: ProblemList,
  addRoot: AddRoot,
): void {
  const heads: { where: string; note: string; keys: (string | null)[] }[] = [];
  const { head_file, kept_head, kept_key, signed: lastSigned } = trust;
  if (head_file.state === 'unreadable') problems.add('The file audit-head is not what Prompter wrote.');
  // A backup restored into a new folder has no head until the next checkpoint is signed.
  if (
    head_file.state === 'absent' &&
    (lastSigned > 0 || kept_head !== null) &&
    (listRestores(db).at(-1)?.continues_entries ?? 0) < lastSigned
  ) {
    problems.add('The file audit-head is missing: it was removed, or the store was moved without it.');
  }
  if (head_file.state === 'read') {
    heads.push({ where: 'the file audit-head', note: head_file.note, keys: [head_file.verifier_key] });
  }
  if (kept_head !== null && !(head_file.state === 'read' && head_file.note === kept_head)) {
    // Signed with the keychain's key, or with a session key whose public half is stored with the checkpoint.
    const keys = [
      kept_key,
      ...checkpoints.filter(({ note }) => note === kept_head).map((c) => c.verifier_key),
    ];
    if (head_file.state === 'read') keys.push(head_file.verifier_key);
    heads.push({ where: 'the keychain', note: kept_head, keys });
  }
  for (const { where, note, keys } of heads) {
    if (wasGivenUp(db, note)) continue;
    const signed = keys
      .map((key) => (key === null ? null : openNote(note, key)))
      .find((found) => found !== null);
    if (!signed) problems.add(`The signature of the last checkpoint in ${where} is not valid.`);
    else if (signed.origin !== trust.origin)
      problems.add(`The last checkpoint in ${where} belongs to another log, which this store replaced.`);
    else {
      const root = signed.root.toString('hex');
      addRoot(signed.size, {
        root,
        by: `the last checkpoint in ${where} (${signed.size} entries)`,
        edge: null,
      });
    }
  }
}

/** The signed tree of that size, rebuilt from a stored edge that yields the signed root; null if none does. */
function resumed(size: number, roots: readonly SignedRoot[]): CompactRange | null {
  for (const { edge, root } of roots) {
    if (edge === null) continue;
    try {
      const range = decodeEdge(size, edge);
      if (rootOf(range).toString('hex') === root) return range;
    } catch {
      // Not a valid edge; another checkpoint of this size may have one.
    }
  }
  return null;
}
