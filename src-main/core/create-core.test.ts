import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary';
import { createCore, resolveConfig } from '.';

test('a core that cannot be made leaves the store closed: the next start finds no crash', async () => {
  const env = { PROMPTER_HOME: join(temporaryFolder(), 'home'), PROMPTER_KEYCHAIN: 'session' };
  const options = { config: resolveConfig(env), appVersion: 'test', env };
  const unreadable = Object.defineProperty({ ...env }, 'KEY', {
    enumerable: true,
    get: () => {
      throw new Error('not readable today');
    },
  });
  await expect(createCore({ ...options, env: unreadable })).rejects.toThrow('not readable today');

  const core = await createCore(options);
  expect((await core.system.status()).store.checked_after_crash_at).toBeNull();
  await core.close();
});
