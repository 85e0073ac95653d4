import type { KeyVault } from '../ports';

const MESSAGE = 'Keys are kept in memory only and are lost when Prompter closes.';

/** Keeps secrets in memory, for machines without a keychain (PROMPTER_KEYCHAIN=session). */
export function createSessionKeyVault(): KeyVault {
  const secrets = new Map<string, string>();
  return {
    status: () => Promise.resolve({ mode: 'session', available: true, message: MESSAGE }),
    get: (ref) => Promise.resolve(secrets.get(ref) ?? null),
    set(ref, secret) {
      secrets.set(ref, secret);
      return Promise.resolve();
    },
    delete(ref) {
      secrets.delete(ref);
      return Promise.resolve();
    },
  };
}
