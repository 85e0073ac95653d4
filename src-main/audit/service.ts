import { isAppError, type LostLog } from '../../src-shared/domain';
import type { Clock, Ids, KeyVault, Logger, Service } from '../ports';
import { lastCheckpoint, lastLeafSeq, type LongReads, type Store, type StoredCheckpoint } from '../store';
import { adoptRecords } from './adopt';
import { signCheckpoint } from './checkpoints';
import { entryOf, listEntries, proveEntry } from './entries';
import { createExports } from './export-files';
import { createAuditKeys, type Sealing } from './keys';
import { readHead } from './head';
import { lostLog } from './lost-log';
import { logRestores } from './restored';
import { gatherTrustAnchors } from './trust-anchors';
import { trackUnsealed, type UnsealedSpan } from './unsealed';
import { verifyLog } from './verify-log';

export interface AuditDeps {
  readonly store: Store;
  readonly vault: KeyVault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly sealing: Sealing;
  readonly home: string;
  readonly longReads: LongReads;
}

/** The audit log's part of the API, and what the core needs of it. */
export interface Audit extends Omit<Service<'audit'>, 'verifier'> {
  /** The key that seals new records, and the stretches of the log without HMACs. */
  sealing(): { key_id: string | null; unsealed: UnsealedSpan[] };
  /** Signed entries that the store has lost, according to a head kept outside it. */
  lost(): LostLog | null;
  /** Signs the entries since the last checkpoint. */
  close(): Promise<void>;
}

/** Entries between checkpoints: limits what a crash leaves unsigned. */
const CHECKPOINT_EVERY = 1000;
/** A keychain that prompts the user must not delay startup; until it answers, records carry no HMAC. */
const KEYCHAIN_TIMEOUT_MS = 2000;

/** The audit log of a store: keys, periodic and final checkpoints, export, verification. */
export async function createAudit(deps: AuditDeps): Promise<Audit> {
  const { store, logger, sealing } = deps;
  const wasRestored = logRestores(store, deps.ids);
  if (wasRestored) logger.log('warn', 'audit.restored');
  const keys = createAuditKeys(deps);
  const warn = (event: string) => (error: unknown) => logger.log('warn', event, { error: String(error) });
  let closed = false;
  const unsealed = trackUnsealed(store, sealing);
  const loading = keys.loadRecordKey().catch(warn('audit.no_record_key'));
  await Promise.race([loading, keychainTimeout()]);
  unsealed.update();
  const adopted = adoptRecords(store);
  // A slow keychain: records are sealed once it answers.
  void loading.then(() => closed || unsealed.update()).catch(warn('audit.no_record_key'));
  if (adopted > 0) logger.log('info', 'audit.adopted', { entries: adopted });

  const lostByFile = (): LostLog | null => {
    const head = readHead(deps.home);
    return head === 'unreadable' ? null : lostLog(store.read, keys.origin, head, 'audit-head');
  };
  let lostByKeychain: LostLog | null = null;
  // Not awaited: the previous session's head in the keychain does not change meanwhile.
  const remembering = loading.then(async () => {
    const [{ kept }, { head }] = [await keys.verifierKeys(), await keys.remembered()];
    if (closed || kept === null || head === null) return;
    lostByKeychain = lostLog(store.read, keys.origin, { note: head, verifier_key: kept }, 'keychain');
  });
  void remembering.catch(warn('audit.no_head_in_keychain'));
  const lost = lostByFile();
  if (lost) logger.log('warn', 'audit.lost_log', { ...lost });

  let signing: Promise<unknown> = Promise.resolve();
  const serialize = <T>(work: () => Promise<T>): Promise<T> => {
    const next = signing.then(work);
    signing = next.catch(() => undefined);
    return next;
  };
  const sign = (): Promise<StoredCheckpoint> => serialize(() => signCheckpoint({ ...deps, keys }));
  const exports = createExports({
    ...deps,
    origin: keys.origin,
    sign: (size) => serialize(() => signCheckpoint({ ...deps, keys }, size)),
  });
  // Until the log is signed, the outside head is still the one that the restore gave up.
  if (wasRestored) sign().catch(warn('audit.not_signed'));
  let signed = lastCheckpoint(store.read)?.size ?? 0;
  let scheduled = false;
  const unsubscribe = store.changes.subscribe(() => {
    if (scheduled || lastLeafSeq(store.read) - signed < CHECKPOINT_EVERY) return;
    scheduled = true;
    // Deferred: this runs inside a commit's notification.
    setImmediate(() => {
      // Closing signs the rest.
      if (closed) return;
      sign()
        .then(({ size }) => (signed = size))
        // Retried after another CHECKPOINT_EVERY entries.
        .catch((error: unknown) => {
          if (!closed) signed = lastLeafSeq(store.read);
          warn('audit.not_signed')(error);
        })
        .finally(() => (scheduled = false));
    });
  });

  const toCheckpoint = ({ size, root, note, verifier_key, ephemeral, created_at }: StoredCheckpoint) => ({
    origin: keys.origin,
    size,
    root,
    note,
    verifier_key,
    ephemeral: ephemeral === 1,
    created_at,
  });

  return {
    checkpoint: async () => toCheckpoint(await sign()),
    export: () => exports.make(),
    async verify(options = {}) {
      // Before reading the log: it may grow, and a head newer than the entries read would look like truncation.
      const trust = await gatherTrustAnchors(store, keys, deps.home);
      return deps.longReads(verifyLog, trust, options);
    },
    list: (filter) => listEntries(deps, filter),
    entry: ({ seq }) =>
      entryOf(store.read, seq, (id) => (sealing.current()?.id === id ? sealing.current() : null)),
    proof: ({ seq }) => proveEntry(deps, seq),
    size: () => lastLeafSeq(store.read),
    lost: () => lostByFile() ?? lostByKeychain,
    sealing: () => ({ key_id: sealing.current()?.id ?? null, unsealed: unsealed.spans() }),
    async close() {
      if (closed) return;
      closed = true;
      unsubscribe();
      exports.clear();
      await signing;
      if ((lastCheckpoint(store.read)?.size ?? 0) === lastLeafSeq(store.read)) return;
      try {
        await sign();
      } catch (error) {
        // Verification reports what is wrong with the log; it must not prevent closing.
        logger.log('error', 'audit.not_signed', { error: isAppError(error) ? error.message : String(error) });
      }
    },
  };
}

function keychainTimeout(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, KEYCHAIN_TIMEOUT_MS).unref();
  });
}
