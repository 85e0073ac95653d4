import { AppError, timestampOf } from '../../src-shared/domain';
import type { Clock } from '../ports';
import {
  insertCheckpoint,
  lastCheckpoint,
  lastLeafSeq,
  leavesAfter,
  listRestores,
  type Store,
  type StoredCheckpoint,
  type WriteDb,
} from '../store';
import { readHead, writeHead } from './head';
import type { AuditKeys } from './keys';
import { isKnown } from './lost-log';
import { openNote, type Checkpoint } from './note';
import { logSpans, replacedBy, spanAt, wasGivenUp, type LogSpan } from './restored';
import {
  appendLeafHash,
  decodeEdge,
  EMPTY_RANGE,
  EMPTY_ROOT,
  encodeEdge,
  rootOf,
  type CompactRange,
} from './tree';

export interface CheckpointDeps {
  readonly store: Store;
  readonly keys: AuditKeys;
  readonly clock: Clock;
  readonly home: string;
}

const CHUNK = 1000;

/**
 * Signs the log's current size, or `upTo` entries, unless a checkpoint already covers it. Reads only the entries since
 * the previous checkpoint.
 * @throws STORE_CORRUPT if the log does not continue what was signed: such a log is never signed (RFC 9162)
 */
export async function signCheckpoint(deps: CheckpointDeps, upTo?: number): Promise<StoredCheckpoint> {
  const { store, keys, home } = deps;
  const { signer, ephemeral } = await keys.signing();
  const { stored, kept } = await keys.verifierKeys();
  const remembered = await keys.remembered();
  if (remembered.successor !== null) throw inconsistent(replacedBy(remembered.successor));
  let newest = false;
  const checkpoint = store.write((tx) => {
    assertNotRolledBack(tx, home, kept, remembered.head);
    const size = upTo ?? lastLeafSeq(tx);
    const last = lastCheckpoint(tx, size);
    newest = (lastCheckpoint(tx)?.size ?? -1) <= size;
    const signedBy = last && spanAt(logSpans(tx, keys.origin, kept ?? stored), last.size);
    if (signedBy) assertUnchanged(last, signedBy);
    if (last?.size === size) return last;
    const range = continued(tx, last, size);
    if (range.size !== size) throw inconsistent('An entry of the audit log is missing.');
    const root = rootOf(range);
    const signed: StoredCheckpoint = {
      size,
      root: root.toString('hex'),
      edge: encodeEdge(range),
      note: signer.sign({ origin: keys.origin, size, root }),
      verifier_key: signer.verifierKey,
      ephemeral: Number(ephemeral),
      created_at: timestampOf(deps.clock.now()),
    };
    // Written before the first checkpoint: a missing head beside one was therefore removed, however a process ended.
    if (readHead(home) === null) {
      const nothing = signer.sign({ origin: keys.origin, size: 0, root: EMPTY_ROOT });
      writeHead(home, { note: nothing, verifier_key: signer.verifierKey });
    }
    insertCheckpoint(tx, signed);
    return signed;
  });
  if (newest) {
    writeHead(home, { note: checkpoint.note, verifier_key: checkpoint.verifier_key });
    const restored = listRestores(store.read).at(-1);
    // Before the keychain gets the new log's first head: if it knows that log, it also knows which one it replaced.
    if (remembered.head === null && restored?.log === keys.origin && restored.previous_log !== null)
      await keys.recordReplaced(restored.previous_log);
    if (remembered.head !== checkpoint.note) await keys.rememberHead(checkpoint.note);
  }
  return checkpoint;
}

function continued(tx: WriteDb, last: StoredCheckpoint | null, size: number): CompactRange {
  let range = last === null ? EMPTY_RANGE : decodeEdge(last.size, last.edge);
  while (range.size < size) {
    const leaves = leavesAfter(tx, range.size, Math.min(CHUNK, size - range.size));
    for (const leaf of leaves) {
      if (leaf.seq !== range.size + 1)
        throw inconsistent(`Entry ${range.size + 1} of the audit log is missing.`);
      range = appendLeafHash(range, Buffer.from(leaf.leaf_sha256, 'hex'));
    }
    if (leaves.length === 0) return range;
  }
  return range;
}

/** A new checkpoint may only build on what was signed, by a key entitled to sign. */
function assertUnchanged(last: StoredCheckpoint, by: LogSpan): void {
  const signed = openNote(last.note, last.verifier_key);
  const root = edgeRoot(last);
  if (
    signed?.origin !== by.log ||
    signed.size !== last.size ||
    signed.root.toString('hex') !== root ||
    last.root !== root ||
    (last.ephemeral === 0 && last.verifier_key !== by.key)
  ) {
    throw inconsistent('The last checkpoint of the audit log was changed.');
  }
}

function edgeRoot({ size, edge }: StoredCheckpoint): string | null {
  try {
    return rootOf(decodeEdge(size, edge)).toString('hex');
  } catch {
    return null;
  }
}

/** @throws STORE_CORRUPT if an outside head names what the store has no record of, or its file cannot be read */
function assertNotRolledBack(
  tx: WriteDb,
  home: string,
  kept: string | null,
  remembered: string | null,
): void {
  const file = readHead(home);
  if (file === 'unreadable') throw inconsistent('The file audit-head is not what Prompter wrote.');
  const heads: (Checkpoint | null)[] = [];
  if (file !== null && !wasGivenUp(tx, file.note)) {
    const signed = openNote(file.note, file.verifier_key);
    if (signed === null) throw inconsistent('The file audit-head is not what Prompter wrote.');
    heads.push(signed);
  }
  if (remembered !== null && kept !== null && !wasGivenUp(tx, remembered))
    heads.push(openNote(remembered, kept));
  for (const signed of heads) {
    if (signed !== null && !isKnown(tx, signed)) {
      throw inconsistent(
        `A checkpoint of ${signed.size} entries was signed, but the store has no record of it.`,
      );
    }
  }
}

function inconsistent(what: string): AppError {
  return new AppError('STORE_CORRUPT', `${what} Nothing was signed. For details, run: prompter audit verify`);
}
