import { randomBytes } from 'node:crypto';
import type { Ids, KeyVault } from '../ports';
import {
  deleteSetting,
  getSetting,
  LOG_NAME,
  putSetting,
  type RecordKey,
  type Store,
  type WriteDb,
} from '../store';
import { newSigningKey, noteSigner, type NoteSigner } from './note';

/** The key that new records are sealed with, known to the store before the keychain has answered. */
export interface Sealing {
  current(): RecordKey | null;
  use(key: RecordKey): void;
}

export function createSealing(): Sealing {
  let key: RecordKey | null = null;
  return {
    current: () => key,
    use(next) {
      key = next;
    },
  };
}

export interface Signing {
  readonly signer: NoteSigner;
  /** The key lives in this process only: there is no keychain, or the pinned key is not in it any more. */
  readonly ephemeral: boolean;
}

export interface AuditKeys {
  /** The log's name: made once, and anew by a restore. */
  readonly origin: string;
  /** The verifier key as the store names it, and as the keychain's own signing key has it; null where there is none. */
  verifierKeys(): Promise<{ stored: string | null; kept: string | null }>;
  /** Loads or makes the key of `record_hmac`; nothing where there is no lasting keychain. */
  loadRecordKey(): Promise<void>;
  signing(): Promise<Signing>;
  /** All keys that records were ever sealed with and that are still at hand. */
  recordKeys(): Promise<ReadonlyMap<string, RecordKey>>;
  /** The head as the keychain remembers it, and the log that a restore put in the place of this one. */
  remembered(): Promise<{ head: string | null; successor: string | null }>;
  rememberHead(note: string): Promise<void>;
  /** This log took the place of the other: whoever puts that one back by hand is found out. */
  rememberReplaced(log: string): Promise<void>;
}

const VERIFIER_KEY = 'audit.verifier_key';
/** Ids of all record keys, the one in use last, separated by spaces. */
const RECORD_KEY_IDS = 'audit.record_key_ids';

/** The name of this store's log, made once and kept until a restore begins another. */
export function logOrigin(store: Store, ids: Ids): string {
  return getSetting(store.read, LOG_NAME) ?? store.write((tx) => nameLog(tx, ids));
}

/** Begins a log with a name of its own, which no key is pinned for yet. @returns the name */
export function nameLog(tx: WriteDb, ids: Ids): string {
  const origin = `prompter.local/${ids.uuid()}`;
  putSetting(tx, LOG_NAME, origin);
  deleteSetting(tx, VERIFIER_KEY);
  return origin;
}

/** The key that the log's heads are signed by, as the store names it. */
export function storedKey(db: Store['read']): string | null {
  return getSetting(db, VERIFIER_KEY);
}

export function createAuditKeys(deps: {
  store: Store;
  vault: KeyVault;
  ids: Ids;
  sealing: Sealing;
}): AuditKeys {
  const { store, vault, ids, sealing } = deps;
  const setting = (key: string): string | null => getSetting(store.read, key);
  const remember = (key: string, value: string): string => {
    store.write((tx) => putSetting(tx, key, value));
    return value;
  };
  const origin = logOrigin(store, ids);
  const recordKeyIds = (): string[] => setting(RECORD_KEY_IDS)?.split(' ') ?? [];
  const signingRef = `audit-signing:${origin}`;
  const headRef = `audit-head:${origin}`;
  let signing: Promise<Signing> | undefined;

  /** A keychain that forgets at the end of the process would leave records that nobody can check. */
  const lasting = async (): Promise<boolean> => {
    const status = await vault.status();
    return status.mode === 'os' && status.available;
  };

  const loadSigning = async (): Promise<Signing> => {
    const temporary = (): Signing => ({ signer: noteSigner(origin, newSigningKey()), ephemeral: true });
    if (!(await lasting())) return temporary();
    const known = await vault.get(signingRef);
    const pinned = storedKey(store.read);
    if (known === null) {
      // Pinned, but gone: a new key in its place would be what somebody else could make as well.
      if (pinned !== null) return temporary();
      const secret = newSigningKey();
      await vault.set(signingRef, secret);
      const signer = noteSigner(origin, secret);
      remember(VERIFIER_KEY, signer.verifierKey);
      return { signer, ephemeral: false };
    }
    const signer = noteSigner(origin, known);
    if (pinned === null) remember(VERIFIER_KEY, signer.verifierKey);
    return pinned === null || pinned === signer.verifierKey ? { signer, ephemeral: false } : temporary();
  };

  const recordKey = async (id: string): Promise<RecordKey | null> => {
    const secret = await vault.get(recordKeyRef(id));
    return secret === null ? null : { id, key: Buffer.from(secret, 'base64') };
  };

  return {
    origin,
    async verifierKeys() {
      const secret = (await lasting()) ? await vault.get(signingRef) : null;
      return {
        stored: storedKey(store.read),
        kept: secret === null ? null : noteSigner(origin, secret).verifierKey,
      };
    },
    async loadRecordKey() {
      if (!(await lasting())) return;
      const last = recordKeyIds().at(-1);
      const known = last === undefined ? null : await recordKey(last);
      if (known) {
        sealing.use(known);
        return;
      }
      // Records under a key that is gone stay unverifiable; new ones get a new key under a new id.
      const made = { id: randomBytes(6).toString('hex'), key: randomBytes(32) };
      await vault.set(recordKeyRef(made.id), made.key.toString('base64'));
      remember(RECORD_KEY_IDS, [...recordKeyIds(), made.id].join(' '));
      sealing.use(made);
    },
    signing() {
      // A keychain that refuses once may open later.
      signing ??= loadSigning().catch((error: unknown) => {
        signing = undefined;
        throw error;
      });
      return signing;
    },
    async recordKeys() {
      const keys = await Promise.all(recordKeyIds().map(recordKey));
      return new Map(keys.flatMap((key) => (key ? [[key.id, key] as const] : [])));
    },
    async remembered() {
      if (!(await lasting())) return { head: null, successor: null };
      return { head: await vault.get(headRef), successor: await vault.get(successorRef(origin)) };
    },
    async rememberHead(note) {
      if (await lasting()) await vault.set(headRef, note);
    },
    async rememberReplaced(log) {
      if (await lasting()) await vault.set(successorRef(log), origin);
    },
  };
}

function recordKeyRef(id: string): string {
  return `record-hmac:${id}`;
}

function successorRef(log: string): string {
  return `audit-successor:${log}`;
}
