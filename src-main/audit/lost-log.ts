import type { LostLog } from '../../src-shared/domain';
import { lastCheckpoint, lastLeafSeq, type ReadDb } from '../store';
import type { Head } from './head';
import { openNote, type Checkpoint } from './note';
import { wasGivenUp } from './restored';

/**
 * What a head outside the store says that the store knows nothing of: the database was deleted, or an old copy put in
 * its place. Null where they agree, or where a restore that is on record explains it; whether all entries are what they
 * were is for verifying.
 */
export function lostLog(
  db: ReadDb,
  log: string,
  head: Head | null,
  told_by: LostLog['told_by'],
): LostLog | null {
  // Most of the time: nothing has to be opened.
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

/** Heads outside are written after the commit, so they are never ahead of the database but where that was put back. */
export function isKnown(db: ReadDb, signed: Checkpoint): boolean {
  // What the head says until the first checkpoint is signed; any log continues nothing.
  if (signed.size === 0) return true;
  const stored = lastCheckpoint(db, signed.size);
  return stored?.size === signed.size && stored.root === signed.root.toString('hex');
}
