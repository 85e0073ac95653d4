import { describe, expect, it } from 'vitest';
import { createOsKeyVault } from './index';

describe('the operating system keychain', () => {
  it('is available, by a real check', async () => {
    expect(await createOsKeyVault().status()).toEqual({ mode: 'os', available: true, message: null });
  });

  it('keeps, replaces and deletes a secret across vaults', async () => {
    const vault = createOsKeyVault();
    await vault.set('test:one', 'sk-ünïcode-1');
    expect(await createOsKeyVault().get('test:one')).toBe('sk-ünïcode-1');
    await vault.set('test:one', 'sk-2');
    expect(await vault.get('test:one')).toBe('sk-2');
    await vault.delete('test:one');
    expect(await vault.get('test:one')).toBeNull();
    await vault.delete('test:one');
  });

  it('knows nothing under a reference that was never set, and leaves no probe behind', async () => {
    const vault = createOsKeyVault();
    await vault.status();
    expect(await vault.get('probe')).toBeNull();
    expect(await vault.get('test:never')).toBeNull();
  });
});
