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

/** Holds the key that seals new records: the store is opened with this before the keychain has answered. */
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
  /** The key exists only in this process: there is no keychain, or it no longer holds the pinned key. */
  readonly ephemeral: boolean;
}

export interface AuditKeys {
  /** The log's name: generated once, and again on a restore. */
  readonly origin: string;
  /** The verifier key in the store, and that of the keychain's signing key; null if there is none. */
  verifierKeys(): Promise<{ stored: string | null; kept: string | null }>;
  /** Loads or generates the `record_hmac` key; does nothing without a persistent keychain. */
  loadRecordKey(): Promise<void>;
  signing(): Promise<Signing>;
  /** Every record key ever used that is still available. */
  recordKeys(): Promise<ReadonlyMap<string, RecordKey>>;
  /** The head kept in the keychain, and the log that replaced this one in a restore. */
  remembered(): Promise<{ head: string | null; successor: string | null }>;
  rememberHead(note: string): Promise<void>;
  /** Records that this log replaced another, which exposes anybody who puts that one back by hand. */
  recordReplaced(log: string): Promise<void>;
}

const VERIFIER_KEY = 'audit.verifier_key';
/** All record key ids, the current one last, separated by spaces. */
const RECORD_KEY_IDS = 'audit.record_key_ids';

/** The name of this store's log, generated once and kept until a restore. */
export function logOrigin(store: Store, ids: Ids): string {
  return getSetting(store.read, LOG_NAME) ?? store.write((tx) => nameLog(tx, ids));
}

/** Gives the log a new name, for which no key is pinned yet. @returns the name */
export function nameLog(tx: WriteDb, ids: Ids): string {
  const origin = `prompter.local/${ids.uuid()}`;
  putSetting(tx, LOG_NAME, origin);
  deleteSetting(tx, VERIFIER_KEY);
  return origin;
}

/** The key that signs the log's heads, according to the store. */
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

  /** A keychain that is emptied when the process ends would leave records that nobody can verify. */
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
      // Pinned but gone. An attacker could make a new key as well, so a replacement would prove nothing.
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
      // Records under a lost key stay unverifiable; new ones get a new key under a new id.
      const made = { id: randomBytes(6).toString('hex'), key: randomBytes(32) };
      await vault.set(recordKeyRef(made.id), made.key.toString('base64'));
      remember(RECORD_KEY_IDS, [...recordKeyIds(), made.id].join(' '));
      sealing.use(made);
    },
    signing() {
      // Not cached on failure: the keychain may be unlocked later.
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
    async recordReplaced(log) {
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
