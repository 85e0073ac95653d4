import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOsKeyVault, createSessionKeyVault } from './index';

describe('the session vault', () => {
  it('keeps secrets in memory and says that they do not last', async () => {
    const vault = createSessionKeyVault();
    await vault.set('a', 'sk-1');
    expect(await vault.get('a')).toBe('sk-1');
    expect(await createSessionKeyVault().get('a')).toBeNull();
    await vault.delete('a');
    expect(await vault.get('a')).toBeNull();
    expect(await vault.status()).toMatchObject({
      mode: 'session',
      available: true,
      message: expect.stringMatching(/memory/),
    });
  });
});

describe.runIf(process.platform === 'linux')('the keychain of a machine without a Secret Service', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is unavailable in plain words, never falls back to another store, and quotes no secret', async () => {
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent/bus');
    const vault = createOsKeyVault();
    expect(await vault.status()).toMatchObject({
      mode: 'os',
      available: false,
      message: expect.stringMatching(/PROMPTER_KEYCHAIN=session.*--key-env/s),
    });
    const canary = 'sk-canary-5f1e';
    const error: unknown = await vault.set('a', canary).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'KEYCHAIN_UNAVAILABLE',
      data: { hint: expect.stringContaining('session') },
    });
    expect(
      JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack),
    ).not.toContain(canary);
    expect(await vault.get('a')).toBeNull();
  });
});
