import type { LostLog } from '../../src-shared/domain';
import { lastCheckpoint, lastLeafSeq, type ReadDb } from '../store';
import type { Head } from './head';
import { openNote, type Checkpoint } from './note';
import { wasGivenUp } from './restored';

/**
 * What an outside head knows that the store does not: the database was deleted, or an old copy put in its place. Null
 * if they agree or a recorded restore explains the difference. Does not check the entries themselves; verification
 * does.
 */
export function lostLog(
  db: ReadDb,
  log: string,
  head: Head | null,
  told_by: LostLog['told_by'],
): LostLog | null {
  // The usual case: no need to open any note.
  if (head === null || lastCheckpoint(db)?.note === head.note || wasGivenUp(db, head.note)) return null;
  const signed = openNote(head.note, head.verifier_key);
  if (signed === null || isKnown(db, signed)) return null;
  return {
    state: signed.origin === log ? 'rolled_back' : 'another',
    told_by,
    expected_log: signed.origin,
    expected_entries: signed.size,
    log,
    entries: lastLeafSeq(db),
  };
}

/** Outside heads are written after the commit, so they can only be ahead if the database was put back. */
export function isKnown(db: ReadDb, signed: Checkpoint): boolean {
  // The head's content before the first checkpoint; every log continues the empty one.
  if (signed.size === 0) return true;
  const stored = lastCheckpoint(db, signed.size);
  return stored?.size === signed.size && stored.root === signed.root.toString('hex');
}
