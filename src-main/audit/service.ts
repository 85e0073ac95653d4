import { isAppError } from '../../src-shared/domain';
import type { Clock, Ids, KeyVault, Logger } from '../ports';
import { lastCheckpoint, lastLeafSeq, type Store, type StoredCheckpoint } from '../store';
import { adoptRecords } from './adopt';
import { signCheckpoint } from './checkpoints';
import { exportLog } from './export';
import { createAuditKeys, type Sealing } from './keys';
import type { AuditReport } from './report';
import { logRestore } from './restored';
import { verifyStore } from './verify-store';

export interface AuditDeps {
  readonly store: Store;
  readonly vault: KeyVault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly sealing: Sealing;
  readonly home: string;
}

export interface SignedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  readonly note: string;
  readonly verifier_key: string;
  /** Signed by a key that is gone when Prompter closes: there is no keychain, or not the pinned key in it. */
  readonly ephemeral: boolean;
  readonly created_at: string;
}

export interface Audit {
  /** Signs what the log holds now. @throws STORE_CORRUPT where it does not continue what was signed before */
  checkpoint(): Promise<SignedCheckpoint>;
  /** The log as a file's pieces, up to a checkpoint signed for it. */
  export(): Promise<{ lines: string[]; size: number }>;
  verify(onProgress?: (entries: number) => void): Promise<AuditReport>;
  /** Signs what came since the last checkpoint. */
  close(): Promise<void>;
}

/** A checkpoint after so many entries, so that what a crash leaves unsigned is bounded. */
const CHECKPOINT_EVERY = 1000;
/** A keychain that asks its user first must not keep the app from starting: until then records carry no HMAC. */
const KEYCHAIN_PATIENCE_MS = 2000;

/** The audit log over a store: its keys, checkpoints at intervals and at the end, export, verification. */
export async function createAudit(deps: AuditDeps): Promise<Audit> {
  const { store, logger } = deps;
  const keys = createAuditKeys(deps);
  const warn = (event: string) => (error: unknown) => logger.log('warn', event, { error: String(error) });
  const loading = keys.loadRecordKey().catch(warn('audit.no_record_key'));
  await Promise.race([loading, patience()]);
  const adopted = adoptRecords(store);
  if (adopted > 0) logger.log('info', 'audit.adopted', { entries: adopted });
  if (logRestore(store, deps.ids)) logger.log('warn', 'audit.restored');

  // One at a time, in the order asked for.
  let signing: Promise<unknown> = Promise.resolve();
  const sign = (): Promise<StoredCheckpoint> => {
    const next = signing.then(() => signCheckpoint({ ...deps, keys }));
    signing = next.catch(() => undefined);
    return next;
  };
  let signed = lastCheckpoint(store.read)?.size ?? 0;
  let scheduled = false;
  let closed = false;
  const unsubscribe = store.changes.subscribe(() => {
    if (scheduled || lastLeafSeq(store.read) - signed < CHECKPOINT_EVERY) return;
    scheduled = true;
    // Not in the turn of the commit that is being told of.
    setImmediate(() => {
      sign()
        .then(({ size }) => (signed = size))
        // Tried again after as many entries more, and told at the end.
        .catch((error: unknown) => {
          signed = lastLeafSeq(store.read);
          warn('audit.not_signed')(error);
        })
        .finally(() => (scheduled = false));
    });
  });

  const publicly = ({
    size,
    root,
    note,
    verifier_key,
    ephemeral,
    created_at,
  }: StoredCheckpoint): SignedCheckpoint => ({
    origin: keys.origin,
    size,
    root,
    note,
    verifier_key,
    ephemeral: ephemeral === 1,
    created_at,
  });

  return {
    checkpoint: async () => publicly(await sign()),
    async export() {
      const checkpoint = await sign();
      return { lines: exportLog(store, checkpoint, keys.origin), size: checkpoint.size };
    },
    verify: (onProgress) => verifyStore({ store, keys, home: deps.home }, onProgress),
    async close() {
      if (closed) return;
      closed = true;
      unsubscribe();
      await signing;
      if ((lastCheckpoint(store.read)?.size ?? 0) === lastLeafSeq(store.read)) return;
      try {
        await sign();
      } catch (error) {
        // What is wrong with the log is found by verifying; closing must go on.
        logger.log('error', 'audit.not_signed', { error: isAppError(error) ? error.message : String(error) });
      }
    },
  };
}

function patience(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, KEYCHAIN_PATIENCE_MS).unref();
  });
}
