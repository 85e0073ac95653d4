import { AppError } from '../../src-shared/domain';
import type { Clock } from '../ports';
import {
  insertCheckpoint,
  lastCheckpoint,
  lastLeafSeq,
  leavesAfter,
  type Store,
  type StoredCheckpoint,
  type WriteDb,
} from '../store';
import { readHead, writeHead } from './head';
import type { AuditKeys } from './keys';
import { openNote } from './note';
import { wasGivenUp } from './restored';
import { appendLeafHash, decodeEdge, EMPTY_RANGE, encodeEdge, rootOf, type CompactRange } from './tree';

export interface CheckpointDeps {
  readonly store: Store;
  readonly keys: AuditKeys;
  readonly clock: Clock;
  readonly home: string;
}

const CHUNK = 1000;

/**
 * Signs what the log holds now, unless the last checkpoint says it already. Reads the entries since then alone.
 * @throws STORE_CORRUPT where the log does not continue what was signed: such a log is never signed (RFC 9162)
 */
export async function signCheckpoint(deps: CheckpointDeps): Promise<StoredCheckpoint> {
  const { store, keys, home } = deps;
  const { signer, ephemeral } = await keys.signing();
  const checkpoint = store.write((tx) => {
    const last = lastCheckpoint(tx);
    refuseRolledBack(tx, home, last);
    const size = lastLeafSeq(tx);
    if (last && last.size === size) return last;
    const range = continued(tx, last);
    if (range.size !== size) throw inconsistent('An entry of the audit log is missing.');
    const root = rootOf(range);
    const signed: StoredCheckpoint = {
      size,
      root: root.toString('hex'),
      edge: encodeEdge(range),
      note: signer.sign({ origin: keys.origin, size, root }),
      verifier_key: signer.verifierKey,
      ephemeral: Number(ephemeral),
      created_at: new Date(deps.clock.now()).toISOString(),
    };
    insertCheckpoint(tx, signed);
    return signed;
  });
  writeHead(home, { note: checkpoint.note, verifier_key: checkpoint.verifier_key });
  await keys.rememberHead(checkpoint.note);
  return checkpoint;
}

function continued(tx: WriteDb, last: StoredCheckpoint | null): CompactRange {
  let range = last === null ? EMPTY_RANGE : decodeEdge(last.size, last.edge);
  if (last && rootOf(range).toString('hex') !== last.root) {
    throw inconsistent('The last checkpoint of the audit log was changed.');
  }
  for (;;) {
    const leaves = leavesAfter(tx, range.size, CHUNK);
    for (const leaf of leaves) range = appendLeafHash(range, Buffer.from(leaf.leaf_sha256, 'hex'));
    if (leaves.length < CHUNK) return range;
  }
}

/** The head outside is written after the commit, so it is never ahead of the database but where that was put back. */
function refuseRolledBack(tx: WriteDb, home: string, last: StoredCheckpoint | null): void {
  const head = readHead(home);
  if (head === null || (head !== 'unreadable' && wasGivenUp(tx, head.note))) return;
  const signed = head === 'unreadable' ? null : openNote(head.note, head.verifier_key);
  if (signed === null) throw inconsistent('The file audit-head is not what Prompter wrote.');
  if (signed.size > (last?.size ?? -1)) {
    throw inconsistent(`${signed.size} entries were signed once, and the store knows nothing of that.`);
  }
}

function inconsistent(what: string): AppError {
  return new AppError('STORE_CORRUPT', `${what} Nothing was signed; "prompter audit verify" tells more.`);
}
