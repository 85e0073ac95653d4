import { AppError, validationError } from '../../src-shared/domain';
import type { NewConnection, Provider } from '../../src-shared/domain';
import type { KeyVault } from '../ports';
import type { ConnectionRecord } from '../store';
import { usableKey } from './connection-lookup';

export function checkedSecret(input: NewConnection, provider: Provider): string | null {
  const { secret = null, base_url = null } = input;
  checkKeyChoice(input);
  checkAddress(provider, { base_url, hasKey: secret !== null || (input.key_env ?? null) !== null });
  return secret === null ? null : validSecret(secret);
}

/** @throws VALIDATION_FAILED if a key is given in two ways */
export function checkKeyChoice(given: {
  readonly secret?: string | null | undefined;
  readonly key_env?: string | null | undefined;
}): void {
  if ((given.secret ?? null) === null || (given.key_env ?? null) === null) return;
  throw validationError([{ path: 'key_env', message: 'give either a secret or key_env, not both' }]);
}

/**
 * @throws VALIDATION_FAILED if a connection would have no address, or would use the provider's own service without a
 * key
 */
export function checkAddress(
  provider: Provider,
  { base_url, hasKey }: { readonly base_url: string | null; readonly hasKey: boolean },
): void {
  if (base_url !== null) return;
  if (provider.base_url === null && !provider.simulated) {
    const message = `${provider.name} needs the address of your own resource, such as https://NAME.openai.azure.com/openai/v1`;
    throw validationError([{ path: 'base_url', message }]);
  }
  // A self-hosted server may need no key; the provider's own service does.
  if (!hasKey && provider.needs_key) {
    const message = `${provider.name} needs a key: enter it (secret, --key-stdin), or name the environment variable that holds it (key_env, --key-env)`;
    throw validationError([{ path: 'secret', message }]);
  }
}

/** @throws VALIDATION_FAILED for characters that no header can carry */
export function validSecret(secret: string): string {
  const key = usableKey(secret);
  if (key !== null) return key;
  throw validationError([
    {
      path: 'secret',
      message: 'contains characters that no key has: copy it again, without spaces or line breaks',
    },
  ]);
}

/** Stores the secret and returns where it is. */
export async function storeKey(
  vault: KeyVault,
  connectionId: string,
  secret: string | null,
  keyEnv: string | null,
): Promise<Pick<ConnectionRecord, 'key_source' | 'key_ref' | 'key_env'>> {
  if (keyEnv !== null) return { key_source: 'env', key_ref: null, key_env: keyEnv };
  if (secret === null) return { key_source: 'none', key_ref: null, key_env: null };
  const keyRef = `connection:${connectionId}`;
  await vault.set(keyRef, secret);
  const { mode } = await vault.status();
  return { key_source: mode === 'os' ? 'keychain' : 'session', key_ref: keyRef, key_env: null };
}

/** The 409 for a name that another connection has. */
export function nameTaken(name: string): AppError {
  return new AppError('CONNECTION_NAME_TAKEN', `A connection named "${name}" already exists.`, {
    data: { name },
  });
}
