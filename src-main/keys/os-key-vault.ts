import { randomUUID } from 'node:crypto';
import type { AsyncEntry } from '@napi-rs/keyring';
import { AppError } from '../../src-shared/domain';
import type { KeyVault, KeyVaultStatus } from '../ports';

const SERVICE = 'Prompter';
/** A locked keychain may prompt the user first, but one that never answers must not hang the app. */
const KEYCHAIN_TIMEOUT_MS = 60_000;

/**
 * The operating system's keychain: macOS Keychain, Windows Credential Manager and, on Linux, only the Secret Service.
 * By default the library would fall back to the kernel keyring, which forgets everything at reboot.
 */
export function createOsKeyVault(): KeyVault {
  let check: Promise<KeyVaultStatus> | undefined;

  /** Reports keychain errors by kind only: their text could quote the secret. */
  const unavailable = async (): Promise<AppError> => {
    const status = await (check ?? Promise.resolve(NOT_AVAILABLE));
    const message = status.message ?? NOT_AVAILABLE.message;
    return new AppError('KEYCHAIN_UNAVAILABLE', message, { data: { hint: HINT } });
  };

  return {
    status() {
      check ??= probe();
      return check;
    },
    async get(ref) {
      try {
        return await (await entryOf(ref)).getPassword(AbortSignal.timeout(KEYCHAIN_TIMEOUT_MS));
      } catch {
        // Locked or missing: either way the secret is unavailable now.
        return null;
      }
    },
    async set(ref, secret) {
      try {
        await (await entryOf(ref)).setPassword(secret, AbortSignal.timeout(KEYCHAIN_TIMEOUT_MS));
      } catch {
        check = Promise.resolve(NOT_AVAILABLE);
        throw await unavailable();
      }
      check = Promise.resolve(AVAILABLE);
    },
    async delete(ref) {
      try {
        await (await entryOf(ref)).deletePassword(AbortSignal.timeout(KEYCHAIN_TIMEOUT_MS));
      } catch {
        throw await unavailable();
      }
    },
  };
}

const HINT =
  'Unlock the keychain, start Prompter with PROMPTER_KEYCHAIN=session to keep keys in memory until it closes, or let ' +
  'the connection read its key from an environment variable (--key-env on the command line).';

const AVAILABLE: KeyVaultStatus = { mode: 'os', available: true, message: null };
const NOT_AVAILABLE = {
  mode: 'os',
  available: false,
  message: `${whereKeysGo()} is not available, so keys cannot be stored. ${HINT}`,
} as const satisfies KeyVaultStatus;

function whereKeysGo(): string {
  switch (process.platform) {
    case 'darwin':
      return 'The macOS Keychain';
    case 'win32':
      return 'The Windows Credential Manager';
    default:
      return 'The Secret Service (GNOME Keyring, KWallet or another)';
  }
}

/** Loaded on first use: it is a native module, and a machine without its binary can still run session-only. */
async function entryOf(ref: string): Promise<AsyncEntry> {
  const keyring = await import('@napi-rs/keyring');
  return new keyring.AsyncEntry(SERVICE, ref, { linux: { store: 'secret-service' } });
}

/** Writes, reads and deletes a test entry, which exposes a keychain that only pretends to store. */
async function probe(): Promise<KeyVaultStatus> {
  const value = randomUUID();
  try {
    const entry = await entryOf('probe');
    await entry.setPassword(value, AbortSignal.timeout(KEYCHAIN_TIMEOUT_MS));
    const read = await entry.getPassword(AbortSignal.timeout(KEYCHAIN_TIMEOUT_MS));
    await entry.deletePassword(AbortSignal.timeout(KEYCHAIN_TIMEOUT_MS));
    return read === value ? AVAILABLE : NOT_AVAILABLE;
  } catch {
    return NOT_AVAILABLE;
  }
}
