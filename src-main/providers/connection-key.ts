import { validationError } from '../../src-shared/domain';
import type { NewConnection, Provider } from '../../src-shared/domain';
import type { KeyVault } from '../ports';
import type { ConnectionRecord } from '../store';
import { usableKey } from './connection-lookup';

export function checkedSecret(input: NewConnection, provider: Provider): string | null {
  const secret = input.secret ?? null;
  const keyEnv = input.key_env ?? null;
  const baseUrl = input.base_url ?? null;
  if (secret !== null && keyEnv !== null) {
    throw validationError([{ path: 'key_env', message: 'give either a secret or key_env, not both' }]);
  }
  if (baseUrl === null && provider.base_url === null && !provider.simulated) {
    const message = `${provider.name} needs the address of your own resource, such as https://NAME.openai.azure.com/openai/v1`;
    throw validationError([{ path: 'base_url', message }]);
  }
  // A server of one's own may need none; the provider's own service does.
  if (secret === null && keyEnv === null && provider.needs_key && baseUrl === null) {
    const message = `${provider.name} needs a key: give it (secret, --key-stdin), or the name of the environment variable that holds it (key_env, --key-env)`;
    throw validationError([{ path: 'secret', message }]);
  }
  return secret === null ? null : validSecret(secret);
}

/** @throws VALIDATION_FAILED for what no header could carry */
export function validSecret(secret: string): string {
  const key = usableKey(secret);
  if (key !== null) return key;
  throw validationError([
    {
      path: 'secret',
      message: 'holds characters that no key has: copy it again, without spaces or line breaks',
    },
  ]);
}

/** Puts the secret where secrets go, and says where that is. */
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
